"""REACH: whom an alert over an area would ask now. Nothing is written and nobody is asked.

The places are read, and the matcher's own rule says who counts, up to 50,000 people; beyond that it is estimated.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from chalicelib.alerts.content import Occasion
from chalicelib.alerts.reach import Group, Reach
from chalicelib.alerts.text import Language
from chalicelib.areas.model import Shape
from chalicelib.channels.model import Channel
from chalicelib.channels.prices import country_of
from chalicelib.delivery.model import Person, Reason
from chalicelib.delivery.question import Question, answers, question, verdict
from chalicelib.delivery.survey import Ground, survey
from chalicelib.delivery.week import Week
from chalicelib.participants.cells import CellStore
from chalicelib.participants.places import PlaceStore
from chalicelib.platform.clock import Clock

EXACT_UP_TO = 50_000  # people
SAMPLE_ROWS = 250  # places read from each beginning
DOUBT = 1.1  # an estimate of up to so many times that is not believed: it is read


@dataclass(frozen=True)
class Reacher:
    places: PlaceStore
    cells: CellStore
    clock: Clock
    week: Week
    exact_up_to: int = EXACT_UP_TO

    def reach(self, shape: Shape, channels: Sequence[Channel], occasion: Occasion) -> Reach:
        """Exact where at most ``exact_up_to`` people would be asked, else an estimate."""
        now = self.clock.now()
        cap = self.week.cap(occasion, now)
        asked = question(shape, channels, occasion, now, cap.most, self.week.before(cap))
        ground = survey(shape, self.cells)
        if ground.most > self.exact_up_to:
            estimate = self._estimate(ground, asked)
            if estimate.people > self.exact_up_to * DOUBT:
                return estimate
        exact = self._exact(ground, asked)
        if exact.exact:
            return exact
        # The counts said less, and more were found: whoever reads this must not think of fewer.
        estimate = self._estimate(ground, asked)
        return replace(estimate, people=max(estimate.people, exact.people))

    def _exact(self, ground: Ground, asked: Question) -> Reach:
        """Not ``exact``: there are more; it stopped there."""
        people = 0
        areas: Counter[str] = Counter()
        messages: Counter[Group] = Counter()
        for person in answers(asked, ground.ranges(), self.places):
            if isinstance(person, Reason):
                continue
            people += 1
            if people > self.exact_up_to:
                return Reach(False, people, areas, messages)
            areas[person.area] += 1
            messages.update(_groups(person))
        return Reach(True, people, areas, messages)

    def _estimate(self, ground: Ground, asked: Question) -> Reach:
        """Of people's first places and of their others, a sample says how many make somebody asked."""
        sample = self._sample(ground, asked)
        by_area: dict[str, float] = {}
        for part in ground.parts():
            people = part.first * sample.first.share + part.other * sample.other.share
            by_area[part.key.area] = by_area.get(part.key.area, 0.0) + people
        total = sum(by_area.values())
        return Reach(
            exact=False,
            people=round(total),
            areas={code: round(number) for code, number in by_area.items()},
            messages={group: round(total * n / sample.asked) for group, n in sample.messages.items()},
        )

    def _sample(self, ground: Ground, asked: Question) -> "_Sample":
        sample = _Sample()
        for key_range in ground.samples():
            for row in self.places.within(key_range, SAMPLE_ROWS):
                inside = key_range.interior or ground.shape.contains(row.point)
                if inside and row.valid_at(asked.moment_ms) and not row.canary:
                    sample.add(verdict(row, asked), first=row.first)
        return sample


@dataclass
class _Seen:
    """Places inside that were looked at, and how many of them make somebody asked."""

    places: int = 0
    asked: int = 0

    @property
    def share(self) -> float:
        return self.asked / self.places if self.places else 0.0


@dataclass
class _Sample:
    """``first``: people's first places; ``other``: places of those who live elsewhere too."""

    first: _Seen = field(default_factory=_Seen)
    other: _Seen = field(default_factory=_Seen)
    messages: Counter[Group] = field(default_factory=Counter)

    @property
    def asked(self) -> int:
        return self.first.asked + self.other.asked

    def add(self, answer: Person | Reason | None, *, first: bool) -> None:
        """``answer``: what the place decides."""
        seen = self.first if first else self.other
        seen.places += 1
        if isinstance(answer, Person):
            seen.asked += 1
            self.messages.update(_groups(answer))


def _groups(person: Person) -> Iterator[Group]:
    language = Language(person.language)
    for channel, contact in person.contacts.items():
        yield Group(channel, language, country_of(contact))
