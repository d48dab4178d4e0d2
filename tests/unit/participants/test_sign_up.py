"""From a sign-up to a participant: one per contact, whatever is clicked, doubled or proved in what order."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.areas.model import Point
from chalicelib.participants.model import ChannelChoice, ContactKind, PlaceKind
from chalicelib.participants.place_finder import PlaceRequest
from chalicelib.participants.service import ChangeRequest
from chalicelib.platform.errors import Gone, InvalidInput, NotFound, TooManyRequests
from chalicelib.platform.queues import QueueName

PHONE, EMAIL = ContactKind.PHONE, ContactKind.EMAIL
SMS, MAIL = ChannelChoice.SMS, ChannelChoice.EMAIL
HOME, WORK, ELSEWHERE = Point(5.05, 52.05), Point(5.06, 52.06), Point(5.08, 52.08)
BY_PHONE = {"email": None, "channels": (SMS,)}
BY_EMAIL = {"phone": None, "channels": (MAIL,)}


def verify(house, sign_up, kind):
    return house.sign_up_service.verify(sign_up.id, kind, house.codes.code(sign_up, kind))


def wrong_code(house, sign_up, kind):
    return f"{(int(house.codes.code(sign_up, kind)) + 1) % 1_000_000:06d}"


# Signing up


def test_a_code_goes_to_each_contact(house):
    sign_up = house.signed_up()
    house.deliver()
    ((phone, text),) = house.post.texts
    ((address, subject, *_),) = house.post.mails
    assert (phone, address) == ("+31612345678", "Jan@example.org")
    assert house.codes.code(sign_up, PHONE) in text
    assert house.codes.code(sign_up, EMAIL) in subject


def test_a_try_that_died_half_way_is_the_same_sign_up_with_the_same_code_when_it_comes_again(house):
    def signed_up(deed):
        return house.sign_up_service.sign_up(house.request(), "203.0.113.7", deed)

    first = signed_up("a")
    house.clock.advance(seconds=40)
    assert signed_up("a") == first
    assert signed_up("b").id != first.id != signed_up("").id
    assert len(house.sign_ups.rows) == 3
    house.verified(first, PHONE)
    assert signed_up("a").proved == {PHONE}


def test_a_try_that_comes_again_when_its_codes_are_over_gets_new_ones(house):
    def signed_up():
        return house.sign_up_service.sign_up(house.request(), "203.0.113.7", "a")

    first = signed_up()
    house.queues.take(QueueName.NOTICES)
    house.clock.advance(minutes=10)
    again = signed_up()
    assert again.id != first.id
    assert [body["sign_up"] for body in house.queues.take(QueueName.NOTICES)] == [again.id] * 2
    house.verified(again, PHONE)


def test_nobody_takes_part_before_a_code(house):
    house.signed_up()
    assert house.participants.rows == {}
    assert house.places.rows == {}


def test_the_queue_carries_neither_contacts_nor_codes(house):
    sign_up = house.signed_up()
    bodies = house.queues.take(QueueName.NOTICES)
    assert bodies == [
        {"kind": "verification", "sign_up": sign_up.id, "contact": "phone"},
        {"kind": "verification", "sign_up": sign_up.id, "contact": "email"},
    ]


def test_the_year_of_birth_is_not_kept(house):
    house.joined(birth_year=1987)
    assert "1987" not in repr([vars(row) for row in house.sign_ups.rows.values()])
    assert "1987" not in repr(vars(house.only_participant()))


def test_signing_up_does_not_even_look_whether_a_contact_is_known(house):
    class Blind:
        """Has none of the methods by which a participant or contact could be found."""

    sign_up = replace(house.sign_up_service, participants=Blind()).sign_up(house.request(), "192.0.2.7")
    assert [contact.kind for contact in sign_up.contacts] == [PHONE, EMAIL]


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"phone": None, "email": None}, "phone", "contact_missing"),
        ({"phone": "112"}, "phone", "phone_invalid"),
        ({"email": "jan"}, "email", "email_invalid"),
        ({"phone": None}, "channels.0", "channel_needs_contact"),
        ({"email": None}, "channels.1", "channel_needs_contact"),
        ({"channels": ()}, "channels", "channel_missing"),
        ({"birth_year": 2011}, "birth_year", "too_young"),
        ({"places": ()}, "places", "place_count"),
    ],
)
def test_what_cannot_be_is_refused_and_leaves_nothing(house, changes, field, code):
    with pytest.raises(InvalidInput) as refused:
        house.signed_up(**changes)
    assert (refused.value.fields[0].field, refused.value.fields[0].code) == (field, code)
    assert house.sign_ups.rows == {}
    assert house.queues.sent == []


def test_sixteen_is_counted_in_calendar_years_of_amsterdam(house):
    house.clock.at = datetime(2026, 12, 31, 22, 59, tzinfo=UTC)
    with pytest.raises(InvalidInput, match="too_young"):
        house.signed_up(birth_year=2011)
    house.clock.advance(minutes=1)
    assert house.signed_up(birth_year=2011)


# Proving a contact


def test_the_first_code_makes_a_participant_with_that_contact(house):
    verified = verify(house, house.signed_up(), PHONE)
    assert (verified.proved, verified.pending) == ((PHONE,), (EMAIL,))
    rows = house.valid_rows()
    assert set(rows) == {HOME, WORK}
    assert {(row.phone, row.email) for row in rows.values()} == {("+31612345678", None)}


def test_the_second_code_starts_its_channel(house):
    sign_up = house.signed_up()
    first = verify(house, sign_up, PHONE)
    second = verify(house, sign_up, EMAIL)
    assert (second.proved, second.pending) == ((EMAIL, PHONE), ())
    assert second.manage_token == first.manage_token
    assert {row.email for row in house.valid_rows().values()} == {"Jan@example.org"}


def test_a_contact_whose_channel_was_not_chosen_makes_nobody_active(house):
    sign_up = house.signed_up(channels=(SMS,))
    verify(house, sign_up, EMAIL)
    assert not house.only_participant().active
    assert house.valid_rows() == {}
    verify(house, sign_up, PHONE)
    assert {row.email for row in house.valid_rows().values()} == {None}


def test_a_code_works_once(house):
    sign_up = house.signed_up()
    verify(house, sign_up, PHONE)
    before = house.only_participant()
    for _ in range(3):
        with pytest.raises(Gone) as used:
            verify(house, sign_up, PHONE)
        assert used.value.code == "code_used"
    assert house.only_participant() == before


def test_of_codes_given_at_the_same_time_one_counts(house):
    sign_up = house.signed_up()

    def prove(kind):
        with suppress(Gone):
            return verify(house, sign_up, kind)

    with ThreadPoolExecutor(4) as pool:
        answers = list(filter(None, pool.map(prove, [PHONE, EMAIL] * 2)))
    assert len(answers) == 2
    assert len({answer.manage_token for answer in answers}) == 1
    assert {contact.kind for contact in house.only_participant().contacts} == {PHONE, EMAIL}
    assert len(house.valid_rows()) == 2


def test_signing_up_twice_at_the_same_time_makes_one_participant(house):
    sign_ups = [house.signed_up() for _ in range(4)]
    pairs = [(sign_up, kind) for sign_up in sign_ups for kind in (PHONE, EMAIL)]

    def prove(pair):
        with suppress(NotFound):  # its participant was taken over by another of the sign-ups, and it with them
            verify(house, *pair)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(prove, pairs))
    assert {contact.kind for contact in house.only_participant().contacts} == {PHONE, EMAIL}
    assert len(house.valid_rows()) == 2


def test_a_wrong_code_is_refused_and_changes_nothing(house):
    sign_up = house.signed_up()
    with pytest.raises(InvalidInput, match="code_wrong"):
        house.sign_up_service.verify(sign_up.id, PHONE, wrong_code(house, sign_up, PHONE))
    with pytest.raises(InvalidInput, match="code_wrong"):
        house.sign_up_service.verify(sign_up.id, PHONE, house.codes.code(sign_up, EMAIL))
    assert house.participants.rows == {}


def test_five_wrong_codes_lock_one_contact(house):
    sign_up = house.signed_up()
    for _ in range(5):
        with pytest.raises(InvalidInput, match="code_wrong"):
            house.sign_up_service.verify(sign_up.id, PHONE, wrong_code(house, sign_up, PHONE))
    with pytest.raises(TooManyRequests, match="verification_locked"):
        verify(house, sign_up, PHONE)
    assert verify(house, sign_up, EMAIL).proved == (EMAIL,)


def test_wrong_codes_after_the_right_one_lock_too(house):
    sign_up = house.signed_up()
    verify(house, sign_up, PHONE)
    for _ in range(5):
        with pytest.raises(InvalidInput, match="code_wrong"):
            house.sign_up_service.verify(sign_up.id, PHONE, wrong_code(house, sign_up, PHONE))
    with pytest.raises(TooManyRequests, match="verification_locked"):
        verify(house, sign_up, PHONE)


def test_a_code_works_for_ten_minutes(house):
    sign_up = house.signed_up()
    house.clock.advance(minutes=10, milliseconds=-1)
    assert verify(house, sign_up, PHONE).proved == (PHONE,)
    house.clock.advance(milliseconds=1)
    for kind in (PHONE, EMAIL):
        with pytest.raises(Gone, match="code_expired"):
            verify(house, sign_up, kind)


@pytest.mark.parametrize(
    "sign_up_id", ["0123456789abcdef", "", "é" * 16, "\ud800" * 16, "0" * 5_000, "0123456789ABCDEF"]
)
def test_an_unknown_sign_up_is_not_found(house, sign_up_id):
    with pytest.raises(NotFound, match="sign_up_not_found"):
        house.sign_up_service.verify(sign_up_id, PHONE, "123456")


def test_a_contact_that_was_not_given_cannot_be_proved(house):
    with pytest.raises(NotFound, match="sign_up_not_found"):
        house.sign_up_service.verify(house.signed_up(**BY_PHONE).id, EMAIL, "123456")


# Who signs up again


def test_a_known_contact_updates_its_participant(house):
    house.joined(**BY_PHONE)
    before = house.only_participant()
    house.clock.advance(days=30)
    places = (PlaceRequest(PlaceKind.HOME, ELSEWHERE),)
    token = house.joined(**BY_PHONE, places=places)
    assert house.only_participant().id == before.id
    assert set(house.valid_rows()) == {ELSEWHERE}
    assert house.participant_service.get(token) == house.only_participant()


def test_case_does_not_make_another_person(house):
    house.joined(**BY_EMAIL)
    house.joined(phone=None, email="jAN@EXAMPLE.org", channels=(MAIL,))
    assert house.only_participant().contact(EMAIL).text == "jAN@example.org"


def test_earlier_links_end_when_a_contact_signs_up_again(house):
    """The number may have gone to another person, whose places the earlier one must not see."""
    earlier = house.joined(**BY_PHONE)
    later = house.joined(**BY_PHONE)
    with pytest.raises(NotFound, match="link_not_valid"):
        house.participant_service.get(earlier)
    assert house.participant_service.get(later)


def test_contacts_that_the_new_sign_up_does_not_name_go(house):
    house.joined()
    house.joined(**BY_PHONE)
    assert [contact.kind for contact in house.only_participant().contacts] == [PHONE]
    house.joined(phone="0687654321", email="jan@example.org")
    assert len(house.participants.rows) == 2


def test_who_paused_and_signs_up_again_is_active(house):
    token = house.joined()
    house.participant_service.change(token, ChangeRequest(paused=True))
    assert house.valid_rows() == {}
    house.joined()
    assert len(house.valid_rows()) == 2


def test_contacts_of_two_participants_come_together(house):
    house.joined(**BY_PHONE)
    house.joined(**BY_EMAIL)
    assert len(house.participants.rows) == 2
    house.joined(places=(PlaceRequest(PlaceKind.HOME, ELSEWHERE),))
    assert {contact.kind for contact in house.only_participant().contacts} == {PHONE, EMAIL}
    assert set(house.valid_rows()) == {ELSEWHERE}
    assert len(house.places.rows) == len(house.only_participant().rows)


def test_the_contact_proved_last_moves_and_the_other_keeps_what_is_left(house):
    house.joined(phone="0687654321")
    other = house.only_participant()
    sign_up = house.signed_up()
    verify(house, sign_up, PHONE)
    verify(house, sign_up, EMAIL)
    assert [contact.text for contact in house.participants.get(other.id).contacts] == ["+31687654321"]
    assert {row.email for row in house.valid_rows().values() if row.phone == "+31687654321"} <= {None}
    mine = house.participants.owner(sign_up.contact(EMAIL))
    assert mine == house.participants.owner(sign_up.contact(PHONE)) != other.id


def test_a_sign_up_is_over_once_its_participant_went_into_another(house):
    first, second = house.signed_up(), house.signed_up()
    verify(house, first, PHONE)
    verify(house, second, EMAIL)
    verify(house, first, EMAIL)
    with pytest.raises(NotFound, match="sign_up_not_found"):
        verify(house, second, PHONE)
    assert {contact.kind for contact in house.only_participant().contacts} == {PHONE, EMAIL}


def test_who_left_between_two_codes_is_not_brought_back(house):
    sign_up = house.signed_up()
    token = verify(house, sign_up, PHONE).manage_token
    house.participant_service.leave(token)
    for kind in (PHONE, EMAIL):
        with pytest.raises(NotFound, match="sign_up_not_found"):
            verify(house, sign_up, kind)
    assert house.participants.rows == {}


# Others at the same time, and failures on the way


def test_a_contact_that_another_sign_up_took_a_moment_ago_updates_that_participant(house):
    mine, rival = house.signed_up(**BY_PHONE), house.signed_up(**BY_PHONE)
    store = house.overtaken(lambda: verify(house, rival, PHONE))
    service = replace(house.sign_up_service, participants=store)
    service.verify(mine.id, PHONE, house.codes.code(mine, PHONE))
    assert house.only_participant().link_version == 1


def test_a_participant_who_leaves_a_moment_before_a_proof_is_made_anew(house):
    token = house.joined(**BY_PHONE)
    before = house.only_participant()
    mine = house.signed_up(**BY_PHONE)
    store = house.overtaken(lambda: house.participant_service.leave(token))
    service = replace(house.sign_up_service, participants=store)
    service.verify(mine.id, PHONE, house.codes.code(mine, PHONE))
    assert house.only_participant().id != before.id


def test_whose_code_fails_on_the_way_gets_the_link_when_it_is_sent_again(house):
    sign_up = house.signed_up(**BY_PHONE)

    class Failing:
        def send(self, queue, bodies, *, delay_s=0):
            raise ConnectionError("the queue does not answer")

    with pytest.raises(ConnectionError):
        replace(house.sign_up_service, queues=Failing()).verify(sign_up.id, PHONE, house.codes.code(sign_up, PHONE))
    house.queues.take(QueueName.NOTICES)
    with pytest.raises(Gone):
        verify(house, sign_up, PHONE)
    house.deliver()
    assert "/manage#" in house.post.texts[0][1]
    assert len(house.participants.rows) == 1


def test_one_welcome_for_a_participant(house):
    sign_up = house.signed_up()
    house.queues.take(QueueName.NOTICES)
    verify(house, sign_up, PHONE)
    for _ in range(2):
        with pytest.raises(Gone):
            verify(house, sign_up, PHONE)
    verify(house, sign_up, EMAIL)
    house.deliver()
    with pytest.raises(Gone):
        verify(house, sign_up, PHONE)
    house.deliver()
    assert len(house.post.texts) == 1
    assert house.post.mails == []


def test_a_sign_up_waits_for_a_day(house):
    sign_up = house.signed_up()
    assert sign_up.expires_at - sign_up.created_at == timedelta(hours=24)
