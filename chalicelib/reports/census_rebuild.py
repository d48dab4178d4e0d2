"""RECENSUS: makes the counts of participants anew from the participants themselves, while changes go on.

It counts into another set of rows, a generation, and when that is whole it is told in the place of the old one. While
it is being made, and for as long as the stream can hand out changes from before, the set is guarded: each participant
is taken in as a whole, once, at a version that is kept beside; changes up to it are in there already, later ones are
added. Whoever comes first takes them in as they are now: this walk over the roll, or a change of theirs.
``docs/decisions/0044-census.md`` says why that is exact.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from chalicelib.participants.roll import Roll
from chalicelib.platform.clock import Clock, epoch
from chalicelib.platform.observe import logger
from chalicelib.platform.once import REMEMBERED, count_once
from chalicelib.reports.census import KEPT
from chalicelib.reports.census_model import Generations, counted_in, difference
from chalicelib.reports.census_store import CensusStore
from chalicelib.reports.model import NATION

PAGE = 500
AT_ONCE = timedelta(minutes=12)  # of a function that is given 15
TOO_OLD = KEPT / 2


@dataclass(frozen=True)
class Recensus:
    roll: Roll
    store: CensusStore
    clock: Clock
    page: int = PAGE

    def run(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """Go on where the last call stopped, or begin. To be called until it is ``done``.

        Returns:
            ``done``, ``counted`` people by this call, and when done in how many rows something else was told before,
            ``corrected``: changes that were on their way just then among them.
        """
        until = self.clock.now() + AT_ONCE
        counted, generations = 0, self.begin()
        before = generations.told
        while generations.making is not None:
            if self.clock.now() >= until:
                return {"done": False, "counted": counted, "corrected": 0}
            people, generations = self.step(generations)
            counted += people
        corrected = self._differing(before, generations.told)
        logger.info("recensus.done", counted=counted, corrected=corrected)
        return {"done": True, "counted": counted, "corrected": corrected}

    def begin(self) -> Generations:
        """The generation that is being made; a new one where there is none, or it is too old to go on with."""
        before = self.store.generations()
        now = epoch(self.clock.now())
        if before.making is not None and now < before.began + TOO_OLD.total_seconds():
            return before
        for partition in (*self.store.people(NATION, before.told), NATION):
            self.store.drop_before(partition, before.told)
        number = max(before.told, before.making or 0) + 1
        return self.store.move(before, replace(before, making=number, began=now, cursor=None))

    def step(self, generations: Generations) -> tuple[int, Generations]:
        """Take in one page; behind the last, tell what was made.

        Raises:
            Overtaken: another call does it too.
        """
        making = generations.making
        assert making is not None
        people, cursor = self.roll.page(generations.cursor, self.page)
        since = self.store.taken_in(making, (person.id for person in people))
        missing = {person.id: person for person in people if person.id not in since}
        ttl = epoch(self.clock.now() + KEPT)
        count_once(
            [(name, counted_in(person)) for name, person in missing.items()],
            lambda ids, sums: self.store.take_in(making, {name: missing[name].version for name in ids}, sums, ttl),
        )
        if cursor is not None:
            return len(missing), self.store.move(generations, replace(generations, cursor=cursor))
        guarded_until = epoch(self.clock.now() + REMEMBERED)
        told = replace(generations, told=making, guarded_until=guarded_until, making=None, began=0, cursor=None)
        return len(missing), self.store.move(generations, told)

    def _differing(self, one: int, other: int) -> int:
        municipalities = {*self.store.people(NATION, one), *self.store.people(NATION, other)}
        return sum(
            len(difference(self.store.people(partition, other), self.store.people(partition, one)))
            for partition in (*sorted(municipalities), NATION)
        )
