"""Places that lie in another area than they did, since boundaries changed: found anew from their point."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from chalicelib.participants.changes import changing
from chalicelib.participants.insist import insist
from chalicelib.participants.model import Place
from chalicelib.participants.place_finder import Locator
from chalicelib.participants.roll import Roll
from chalicelib.participants.store import ParticipantStore
from chalicelib.platform.clock import Clock
from chalicelib.platform.errors import NotFound


@dataclass(frozen=True)
class Relocation:
    roll: Roll
    participants: ParticipantStore
    areas: Locator
    clock: Clock

    def page(self, after: str | None, size: int, changed: Callable[[str], bool]) -> tuple[int, str | None]:
        """At most so many participants; those with a place in an area that ``changed``, by its code, are looked at.

        Again changes nothing. An alert that was approved before still finds them as they were.

        Returns:
            How many were moved, and where the next page begins; None behind the last.
        """
        people, cursor = self.roll.page(after, size)
        concerned = [person.id for person in people if any(changed(area) for area, _ in person.places)]
        return sum(insist(partial(self._move, name)) for name in concerned), cursor

    def _move(self, participant: str) -> bool:
        try:
            before = self.participants.get(participant)
        except NotFound:
            return False
        after = replace(before, places=tuple(map(self._located, before.places)))
        if after == before:
            return False
        self.participants.commit([changing(before, after, self.clock.now())])
        return True

    def _located(self, place: Place) -> Place:
        location = self.areas.locate(place.point)
        return replace(place, area=location.smallest, municipality=location.municipality) if location else place
