"""Whom an alert would ask: exactly as the matcher, and about so many where that would be too much to read."""

import random
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.alerts.cap import Status
from chalicelib.alerts.content import Category, Kind, Occasion
from chalicelib.alerts.history import EventRecord
from chalicelib.alerts.model import MessageKind
from chalicelib.alerts.reach import Group, Reach
from chalicelib.alerts.store import MemoryAlertStore
from chalicelib.alerts.target import Target
from chalicelib.alerts.text import Language
from chalicelib.areas import geohash
from chalicelib.areas.model import CircleShape, Point, PolygonShape
from chalicelib.channels.model import Channel
from chalicelib.delivery.match import Matcher
from chalicelib.delivery.messages import MatchMessage
from chalicelib.delivery.plan import units
from chalicelib.delivery.reach import SAMPLE_ROWS, Reacher
from chalicelib.delivery.store_memory import MemoryLedger
from chalicelib.delivery.survey import SAMPLES, survey
from chalicelib.delivery.week import Week
from chalicelib.participants.cells import Heads, MemoryCellStore, cells_of
from chalicelib.participants.place_rows import PlaceRow
from chalicelib.participants.places import MemoryPlaceStore
from chalicelib.participants.recount import total
from chalicelib.participants.wishes import Day, Hours, Topic, Wishes
from chalicelib.platform.batch import Record
from chalicelib.platform.clock import epoch_ms
from chalicelib.platform.queues import MemoryQueues

BOTH = (Channel.SMS, Channel.EMAIL)
ROBBERY = Occasion(Kind.ALERT, Category.ROBBERY, Status.ACTUAL)
NO_CAP = Week(MemoryAlertStore(), 0)
TOWN = Point(5.2, 52.5)
HERE = CircleShape(Point(5.2001, 52.5001), 1_000)
DAYTIME, EVENINGS = Hours(frozenset(Day), 7 * 60, 18 * 60), Hours(frozenset(Day), 18 * 60, 0)


def counted(places):
    cells = MemoryCellStore()
    for key, heads in total(cells_of(row.point, row.neighbourhood, row.rank) for row in places).items():
        cells.correct(key, Heads(), heads)
    return cells


def town(people, seed):
    """Homes around a few centres, some with work at another one; as rows."""
    dice = random.Random(seed)
    centres = [Point(5.2 + dice.gauss(0, 0.04), 52.5 + dice.gauss(0, 0.025)) for _ in range(6)]

    def somewhere():
        number = dice.randrange(6)
        lon, lat = (round(at + dice.gauss(0, 0.008), 7) for at in centres[number])
        return Point(lon, lat), f"BU900{number % 2}0{number:02}{int(lon * 500) % 3}"

    rows = []
    for number in range(people):
        name, at = f"{number:013d}", [somewhere() for _ in range(dice.choice([1, 1, 1, 2, 2, 3]))]
        points = [point for point, _ in at]
        phone, email = dice.choice([("+31612345678", None), ("+31612345678", "a@b.example"), (None, "a@b.example")])
        language = "en" if dice.random() < 0.1 else "nl"
        wishes = Wishes(
            declined=frozenset({Topic.ROBBERY} if dice.random() < 0.1 else {}),
            hours=tuple(dice.choice([(), (), (DAYTIME,), (EVENINGS,)]) for _ in at),
        )
        for rank, (point, area) in enumerate(at):
            row = PlaceRow(name, rank, point, tuple(points[:rank]), phone, email, language, area, 0)
            rows.append(row._replace(later=tuple(points[rank + 1 :]), wishes=wishes.packed))
    return rows


@pytest.fixture
def reach(clock, place):
    """Makes a ``Reacher`` over rows."""

    def reach(rows, exact_up_to=50_000):
        places = MemoryPlaceStore()
        places.load(rows)
        return Reacher(places, counted(rows), clock, NO_CAP, exact_up_to)

    return reach


def asked(alert, places, participants, clock):
    """The people in the batches of this alert, as the planner and the matcher make them."""
    alerts, ledger = MemoryAlertStore(), MemoryLedger()
    alerts.put(alert, 0, EventRecord("e1", alert.changed_at, "activated", "system"))
    matcher = Matcher(alerts, places, participants, ledger, MemoryQueues(), clock)
    for number, ranges in enumerate(units(alert)):
        message = MatchMessage(alert=alert.id, message=MessageKind.CALL, unit=number, ranges=ranges)
        matcher.match(Record("m1", 1, None, message))
    return [person for batch in ledger.rows.values() for person in batch.people]


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.integers(0, 10**6),
    st.floats(100, 8_000),
    st.tuples(st.floats(5.1, 5.3), st.floats(52.45, 52.55)),
    st.sampled_from([(Channel.SMS, Channel.EMAIL), (Channel.EMAIL,), (Channel.SMS,)]),
)
def test_a_preview_is_whom_the_matcher_then_asks(active, participants, clock, seed, radius, center, channels):
    shape = CircleShape(Point(*center), radius)
    content = replace(
        active.content,
        category=Category.ROBBERY,
        target=Target.of({}, shape.to_json(), ("GM9001",)),
        channels=channels,
    )
    places, rows = MemoryPlaceStore(), town(300, seed)
    places.load(rows)
    found = Reacher(places, counted(rows), clock, NO_CAP).reach(shape, channels, ROBBERY)
    people = asked(replace(active, content=content), places, participants, clock)
    assert (found.exact, found.people) == (True, len(people))
    assert found.areas == Counter(person.area for person in people)
    messages = Counter((channel, person.language) for person in people for channel in person.contacts)
    assert sum(found.messages.values()) == sum(messages.values())
    for (channel, language), number in messages.items():
        assert number == sum(n for group, n in found.messages.items() if group[:2] == (channel, language))


def test_who_has_moved_away_is_not_counted_and_who_has_paused_is_not_either(reach, place, clock):
    gone = place("gone", valid_until_ms=epoch_ms(clock.now()))
    assert reach([place("here"), gone]).reach(HERE, BOTH, ROBBERY).people == 1


def test_the_price_of_a_number_depends_on_its_country(reach, place):
    found = reach([place("one"), place("two", phone="+32470123456", email="b@burgernet.example")]).reach(
        HERE, BOTH, ROBBERY
    )
    assert found.messages == {
        Group(Channel.SMS, Language.NL, "NL"): 1,
        Group(Channel.SMS, Language.NL, "BE"): 1,
        Group(Channel.EMAIL, Language.NL, ""): 1,
    }


def test_up_to_the_limit_everybody_is_read_and_beyond_it_is_an_estimate(reach, place):
    rows = [place(f"{n:013d}", lat=52.5001 + n * 1e-6) for n in range(220)]
    assert reach(rows, 220).reach(HERE, BOTH, ROBBERY).exact
    assert reach(rows, 219).reach(HERE, BOTH, ROBBERY) == Reach(
        False, 220, {"BU90010101": 220}, {Group(Channel.SMS, Language.NL, "NL"): 220}
    )
    assert not reach(rows, 180).reach(HERE, BOTH, ROBBERY).exact


def test_a_partition_with_few_places_is_read_in_one_query_and_one_with_many_in_several():
    hollow = PolygonShape(((square(0.0), square(0.01)),))
    rows = town(400, 2)
    ground = survey(hollow, counted(rows))
    merged, apart = list(ground.ranges()), list(ground.ranges(few=0))
    assert len(merged) == len({it.partition for it in merged}) < len(apart)
    assert {it.partition for it in merged} == {it.partition for it in apart}
    codes = [geohash.encode(*row.point, 12) for row in rows if hollow.contains(row.point)]
    assert len(codes) > 50
    assert all(sum(it.holds(code) for it in ranges) == 1 for ranges in (merged, apart) for code in codes)


def square(inset):
    west, south, east, north = 5.15 + inset, 52.47 + inset, 5.25 - inset, 52.53 - inset
    return ((west, south), (east, south), (east, north), (west, north), (west, south))


def test_where_the_counts_know_too_little_nobody_is_told_of_fewer_than_were_found(place, clock):
    rows = [place(f"{n:013d}", lat=52.5001 + n * 1e-6) for n in range(30)]
    places = MemoryPlaceStore()
    places.load(rows)
    found = Reacher(places, MemoryCellStore(), clock, NO_CAP, 20).reach(HERE, BOTH, ROBBERY)
    assert (found.exact, found.people) == (False, 21)


@pytest.fixture(scope="module")
def city():
    """6,000 people: their places, and the counts."""
    places, rows = MemoryPlaceStore(), town(6_000, 1)
    places.load(rows)
    return places, counted(rows)


def test_an_estimate_reads_few_places(city, clock):
    places, cells = city
    before = places.stats.items
    assert not Reacher(places, cells, clock, NO_CAP, 1_000).reach(CircleShape(TOWN, 6_000), BOTH, ROBBERY).exact
    assert places.stats.items - before <= SAMPLES * SAMPLE_ROWS


@pytest.mark.parametrize(
    ("radius", "channels", "most"),
    [(1_500, BOTH, 0.05), (1_500, (Channel.EMAIL,), 0.05), (3_000, BOTH, 0.03), (40_000, (Channel.EMAIL,), 0.03)],
)
def test_an_estimate_is_of_people_and_near_what_is_true(city, clock, radius, most, channels):
    shape = CircleShape(TOWN, radius)
    true, estimate = (Reacher(*city, clock, NO_CAP, limit).reach(shape, channels, ROBBERY) for limit in (50_000, 0))
    assert (true.exact, estimate.exact) == (True, False)
    assert abs(estimate.people - true.people) <= most * true.people
    for area, people in true.areas.items():
        assert abs(estimate.areas[area] - people) <= max(0.2 * people, 25)
    for channel in channels:
        told, asked = (
            sum(n for group, n in found.messages.items() if group.channel is channel) for found in (estimate, true)
        )
        assert abs(told - asked) <= 2 * most * asked
