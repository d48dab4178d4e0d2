"""Whom an alert asks: the rule of one row against what one would say knowing everybody and the whole week."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.alerts.cap import Status
from chalicelib.alerts.content import CATEGORIES, Category, Kind, Occasion
from chalicelib.areas.cover import cover
from chalicelib.areas.model import CircleShape, Point
from chalicelib.channels.model import Channel
from chalicelib.delivery.model import Person, Reason
from chalicelib.delivery.question import answers, question, topic_of
from chalicelib.participants.changes import joining
from chalicelib.participants.model import ChannelChoice, Contact, ContactKind, Place, PlaceKind
from chalicelib.participants.places import MemoryPlaceStore
from chalicelib.participants.wishes import DAYS, Day, Hours, Topic
from chalicelib.platform.clock import AMSTERDAM
from tests.made import participant

JOINED = datetime(2026, 1, 5, 12, tzinfo=UTC)
MONDAY = datetime(2026, 11, 22, 23, tzinfo=UTC)  # 00:00 in the Netherlands
SPOTS = [Point(5.2 + column * 0.01, 52.5 + row * 0.01) for column in range(4) for row in range(3)]
CONTACTS = {
    ChannelChoice.SMS: Contact(ContactKind.PHONE, "+31612345678"),
    ChannelChoice.EMAIL: Contact(ContactKind.EMAIL, "a@burgernet.example"),
}
HOURS = st.builds(
    Hours,
    st.frozensets(st.sampled_from(Day), min_size=1),
    st.sampled_from([0, 7 * 60, 9 * 60, 22 * 60]),
    st.sampled_from([0, 8 * 60, 17 * 60]),
)
PLACES = st.lists(
    st.tuples(st.sampled_from(SPOTS), st.lists(HOURS, max_size=2)), min_size=1, max_size=4, unique_by=lambda it: it[0]
)
PEOPLE = st.tuples(
    PLACES,
    st.sampled_from([{"sms"}, {"email"}, {"sms", "email"}]),
    st.frozensets(st.sampled_from([Topic.ROBBERY, Topic.PREVENTION, Topic.MISSING_PERSON])),
    st.booleans(),
)
ALERTS = st.tuples(
    st.sampled_from([600, 1_500, 4_000]),
    st.sampled_from(SPOTS),
    st.integers(0, 7 * 24 * 60 - 1),
    st.sampled_from([Category.ROBBERY, Category.MISSING_PERSON, Category.MISSING_CHILD]),
    st.sampled_from([Status.ACTUAL, Status.ACTUAL, Status.EXERCISE]),
    st.booleans(),
    st.sampled_from([(Channel.SMS, Channel.EMAIL), (Channel.SMS,)]),
)


def somebody(number, places, channels, declined, exercises):
    chosen = frozenset(map(ChannelChoice, channels))
    return participant(
        id=f"{number:012d}",
        chosen=chosen,
        contacts=tuple(CONTACTS[channel] for channel in sorted(chosen)),
        places=tuple(
            Place(PlaceKind.HOME, point, f"BU9001{index:04d}", "GM9001", hours=tuple(hours))
            for index, (point, hours) in enumerate(places)
        ),
        created_at=JOINED,
        declined=declined,
        exercises=exercises,
    )


def open_at(hours, moment):
    """By the calendar: some window of today or yesterday holds the moment."""
    there = moment.astimezone(AMSTERDAM).replace(tzinfo=None)
    for day in (there.date(), there.date() - timedelta(days=1)):
        start = datetime.combine(day, time()) + timedelta(minutes=hours.start)
        long = timedelta(minutes=(hours.end - hours.start) % 1440 or 1440)
        if DAYS[day.weekday()] in hours.days and start <= there < start + long:
            return True
    return False


def judged(person, alert, received, most):
    """What somebody who knows everything would say; None where it is no matter of theirs."""
    radius, center, minute, category, status, overrides, channels = alert
    inside = [place for place in person.places if CircleShape(center, radius).contains(place.point)]
    if not inside or not {channel.value for channel in channels} & {channel.value for channel in person.chosen}:
        return None
    if status is Status.EXERCISE and not person.exercises:
        return Reason.NO_EXERCISES
    if category.value in {topic.value for topic in person.declined}:
        return Reason.CATEGORY
    now = MONDAY + timedelta(minutes=minute)
    suits = [p for p in inside if overrides or not p.hours or any(open_at(hours, now) for hours in p.hours)]
    if not suits:
        return Reason.HOURS
    if most and not overrides and received[person.id] >= most:
        return Reason.CAP
    return suits[0].area


def asked(alert, most=0, before=()):
    radius, center, minute, category, status, overrides, channels = alert
    occasion = Occasion(Kind.ALERT, category, status, overrides, ("GM9001",))
    moment = MONDAY + timedelta(minutes=minute)
    return replace(question(CircleShape(center, radius), channels, occasion, moment, most), before=tuple(before))


@settings(max_examples=80, deadline=None)
@given(
    st.lists(PEOPLE, min_size=1, max_size=12),
    st.lists(ALERTS, min_size=1, max_size=7, unique_by=lambda it: it[2]),
    st.integers(0, 3),
)
def test_everybody_is_asked_or_counted_exactly_as_who_follows_each_of_them_through_the_week_would_say(
    people, alerts, most
):
    participants = [somebody(number, *person) for number, person in enumerate(people)]
    places = MemoryPlaceStore()
    for who in participants:
        places.load(joining(who, JOINED).begin)
    received = Counter()
    before = []
    for alert in sorted(alerts, key=lambda it: it[2]):
        expected = {person.id: judged(person, alert, received, most) for person in participants}
        it = asked(alert, most, before)
        found = list(answers(it, cover(it.shape), places))
        reasons = Counter(answer for answer in found if isinstance(answer, Reason))
        areas = {answer.participant[:12]: answer.area for answer in found if isinstance(answer, Person)}
        assert len(areas) == sum(isinstance(answer, Person) for answer in found)
        assert reasons == Counter(answer for answer in expected.values() if isinstance(answer, Reason))
        assert areas == {who: area for who, area in expected.items() if area and not isinstance(area, Reason)}
        received.update(areas.keys())
        before.append(asked(alert))


EVENING = (600, SPOTS[0], 20 * 60, Category.ROBBERY, Status.ACTUAL, False, (Channel.SMS,))
DAYTIME = Hours(frozenset(Day), 9 * 60, 17 * 60)


def answer(alert, *people, **more):
    places = MemoryPlaceStore()
    for person in people:
        places.load(joining(person, more.pop("since", JOINED)).begin)
    it = asked(alert, **more)
    (found,) = answers(it, cover(it.shape), places)
    return found if isinstance(found, Reason) else found.area


def test_who_is_closed_at_home_and_open_at_work_is_asked_for_the_sake_of_work():
    near = Point(5.2001, 52.5001)
    person = somebody(1, [(SPOTS[0], [DAYTIME]), (near, [])], {"sms"}, frozenset(), False)
    assert answer(EVENING, person) == "BU90010001"


def test_who_is_closed_everywhere_counts_once():
    near = Point(5.2001, 52.5001)
    person = somebody(1, [(SPOTS[0], [DAYTIME]), (near, [DAYTIME])], {"sms"}, frozenset(), False)
    assert answer(EVENING, person) is Reason.HOURS


def test_an_override_ends_hours_and_cap_but_neither_choice_nor_consent():
    overriding = (*EVENING[:5], True, EVENING[6])
    busy = {"most": 1, "before": [asked((*EVENING[:2], 60, *EVENING[3:]))]}
    closed = somebody(1, [(SPOTS[0], [DAYTIME])], {"sms"}, frozenset(), False)
    assert answer(overriding, closed, **busy) == "BU90010000"
    assert answer(overriding, replace(closed, declined=frozenset({Topic.ROBBERY})), **busy) is Reason.CATEGORY
    exercise = (*EVENING[:4], Status.TEST, *EVENING[5:])
    assert answer(exercise, closed) is Reason.NO_EXERCISES
    assert answer(exercise, replace(closed, exercises=True, places=(replace(closed.places[0], hours=()),)))


def test_who_changed_something_since_begins_the_week_anew():
    busy = {"most": 1, "before": [asked((*EVENING[:2], 60, *EVENING[3:]))]}
    person = somebody(1, [(SPOTS[0], [])], {"sms"}, frozenset(), False)
    assert answer(EVENING, person, **busy) is Reason.CAP
    assert answer(EVENING, person, since=MONDAY + timedelta(minutes=61), **busy) == "BU90010000"


@pytest.mark.parametrize("kind", Kind)
def test_every_sort_of_alert_but_a_missing_child_can_be_declined(kind):
    topics = {category: topic_of(kind, category) for category in CATEGORIES[kind]}
    assert [category for category, topic in topics.items() if topic is None] == (
        [Category.MISSING_CHILD] if kind is Kind.ALERT else []
    )
    assert topic_of(Kind.ALERT, None) is None


def test_every_topic_is_of_some_alert():
    assert {topic_of(kind, category) for kind in Kind for category in CATEGORIES[kind]} == {*Topic, None}
