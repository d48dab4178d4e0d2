"""REACH: whom an alert over an area would ask now. Nothing is written and nobody is asked.

The places are read, and the matcher's own rule says who counts, up to 50,000 people; beyond that it is estimated.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from chalicelib.alerts.reach import Group, Reach
from chalicelib.alerts.text import Language
from chalicelib.areas.model import Shape
from chalicelib.channels.model import Channel
from chalicelib.channels.prices import country_of
from chalicelib.delivery.match import asked_at, counts, person_at
from chalicelib.delivery.model import Person
from chalicelib.delivery.survey import Ground, survey
from chalicelib.participants.cells import CellStore
from chalicelib.participants.places import PlaceStore
from chalicelib.platform.clock import Clock, epoch_ms

EXACT_UP_TO = 50_000  # people
SAMPLE_ROWS = 250  # places read from each beginning
DOUBT = 1.1  # an estimate of up to so many times that is not believed: it is read


@dataclass(frozen=True)
class Reacher:
    places: PlaceStore
    cells: CellStore
    clock: Clock
    exact_up_to: int = EXACT_UP_TO

    def reach(self, shape: Shape, channels: Sequence[Channel]) -> Reach:
        """Exact where at most ``exact_up_to`` people would be asked, else an estimate."""
        ground = survey(shape, self.cells)
        if ground.most > self.exact_up_to:
            estimate = self._estimate(ground, channels)
            if estimate.people > self.exact_up_to * DOUBT:
                return estimate
        exact = self._exact(ground, channels)
        if exact.exact:
            return exact
        # The counts said less, and more were found: whoever reads this must not think of fewer.
        estimate = self._estimate(ground, channels)
        return replace(estimate, people=max(estimate.people, exact.people))

    def _exact(self, ground: Ground, channels: Sequence[Channel]) -> Reach:
        """Not ``exact``: there are more; it stopped there."""
        people = 0
        areas: Counter[str] = Counter()
        messages: Counter[Group] = Counter()
        for person in asked_at(self._now(), ground.shape, channels, ground.ranges(), self.places):
            people += 1
            if people > self.exact_up_to:
                return Reach(False, people, areas, messages)
            areas[person.area] += 1
            messages.update(_groups(person))
        return Reach(True, people, areas, messages)

    def _estimate(self, ground: Ground, channels: Sequence[Channel]) -> Reach:
        """Everybody whose first place lies inside counts; of the other places a sample says how many do."""
        sample = self._sample(ground, channels)
        share = sample.counted_others / sample.others if sample.others else 1.0
        reachable = sample.reachable / sample.people if sample.people else 0.0

        def people(first: float, other: float) -> float:
            return (first + other * share) * reachable

        by_area: dict[str, float] = {}
        for part in ground.parts():
            by_area[part.key.area] = by_area.get(part.key.area, 0.0) + people(part.first, part.other)
        total = sum(by_area.values())
        return Reach(
            exact=False,
            people=round(total),
            areas={code: round(number) for code, number in by_area.items()},
            messages={group: round(total * n / sample.reachable) for group, n in sample.messages.items()},
        )

    def _sample(self, ground: Ground, channels: Sequence[Channel]) -> "_Sample":
        now = self._now()
        sample = _Sample()
        for key_range in ground.samples():
            for row in self.places.within(key_range, SAMPLE_ROWS):
                inside = key_range.interior or ground.shape.contains(row.point)
                if inside and row.valid_at(now):
                    asked = counts(row, ground.shape, now, interior=True)
                    sample.add(person_at(row, channels) if asked else None, first=row.first)
        return sample

    def _now(self) -> int:
        return epoch_ms(self.clock.now())


@dataclass
class _Sample:
    """Places inside that were looked at. ``people``: those by which somebody is asked, if they have a channel."""

    others: int = 0
    counted_others: int = 0
    people: int = 0
    reachable: int = 0
    messages: Counter[Group] = field(default_factory=Counter)

    def add(self, person: Person | None, *, first: bool) -> None:
        """``person``: whom the place makes asked; None where an earlier place of theirs does."""
        self.others += not first
        if person:
            self.counted_others += not first
            self.people += 1
            self.reachable += bool(person.contacts)
            self.messages.update(_groups(person))


def _groups(person: Person) -> Iterator[Group]:
    language = Language(person.language)
    for channel, contact in person.contacts.items():
        yield Group(channel, language, country_of(contact))
