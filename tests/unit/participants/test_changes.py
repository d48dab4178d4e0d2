"""What an alert finds while participants change: each as they were when it was approved."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.areas.model import Point
from chalicelib.participants.changes import MAX_ENDED_ROWS, MAX_SIGN_UPS, Proof, changing, joining, leaving
from chalicelib.participants.contact_keys import DynamoContactKeys
from chalicelib.participants.model import (
    MAX_PLACES,
    ChannelChoice,
    Contact,
    ContactKind,
    Language,
    Place,
    PlaceKind,
    SignUpRef,
    Source,
)
from chalicelib.participants.places import MemoryPlaceStore
from chalicelib.participants.store import TRANSACTION, DynamoParticipantStore, ParticipantTables
from chalicelib.participants.store_memory import MemoryParticipantStore, MemorySignUpStore
from chalicelib.participants.wishes import Day, Hours, Topic, read_wishes
from chalicelib.platform.clock import ManualClock, epoch_ms
from chalicelib.platform.envelope import MemoryKms
from chalicelib.platform.tokens import KeyedHash
from tests.made import NOW, participant

PHONE = Contact(ContactKind.PHONE, "+31612345678")
EMAIL = Contact(ContactKind.EMAIL, "jan@example.org")


def place(number):
    return Place(PlaceKind.OTHER, Point(5 + number / 100, 52.05), f"BU{number:08d}", "GM0000")


JAN = participant(contacts=(EMAIL, PHONE), places=(place(0), place(1)))
JOINED = joining(JAN, NOW).after


def ranks(rows):
    return [row.rank for row in rows]


def test_joining_begins_a_row_per_place_that_knows_the_other_places():
    step = joining(JAN, NOW)
    assert [(row.point, row.earlier, row.later) for row in step.begin] == [
        (place(0).point, (), (place(1).point,)),
        (place(1).point, (place(0).point,), ()),
    ]
    assert {row.wishes for row in step.begin} == {""}
    assert {row.valid_from_ms for row in step.begin} == {epoch_ms(NOW)}
    assert [(ref.partition, ref.key) for ref in step.after.rows] == [row.key for row in step.begin]
    assert step.after.version == 1


def test_what_rows_do_not_show_leaves_them_alone():
    step = changing(JOINED, replace(JOINED, source=Source.LETTER), NOW)
    assert step.begin == step.end == ()
    assert step.after.rows == JOINED.rows
    assert step.after.version == 2


@pytest.mark.parametrize("places", [(place(0), place(7)), (place(7), place(1)), (place(0), place(1), place(2))])
def test_moving_one_place_renews_every_row_since_each_knows_all_places(places):
    step = changing(JOINED, replace(JOINED, places=places), NOW)
    assert ranks(step.begin) == list(range(len(places)))
    assert step.end == tuple(replace(ref, ended_ms=epoch_ms(NOW)) for ref in JOINED.rows)


def test_a_wish_renews_every_row_and_stands_in_each():
    hours = Hours(frozenset({Day.SAT}), 9 * 60, 17 * 60)
    wished = replace(JOINED, declined=frozenset({Topic.ROBBERY}), places=(place(0), replace(place(1), hours=(hours,))))
    step = changing(JOINED, wished, NOW)
    assert [read_wishes(row.wishes) for row in step.begin] == [wished.wishes] * 2
    assert len(step.end) == 2


def test_pausing_ends_the_rows_and_resuming_begins_others():
    paused = changing(JOINED, replace(JOINED, paused=True), NOW)
    assert paused.begin == ()
    assert [ref.key for ref in paused.end] == [ref.key for ref in JOINED.rows]
    resumed = changing(paused.after, replace(paused.after, paused=False), NOW)
    assert ranks(resumed.begin) == [0, 1]
    assert {row.key for row in resumed.begin}.isdisjoint((ref.partition, ref.key) for ref in JOINED.rows)


@pytest.mark.parametrize(
    ("chosen", "phone", "email"),
    [
        ({ChannelChoice.SMS}, PHONE.text, None),
        ({ChannelChoice.EMAIL}, None, EMAIL.text),
        ({ChannelChoice.SMS, ChannelChoice.EMAIL}, PHONE.text, EMAIL.text),
    ],
)
def test_a_row_holds_the_contacts_of_the_chosen_channels_only(chosen, phone, email):
    row = joining(replace(JAN, chosen=frozenset(chosen)), NOW).begin[0]
    assert (row.phone, row.email) == (phone, email)


def test_a_clock_that_goes_back_does_not_make_times_overlap():
    step = changing(JOINED, replace(JOINED, places=(place(3),)), NOW - timedelta(seconds=9))
    assert step.begin[0].valid_from_ms == step.end[0].ended_ms == epoch_ms(NOW)


def test_ended_rows_go_after_a_day_at_the_next_change():
    moved = changing(JOINED, replace(JOINED, places=(place(3),)), NOW).after
    assert len(moved.rows) == 3
    soon = changing(moved, replace(moved, language=Language.EN), NOW + timedelta(hours=23))
    assert soon.drop == ()
    late = changing(moved, replace(moved, language=Language.EN), NOW + timedelta(hours=25))
    assert [ref.key for ref in late.drop] == [ref.key for ref in JOINED.rows]
    assert len(late.after.rows) == 2


def busy(participant_id, contacts):
    """Somebody who changed everything many times today."""
    places = tuple(map(place, range(MAX_PLACES)))
    someone = replace(JAN, id=participant_id, contacts=contacts, places=places)
    someone = joining(someone, NOW).after
    for number in range(20):
        ref = SignUpRef(f"{participant_id}{number:04d}", epoch_ms(NOW) + 1_000_000)
        wanted = replace(someone, language=Language.EN if number % 2 else Language.NL).with_sign_up(ref)
        someone = changing(someone, replace(wanted, places=wanted.places[::-1]), NOW).after
    return someone


def test_somebody_who_changes_all_day_keeps_a_bounded_history():
    someone = busy("0123456789ab", (EMAIL, PHONE))
    assert len(someone.rows) == MAX_PLACES + MAX_ENDED_ROWS
    assert len(someone.sign_ups) == MAX_SIGN_UPS


@pytest.mark.parametrize("age", [timedelta(), timedelta(days=2)])
@pytest.mark.parametrize("leaves", [False, True])
def test_a_contact_moves_between_the_busiest_participants_in_one_transaction(age, leaves):
    written = []

    class Client:
        def transact_write_items(self, TransactItems):
            written.extend(TransactItems)

    tables = ParticipantTables("participants", "contacts", "places", "sign_ups", "subscriptions")
    keys = DynamoContactKeys("contact_keys", MemoryKms(), ManualClock(NOW))
    store = DynamoParticipantStore(tables, KeyedHash(b"k" * 32), Client, keys)
    phone, email = (replace(contact, sealed="~") for contact in (PHONE, EMAIL))
    taker = busy("0123456789ab", (phone,))
    loser = busy("1123456789ab", (email,) if leaves else (email, Contact(ContactKind.PHONE, "+31687654321", "~")))
    rest = loser.without_contact(email)
    gains = replace(taker, places=taker.places[::-1]).with_contact(email)
    steps = [
        changing(taker, gains, NOW + age),
        leaving(loser) if leaves else changing(loser, replace(rest, places=rest.places[::-1]), NOW + age),
    ]
    store.commit(steps, Proof("0" * 16, ContactKind.EMAIL, taker.id))
    assert 30 < len(written) < TRANSACTION  # and the key of the new contact
    keys = [str(next(iter(write.values()))["TableName"]) + _key(write) for write in written]
    assert len(keys) == len(set(keys))


def _key(write):
    (content,) = write.values()
    key = content.get("Key") or content["Item"]
    return str([key.get(name) for name in ("id", "hash", "c", "k")])


STEPS = st.tuples(
    st.integers(0, 3),
    st.fixed_dictionaries(
        {
            "places": st.lists(st.integers(0, 6), min_size=1, max_size=5, unique=True).map(
                lambda numbers: tuple(map(place, numbers))
            ),
            "paused": st.booleans(),
            "language": st.sampled_from(Language),
            "chosen": st.frozensets(st.sampled_from(ChannelChoice), min_size=1),
        }
    ),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(STEPS, min_size=1, max_size=6))  # more than 30 ended rows in a day are forgotten, the oldest first
def test_an_alert_finds_everybody_as_they_were_when_it_was_approved(history):
    places, sign_ups = MemoryPlaceStore(), MemorySignUpStore()
    store = MemoryParticipantStore(places, sign_ups)
    step = joining(JAN, NOW)
    store.commit([step])
    moments = {NOW: step.after}
    now = NOW
    for seconds, changes in history:
        now += timedelta(seconds=seconds)
        before = store.get(JAN.id)
        step = changing(before, replace(before, **changes), now)
        store.commit([step])
        moments[now] = step.after
    for moment, then in moments.items():
        at = epoch_ms(moment)
        valid = [
            row
            for row in places.rows.values()
            if row.valid_from_ms <= at and (row.valid_until_ms is None or at < row.valid_until_ms)
        ]
        found = {row._replace(valid_from_ms=0, valid_until_ms=None, version=0) for row in valid}
        assert len(found) == len(valid)
        assert found == {row._replace(valid_from_ms=0, version=0) for row in joining(then, NOW).begin}
    assert set(places.rows) == {(ref.partition, ref.key) for ref in store.get(JAN.id).rows}
    store.commit([leaving(store.get(JAN.id))])
    assert places.rows == {}
