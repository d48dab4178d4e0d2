"""What every participant store promises: one participant per contact, and changes that are whole or not at all."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.areas.cover import KeyRange
from chalicelib.areas.model import Point
from chalicelib.channels.model import Device
from chalicelib.participants.changes import Proof, changing, joining, leaving
from chalicelib.participants.contact_keys import DynamoContactKeys, MemoryContactKeys
from chalicelib.participants.devices import DynamoDeviceStore, subscription
from chalicelib.participants.model import (
    ChannelChoice,
    Consent,
    Contact,
    ContactKind,
    Language,
    Place,
    PlaceKind,
    SignUp,
    SignUpRef,
    Source,
    Suppression,
    SuppressionReason,
)
from chalicelib.participants.places import DynamoPlaceStore, MemoryPlaceStore
from chalicelib.participants.sealing import Unreadable, is_sealed, unseal
from chalicelib.participants.store import DynamoParticipantStore, DynamoSignUpStore, ParticipantTables
from chalicelib.participants.store_memory import MemoryParticipantStore, MemorySignUpStore
from chalicelib.participants.wishes import Day, Hours, Topic
from chalicelib.platform import aws
from chalicelib.platform.clock import ManualClock, SystemClock, epoch_ms
from chalicelib.platform.envelope import MemoryKms
from chalicelib.platform.errors import Conflict, NotFound
from chalicelib.platform.tokens import KeyedHash
from tests.made import NOW, participant

pytestmark = pytest.mark.transactions

LATER = NOW + timedelta(minutes=5)
PHONE = Contact(ContactKind.PHONE, "+31612345678")
EMAIL = Contact(ContactKind.EMAIL, "Jan@example.org")
HOME = Place(PlaceKind.HOME, Point(5.0912345, 52.0298765), "BU03560101", "GM0356", "Marktplein 1, Nieuwegein")
NIGHTS = Hours(frozenset({Day.FRI, Day.SAT}), 22 * 60, 7 * 60)
WORK = Place(PlaceKind.WORK, Point(5.0922345, 52.0288765), "GM0356", "GM0356", hours=(NIGHTS, NIGHTS))
AROUND = KeyRange("u15xg", "u15xg", "u15xg", interior=False)
JAN = participant(
    contacts=(EMAIL, PHONE),
    places=(HOME, WORK),
    source=Source.FACEBOOK,
    declined=frozenset({Topic.ROBBERY, Topic.PREVENTION}),
    exercises=True,
    earlier_consents=(Consent("2025-01", NOW - timedelta(days=400)),),
    confirmed_at=NOW - timedelta(days=3),
    asked=2,
)
PIET = replace(JAN, id="1123456789ab", contacts=(Contact(ContactKind.PHONE, "+31687654321"),), places=(HOME,))
SIGN_UP = SignUp(
    id="0123456789abcdef",
    created_at=NOW,
    expires_at=NOW + timedelta(hours=24),
    codes_expire_at=NOW + timedelta(minutes=10),
    contacts=(EMAIL, PHONE),
    places=(HOME,),
    chosen=frozenset(ChannelChoice),
    language=Language.NL,
    consent=Consent("2026-01", NOW),
    source=Source.WEB,
)


@dataclass
class World:
    participants: Any
    places: Any
    sign_ups: Any
    devices: Any

    def rows(self):
        """As the places say, with their contacts opened."""
        return [self.opened(place.row) for place in self.places.within(AROUND)]

    def opened(self, row):
        keys = getattr(self.participants, "keys", MemoryContactKeys()).find([row.participant[:12]])
        keys = keys.get(row.participant[:12], {})

        def opened(kind, text):
            return text and unseal(keys.get(kind), row.participant[:12], kind, text)

        return row._replace(
            phone=opened(ContactKind.PHONE, row.phone),
            voice=opened(ContactKind.PHONE, row.voice),
            email=opened(ContactKind.EMAIL, row.email),
        )

    def join(self, participant):
        step = joining(participant, NOW)
        self.participants.commit([step])
        return step.after

    def change(self, before, after, at=LATER, subscribe=None):
        step = changing(before, after, at, subscribe)
        self.participants.commit([step])
        return step.after


def keys_in(backend):
    return DynamoContactKeys(backend.table("contact_keys"), MemoryKms(), SystemClock())


@pytest.fixture
def world(backend):
    if backend.name == "memory":
        places, sign_ups = MemoryPlaceStore(), MemorySignUpStore()
        participants = MemoryParticipantStore(places, sign_ups)
        return World(participants, places, sign_ups, participants.devices)
    tables = ParticipantTables(
        *(backend.table(kind) for kind in ("participants", "contacts", "places", "sign_ups", "subscriptions"))
    )

    def client():
        return aws.client("dynamodb")

    return World(
        DynamoParticipantStore(tables, KeyedHash(b"k" * 32), client, keys_in(backend)),
        DynamoPlaceStore(tables.places, client),
        DynamoSignUpStore(tables.sign_ups),
        DynamoDeviceStore(tables.subscriptions),
    )


PHONES = [subscription(Device(f"https://web.push.apple.com/{n}", f"key-{n}", f"secret-{n}")) for n in range(6)]


def subscribed(world, participant, *phones):
    for phone in phones:
        participant = world.change(participant, participant.with_device(phone.id), subscribe=phone)
    return participant


def found(world, *participants):
    return {name: dict(devices) for name, devices in world.devices.find(who.reference for who in participants).items()}


def test_devices_are_found_by_the_reference_of_their_owner(world):
    jan, piet = subscribed(world, world.join(JAN), *PHONES[:2]), world.join(PIET)
    assert world.participants.get(JAN.id) == jan
    assert jan.devices == (PHONES[0].id, PHONES[1].id)
    assert found(world, jan, piet) == {jan.reference: {phone.id: phone.device for phone in PHONES[:2]}}
    piet = subscribed(world, piet, PHONES[2])
    assert set(found(world, jan, piet)) == {jan.reference, piet.reference}


def test_a_device_that_subscribes_anew_is_the_same_with_new_keys(world):
    jan = subscribed(world, world.join(JAN), *PHONES[:2])
    anew = replace(PHONES[0], device=replace(PHONES[0].device, auth="other"))
    jan = subscribed(world, jan, anew)
    assert jan.devices == (PHONES[1].id, PHONES[0].id)
    assert found(world, jan)[jan.reference] == {PHONES[1].id: PHONES[1].device, anew.id: anew.device}


def test_of_too_many_devices_the_oldest_goes(world):
    jan = subscribed(world, world.join(JAN), *PHONES)
    assert found(world, jan) == {jan.reference: {phone.id: phone.device for phone in PHONES[1:]}}


def test_a_device_that_is_taken_off_is_gone_and_the_last_takes_the_row_along(world):
    jan = subscribed(world, world.join(JAN), *PHONES[:2])
    jan = world.change(jan, jan.without_device(PHONES[0].id))
    assert found(world, jan) == {jan.reference: {PHONES[1].id: PHONES[1].device}}
    jan = world.change(jan, jan.without_device(PHONES[1].id))
    assert (found(world, jan), jan.devices) == ({}, ())


def test_another_change_keeps_the_devices(world):
    jan = subscribed(world, world.join(JAN), PHONES[0])
    jan = world.change(jan, replace(jan, paused=True))
    assert found(world, jan) == {jan.reference: {PHONES[0].id: PHONES[0].device}}


def test_with_a_renewed_sign_up_the_devices_end(world):
    jan = subscribed(world, world.join(JAN), *PHONES[:2])
    renewed = world.change(jan, jan.renewed(SIGN_UP, PHONE))
    assert renewed.reference != jan.reference
    assert (found(world, jan, renewed), renewed.devices) == ({}, ())


def test_who_leaves_leaves_no_device(world):
    jan = subscribed(world, world.join(JAN), *PHONES[:2])
    world.participants.commit([leaving(jan)])
    assert found(world, jan) == {}


def test_a_change_that_was_overtaken_subscribes_nothing(world):
    jan = world.join(JAN)
    world.change(jan, replace(jan, paused=True))
    with pytest.raises(Conflict):
        subscribed(world, jan, PHONES[0])
    assert found(world, jan) == {}


def test_who_joins_is_found_by_id_contact_and_place(world):
    jan = world.join(JAN)
    assert world.participants.get(JAN.id) == jan
    assert world.participants.owner(PHONE) == world.participants.owner(EMAIL) == JAN.id
    assert [(row.participant, row.rank, row.point) for row in world.rows()] == [
        (JAN.reference, 0, HOME.point),
        (JAN.reference, 1, WORK.point),
    ]


def test_what_is_suppressed_is_read_back_and_its_rows_lose_the_contact(world):
    held = Suppression(ChannelChoice.SMS, SuppressionReason.OPTED_OUT, LATER)
    jan = world.join(JAN)
    after = world.change(jan, jan.suppressing(held))
    assert world.participants.get(jan.id) == after
    assert after.suppressed == (held,)
    assert ChannelChoice.SMS not in after.channels


def test_that_somebody_ended_the_e_mail_is_read_back(world):
    jan = world.join(JAN)
    after = world.change(jan, jan.without_mail())
    assert world.participants.get(jan.id) == after
    assert (jan.no_mail, after.no_mail) == (False, True)


def test_case_does_not_make_another_e_mail_address(world):
    world.join(JAN)
    assert world.participants.owner(Contact(ContactKind.EMAIL, "jAN@EXAMPLE.ORG")) == JAN.id


def test_an_unknown_participant_is_not_found_and_an_unknown_contact_has_no_owner(world):
    with pytest.raises(NotFound, match="participant_not_found"):
        world.participants.get("nobody")
    assert world.participants.owner(PHONE) is None


def test_a_change_ends_rows_and_begins_their_successors(world):
    jan = world.join(JAN)
    moved = replace(HOME, point=Point(5.0902345, 52.0278765))
    changed = world.change(jan, replace(jan, places=(moved, WORK)))
    assert world.participants.get(JAN.id) == changed
    times = {(row.point, row.version): (row.valid_from_ms, row.valid_until_ms) for row in world.rows()}
    then, now = epoch_ms(NOW), epoch_ms(LATER)
    assert times == {
        (HOME.point, 1): (then, now),
        (WORK.point, 1): (then, now),
        (moved.point, 2): (now, None),
        (WORK.point, 2): (now, None),
    }


def test_the_second_of_two_changes_of_the_same_version_fails_whole(world):
    jan = world.join(JAN)
    changed = world.change(jan, replace(jan, language=Language.EN))
    rows = world.rows()
    with pytest.raises(Conflict, match="changed_meanwhile"):
        world.change(jan, replace(jan, places=(WORK,), contacts=(PHONE,)))
    assert world.participants.get(JAN.id) == changed
    assert world.participants.owner(EMAIL) == JAN.id
    assert world.rows() == rows


def test_a_contact_of_somebody_else_is_not_taken(world):
    world.join(JAN)
    with pytest.raises(Conflict, match="changed_meanwhile"):
        world.join(replace(PIET, contacts=(PHONE,)))
    with pytest.raises(NotFound):
        world.participants.get(PIET.id)
    assert len(world.rows()) == 2
    assert world.participants.owner(PHONE) == JAN.id


def test_of_joins_with_one_contact_at_the_same_time_one_succeeds(world):
    def join(number):
        try:
            world.join(replace(JAN, id=f"{number:012d}"))
        except Conflict:
            return None
        return f"{number:012d}"

    with ThreadPoolExecutor(6) as pool:
        joined = [who for who in pool.map(join, range(12)) if who]
    assert [world.participants.owner(PHONE)] == joined
    assert {row.participant[:12] for row in world.rows()} == set(joined)


def test_a_contact_moves_in_one_change_of_two_participants(world):
    jan, piet = world.join(JAN), world.join(PIET)
    steps = [
        changing(piet, piet.with_contact(EMAIL), LATER),
        changing(jan, jan.without_contact(EMAIL), LATER),
    ]
    world.participants.commit(steps)
    assert world.participants.owner(EMAIL) == PIET.id
    assert world.participants.get(JAN.id).contacts == (PHONE,)
    assert world.participants.get(PIET.id).contact(ContactKind.EMAIL) == EMAIL


def test_a_contact_that_is_replaced_is_nobodys(world):
    jan = world.join(JAN)
    world.change(jan, jan.with_contact(Contact(ContactKind.PHONE, "+31611111111")))
    assert world.participants.owner(PHONE) is None


def test_who_leaves_leaves_nothing(world):
    world.sign_ups.add(SIGN_UP)
    jan = world.join(JAN.with_sign_up(SignUpRef(SIGN_UP.id, epoch_ms(SIGN_UP.expires_at))))
    jan = world.change(jan, replace(jan, places=(WORK,)))
    assert len(world.rows()) > 1
    world.participants.commit([leaving(jan)])
    assert world.rows() == []
    assert world.participants.owner(PHONE) is None
    assert world.participants.owner(EMAIL) is None
    for gone in (lambda: world.participants.get(JAN.id), lambda: world.sign_ups.get(SIGN_UP.id)):
        with pytest.raises(NotFound):
            gone()


def test_leaving_twice_conflicts(world):
    jan = world.join(JAN)
    world.participants.commit([leaving(jan)])
    with pytest.raises(Conflict):
        world.participants.commit([leaving(jan)])


def test_a_sign_up_stands_as_it_came_first(world):
    assert world.sign_ups.add(SIGN_UP) == SIGN_UP
    assert world.sign_ups.add(replace(SIGN_UP, created_at=NOW + timedelta(seconds=40))) == SIGN_UP
    assert world.sign_ups.get(SIGN_UP.id) == SIGN_UP


def test_a_proof_is_kept_with_the_change_and_gives_the_tries_back(world):
    world.sign_ups.add(SIGN_UP)
    for _ in range(3):
        world.sign_ups.take_try(SIGN_UP.id, ContactKind.PHONE, 3)
    step = joining(replace(JAN, contacts=(PHONE,)), NOW)
    world.participants.commit([step], Proof(SIGN_UP.id, ContactKind.PHONE, JAN.id))
    expected = SIGN_UP.proving(ContactKind.PHONE, JAN.id)
    assert world.sign_ups.take_try(SIGN_UP.id, ContactKind.PHONE, 3) == expected
    again = changing(step.after, step.after.with_contact(EMAIL), LATER)
    world.participants.commit([again], Proof(SIGN_UP.id, ContactKind.EMAIL, JAN.id))
    assert world.sign_ups.get(SIGN_UP.id) == expected.proving(ContactKind.EMAIL, JAN.id)
    assert expected.proving(ContactKind.EMAIL, JAN.id).first is ContactKind.PHONE


def test_a_proof_for_a_sign_up_that_went_or_led_elsewhere_undoes_the_change(world):
    proof = Proof(SIGN_UP.id, ContactKind.PHONE, JAN.id)
    with pytest.raises(Conflict):
        world.participants.commit([joining(JAN, NOW)], proof)
    world.sign_ups.add(SIGN_UP)
    world.participants.commit([joining(PIET, NOW)], replace(proof, participant=PIET.id))
    with pytest.raises(Conflict):
        world.participants.commit([joining(JAN, NOW)], proof)
    assert world.participants.owner(EMAIL) is None
    assert {row.participant for row in world.rows()} == {PIET.reference}


def test_the_stream_shows_areas_channels_and_whether_somebody_is_active(world, backend):
    if backend.name == "memory":
        pytest.skip("a stream carries rows, which the twin does not have")
    jan = world.join(replace(JAN, contacts=(EMAIL,)))
    world.change(jan, replace(jan, paused=True))
    table = world.participants.tables.participants
    item = aws.client("dynamodb").get_item(TableName=table, Key={"id": {"S": JAN.id}})["Item"]
    assert item["areas"] == {"L": [{"S": "BU03560101"}, {"S": "GM0356"}]}
    assert item["channels"] == {"L": [{"S": "email"}]}
    assert item["active"] == {"BOOL": False}
    rows = aws.client("dynamodb").scan(TableName=world.participants.tables.places)["Items"]
    assert {row["ttl"]["N"] for row in rows} == {str(epoch_ms(LATER) // 1000 + 86_400)}


def test_those_who_are_there_are_found_by_id(world):
    jan = world.join(JAN)
    world.join(PIET)
    world.participants.commit([leaving(world.participants.get(PIET.id))])
    assert world.participants.find([JAN.id, PIET.id, JAN.id, "2123456789ab"]) == {JAN.id: jan}
    assert world.participants.find([]) == {}


def test_who_is_due_on_a_day_is_found_by_that_day(world):
    store = world.participants
    store.commit([joining(JAN, NOW)])
    day = JAN.check_on
    assert (day.isoformat(), store.due(day, 10), store.due(day, 0)) == ("2029-11-19", [JAN.id], [])
    assert store.due(day + timedelta(days=1), 10) == []
    before = store.get(JAN.id)
    store.commit([changing(before, replace(before, asked=0, confirmed_at=LATER), LATER)])
    assert store.due(day, 10) == []


def scanned(world, table):
    return aws.client("dynamodb").scan(TableName=getattr(world.participants.tables, table))["Items"]


@pytest.fixture
def sealed(world):
    """A world of tables, in which contacts are sealed."""
    if isinstance(world.participants, MemoryParticipantStore):
        pytest.skip("the twin seals nothing")
    return world


def test_no_table_holds_a_contact_that_can_be_read(sealed):
    jan = sealed.join(JAN)
    for table in ("participants", "contacts", "places"):
        assert not any(contact.text.lower() in str(scanned(sealed, table)).lower() for contact in jan.contacts)
    held = sealed.participants.get(JAN.id)
    assert all(is_sealed(contact.sealed) for contact in held.contacts)
    assert {row.phone for row in (place.row for place in sealed.places.within(AROUND))} == {
        held.contact(ContactKind.PHONE).sealed
    }


def test_a_contact_that_stays_keeps_its_seal_and_one_that_changes_gets_another(sealed):
    jan = sealed.join(JAN)
    phone, email = (sealed.participants.get(JAN.id).contact(kind).sealed for kind in (PHONE.kind, EMAIL.kind))
    other = Contact(ContactKind.EMAIL, "other@burgernet.example")
    jan = sealed.change(jan, jan.with_contact(other).with_contact(PHONE))
    held = sealed.participants.get(JAN.id)
    assert held.contact(PHONE.kind).sealed == phone
    assert held.contact(EMAIL.kind) == other
    keys = sealed.participants.keys.find([JAN.id])[JAN.id]
    with pytest.raises(Unreadable):
        unseal(keys[EMAIL.kind], JAN.id, EMAIL.kind, email)
    assert sealed.participants.find([JAN.id, PIET.id]) == {JAN.id: held}
    sealed.change(held, held.without_contact(other))
    assert sealed.participants.keys.find([JAN.id])[JAN.id].keys() == {PHONE.kind}


def test_who_leaves_can_be_read_in_no_copy_of_a_table(sealed):
    jan = sealed.join(JAN)
    backup = [place.row for place in sealed.places.within(AROUND)]
    texts = {row.phone for row in backup} | {row.email for row in backup}
    sealed.participants.commit([leaving(jan)])
    assert sealed.participants.keys.find([JAN.id]) == {}
    for text in texts:
        for kind in ContactKind:
            with pytest.raises(Unreadable):
                unseal(sealed.participants.keys.find([JAN.id]).get(JAN.id, {}).get(kind), JAN.id, kind, text)


def test_another_container_opens_what_this_one_sealed_and_a_month_later_too(sealed):
    sealed.join(JAN)
    ours = sealed.participants.keys
    theirs = replace(ours, opened={}, clock=ManualClock(NOW + timedelta(days=40)))
    assert theirs.find([JAN.id]) == ours.find([JAN.id])
    store = replace(sealed.participants, keys=theirs)
    store.commit([joining(PIET, NOW)])
    assert store.get(PIET.id) == sealed.participants.get(PIET.id)
    assert {*ours.opened, *theirs.opened} >= {"2027-01"}
