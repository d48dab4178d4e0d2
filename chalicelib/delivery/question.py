"""Whom an alert asks, and who would rather not be asked now: one rule, for those who match and those who preview.

A place decides for its participant, and each row knows all places of its participant, so every row is judged by itself
and nobody is asked or counted twice:

- the first place in the area that is open at that hour makes its participant asked;
- where none of them is open, the first in the area counts them as suppressed.

A canary is asked by what is for canaries, and by nothing else; it is not even counted.

It is judged by the moment of the approval and by what was planned, not by when somebody looks: a repeat says the same.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache
from itertools import chain, repeat

from chalicelib.alerts.cap import Status
from chalicelib.alerts.content import Audience, Category, Kind, Occasion
from chalicelib.alerts.model import Alert
from chalicelib.alerts.target import Target
from chalicelib.areas.cover import KeyRange
from chalicelib.areas.edges import Where
from chalicelib.areas.model import Shape, shape_from_json
from chalicelib.areas.rings import Ring
from chalicelib.channels.model import Channel
from chalicelib.delivery.model import Person, Reason
from chalicelib.participants.model import Participant
from chalicelib.participants.place_rows import (
    BOTH,
    EMAIL,
    FROM,
    KEY_CHARACTERS,
    LANGUAGE,
    LETTERS,
    NEIGHBOURHOOD,
    PHONE,
    PUSH,
    VOICE,
    WISHES,
    FoundPlace,
    texts,
)
from chalicelib.participants.places import AFTER_ALL, PlaceStore
from chalicelib.participants.wishes import Topic, Wishes, minute_of_week, read_wishes
from chalicelib.platform.clock import epoch_ms

# The channels for which a place's contact was given, by its letter.
CHANNELS: Mapping[str, tuple[Channel, ...]] = {
    PHONE: (Channel.SMS,),
    VOICE: (Channel.VOICE,),
    BOTH: (Channel.SMS, Channel.VOICE),
    EMAIL: (Channel.EMAIL,),
    PUSH: (Channel.PUSH,),
}
NO_WISHES = Wishes()
FIRST = "#0."  # in the key of a first place
WHO_AT = KEY_CHARACTERS + 1


class Takes(dict[str, tuple[tuple[Channel, int], ...]]):
    """By the letters of a place's contacts: which of an alert's channels they serve, and where in the line each is.

    Made once for each of the few combinations that there are.
    """

    def __init__(self, channels: Iterable[Channel]) -> None:
        super().__init__()
        self.channels = frozenset(channels)

    def __missing__(self, letters: str) -> tuple[tuple[Channel, int], ...]:
        self[letters] = served = tuple(
            (channel, number)
            for letter, number in texts(letters)
            for channel in CHANNELS.get(letter, ())
            if channel in self.channels
        )
        return served


@dataclass(frozen=True)
class Question:
    """An alert, as far as it decides who is asked.

    ``moment_ms``: epoch; ``minute``: of the week, the same moment. ``topic`` None: nobody can decline it.
    ``most``: how often somebody is asked in a week, 0 for no end to it. ``before``: of that week, what came before.
    ``canaries``: it is for them alone.
    """

    shape: Shape
    channels: tuple[Channel, ...]
    moment_ms: int
    minute: int
    topic: Topic | None = None
    exercise: bool = False
    overrides: bool = False
    most: int = 0
    before: tuple["Question", ...] = ()
    canaries: bool = False

    @cached_property
    def takes(self) -> Takes:
        return Takes(self.channels)

    @cached_property
    def special(self) -> bool:
        """Whether even those without wishes need another look."""
        return self.exercise or self.capped or self.canaries

    @cached_property
    def capped(self) -> bool:
        """Whether somebody may have been asked often enough this week."""
        return bool(self.most) and not self.overrides and len(self.before) >= self.most


def takes_part(status: Status, participant: Participant) -> bool:
    """Whether somebody may still hear of an alert of this status: who withdrew hears no more of an exercise."""
    return status is Status.ACTUAL or participant.exercises


def topic_of(kind: Kind, category: Category | None) -> Topic | None:
    """What somebody would have declined: urgent alerts by category, all else by kind."""
    if kind is not Kind.ALERT:
        return Topic(kind.value)
    return None if category in (None, Category.MISSING_CHILD) else Topic(category.value)


def question(
    shape: Shape,
    channels: Iterable[Channel],
    occasion: Occasion,
    moment: datetime,
    most: int = 0,
    before: Iterable[Alert] = (),
) -> Question:
    """What an alert approved at ``moment`` asks. ``before``: approved alerts."""
    return Question(
        shape=shape,
        channels=tuple(channels),
        moment_ms=epoch_ms(moment),
        minute=minute_of_week(moment),
        topic=topic_of(occasion.kind, occasion.category),
        exercise=occasion.status is not Status.ACTUAL,
        overrides=occasion.overrides,
        most=most,
        before=tuple(map(asked_by, before)),
        canaries=occasion.audience is Audience.CANARIES,
    )


def asked_by(alert: Alert, most: int = 0, before: Iterable[Alert] = ()) -> Question:
    """The question of an approved alert."""
    assert alert.approved_at is not None
    shape = _shape(alert.content.target)
    return question(shape, alert.channels, alert.content.occasion, alert.approved_at, most, before)


@lru_cache(maxsize=64)
def _shape(target: Target) -> Shape:
    """Unpacked and indexed once for all units of an alert that this container matches."""
    return shape_from_json(target.shape)


def answers(
    asked: Question,
    ranges: Iterable[KeyRange],
    places: PlaceStore,
    ring: Ring | None = None,
    changed: Callable[[Person], Person] | None = None,
) -> Iterator[Person | Reason]:
    """Everybody of some key ranges, once: who is asked, or why somebody is not; in the order of the ranges.

    In a ring: those whose place that decides lies in it. ``changed``: turns whoever has changed something since the
    approval into who they are now.
    """
    sifted = chain.from_iterable(_sifted(places.within(key_range), key_range) for key_range in ranges)
    for row, answer in _decided(sifted, asked):
        if ring is not None and not ring.contains(row.point):
            continue
        if changed and row.valid_until_ms is not None and isinstance(answer, Person):
            now = changed(answer)
            if now.contacts:
                yield now
            continue
        yield answer


def _sifted(rows: Iterable[FoundPlace], key_range: KeyRange) -> Iterable[tuple[FoundPlace, bool]]:
    """The rows but those whose cell lies outside, each with whether its cell lies wholly inside."""
    return _by_stretch(rows, key_range) if key_range.marks else zip(rows, repeat(key_range.interior))


def _by_stretch(rows: Iterable[FoundPlace], key_range: KeyRange) -> Iterator[tuple[FoundPlace, bool]]:
    stretches = list(key_range.stretches())
    ends = [end + AFTER_ALL for end, _ in stretches]
    low, high, outside, inside = "", "", True, False
    for row in rows:
        key = row.k.text
        if not low < key <= high:
            number = bisect_left(ends, key)
            low, high, where = ends[number - 1] if number else "", ends[number], stretches[number][1]
            outside, inside = where is Where.OUTSIDE, where is Where.INSIDE
        if not outside:
            yield row, inside


def verdict(row: FoundPlace, asked: Question) -> Person | Reason | None:
    """What a place that lies inside decides. None: nothing, or its participant has none of the alert's channels."""
    return next((answer for _, answer in _decided([(row, True)], asked)), None)


def _decided(rows: Iterable[tuple[FoundPlace, bool]], asked: Question) -> Iterator[tuple[FoundPlace, Person | Reason]]:
    """The rows that decide, and what. Each comes with whether it is known to lie inside.

    This is the inside of matching: a nation has millions of rows. So what most of them need is written out, and
    nothing is looked up before it is needed.
    """
    moment_ms, special, takes, contains = asked.moment_ms, asked.special, asked.takes, asked.shape.contains
    for row, interior in rows:
        key, parts = row.k.text, row.d.text.split(" ")
        if int(parts[FROM]) > moment_ms or (row.u and int(row.u.digits) <= moment_ms):
            continue
        if not interior and not contains(row.position()):
            continue
        letters, why = parts[LETTERS], None
        if special or letters[-1:] == WISHES:
            decides, why = _judged(row, asked, letters, parts[-1])
            if not decides:
                continue
        elif FIRST not in key and any(map(contains, row.positions_before())):
            continue
        chosen = takes[letters]
        if not chosen:
            continue
        if why:
            yield row, why
            continue
        who = key[WHO_AT : key.index("#", WHO_AT)]  # by whom, too, the devices are found where a push message is sent
        contacts = {channel: parts[number] if number else who for channel, number in chosen}
        yield row, Person(who, parts[NEIGHBOURHOOD], parts[LANGUAGE], contacts)


def _judged(row: FoundPlace, asked: Question, letters: str, packed: str) -> tuple[bool, Reason | None]:
    """Whether a place that lies inside decides, and why its participant is not asked: where more than the place counts.

    ``packed``: wishes, where ``letters`` say so.
    """
    wishes = read_wishes(packed) if letters[-1:] == WISHES else NO_WISHES
    if wishes.canary is not asked.canaries:
        return False, None
    open_ = True
    if wishes.hours and not asked.overrides:
        open_ = wishes.open(row.rank, asked.minute)
        if _another_decides(row, asked, wishes, open_):
            return False, None
    elif any(map(asked.shape.contains, row.positions_before())):
        return False, None
    return True, _why_not(row, asked, wishes, letters, open_)


def _another_decides(row: FoundPlace, asked: Question, wishes: Wishes, open_: bool) -> bool:
    """Of somebody with hours. ``open_``: whether this place is."""
    inside = asked.shape.contains
    if any(inside(point) for rank, point in enumerate(row.earlier) if not open_ or wishes.open(rank, asked.minute)):
        return True
    later = enumerate(row.later, row.rank + 1)
    return not open_ and any(inside(point) for rank, point in later if wishes.open(rank, asked.minute))


def _why_not(row: FoundPlace, asked: Question, wishes: Wishes, letters: str, open_: bool) -> Reason | None:
    if asked.exercise and not wishes.exercises:
        return Reason.NO_EXERCISES
    if asked.topic in wishes.declined:
        return Reason.CATEGORY
    if not open_:
        return Reason.HOURS
    if asked.capped and _often_enough(row, asked, wishes, letters):
        return Reason.CAP
    return None


def _often_enough(row: FoundPlace, asked: Question, wishes: Wishes, letters: str) -> bool:
    return sum(_was_meant(row, earlier, wishes, letters) for earlier in asked.before) >= asked.most


def _was_meant(row: FoundPlace, earlier: Question, wishes: Wishes, letters: str) -> bool:
    """Whether an alert asked them, the cap apart; who changed their data since begins anew."""
    if row.valid_from_ms > earlier.moment_ms or earlier.topic in wishes.declined:
        return False
    if earlier.exercise and not wishes.exercises:
        return False
    if not earlier.takes[letters]:
        return False
    return any(
        earlier.shape.contains(point) and (earlier.overrides or wishes.open(rank, earlier.minute))
        for rank, point in enumerate((*row.earlier, row.point, *row.later))
    )
