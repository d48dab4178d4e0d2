"""What participants do behind their link: see, change, pause, take along, leave."""

from dataclasses import replace

import pytest

from chalicelib.areas.model import Point
from chalicelib.participants.insist import ATTEMPTS
from chalicelib.participants.model import ChannelChoice, ContactKind, Language, PlaceKind
from chalicelib.participants.place_finder import PlaceRequest
from chalicelib.participants.service import ChangeRequest
from chalicelib.platform.errors import Conflict, InvalidInput, NotFound

HOME, WORK, ELSEWHERE = Point(5.05, 52.05), Point(5.06, 52.06), Point(5.08, 52.08)
SMS, MAIL = ChannelChoice.SMS, ChannelChoice.EMAIL


def places(*points):
    return tuple(PlaceRequest(PlaceKind.HOME, point) for point in points)


def test_moving_makes_the_next_alert_find_the_new_place(house):
    token = house.joined()
    house.clock.advance(minutes=1)
    house.participant_service.change(token, ChangeRequest(places=places(ELSEWHERE)))
    assert set(house.valid_rows()) == {ELSEWHERE}
    house.clock.at = house.clock.at.replace(minute=15, second=30)
    assert set(house.valid_rows()) == {HOME, WORK}


def test_what_is_not_named_stays(house):
    token = house.joined()
    before = house.only_participant()
    after = house.participant_service.change(token, ChangeRequest(language=Language.EN))
    assert (after.places, after.chosen, after.contacts) == (before.places, before.chosen, before.contacts)
    assert {row.language for row in house.valid_rows().values()} == {"en"}


def test_a_change_that_changes_nothing_writes_nothing(house):
    token = house.joined()
    before = house.only_participant()
    assert house.participant_service.change(token, ChangeRequest()) == before
    assert house.participant_service.change(token, ChangeRequest(language=before.language, paused=False)) == before
    assert house.only_participant().version == before.version


def test_a_channel_that_is_dropped_gets_nothing_more(house):
    token = house.joined()
    house.clock.advance(seconds=1)
    house.participant_service.change(token, ChangeRequest(channels=(MAIL,)))
    assert {(row.phone, row.email) for row in house.valid_rows().values()} == {(None, "Jan@example.org")}


def test_a_channel_without_its_contact_cannot_be_chosen(house):
    token = house.joined(email=None, channels=(SMS,))
    with pytest.raises(InvalidInput) as refused:
        house.participant_service.change(token, ChangeRequest(channels=(SMS, MAIL)))
    assert refused.value.fields[0].field == "channels.1"
    assert refused.value.code == "channel_needs_contact"


def test_a_wrong_place_changes_nothing(house):
    token = house.joined()
    before = house.only_participant()
    with pytest.raises(InvalidInput, match="municipality_not_joined"):
        house.participant_service.change(token, ChangeRequest(places=places(Point(5.15, 52.05)), paused=True))
    assert house.only_participant() == before


def test_pausing_and_resuming(house):
    token = house.joined()
    house.clock.advance(seconds=1)
    assert not house.participant_service.change(token, ChangeRequest(paused=True)).active
    assert house.valid_rows() == {}
    house.clock.advance(seconds=1)
    assert house.participant_service.change(token, ChangeRequest(paused=False)).active
    assert set(house.valid_rows()) == {HOME, WORK}


def test_unsubscribing_ends_the_e_mail_and_nothing_else(house):
    token = house.joined()
    house.clock.advance(seconds=1)
    house.participant_service.unsubscribe(house.unsubscribe_token())
    assert {(row.phone, row.email) for row in house.valid_rows().values()} == {("+31612345678", None)}
    version = house.only_participant().version
    house.participant_service.unsubscribe(house.unsubscribe_token())
    assert house.only_participant().version == version
    assert house.participant_service.get(token).contact(ContactKind.EMAIL)


def test_who_ended_the_e_mail_gets_none_in_place_of_a_text_either_until_they_choose_it_again(house):
    token = house.joined()
    assert house.only_participant().spare(MAIL)
    house.clock.advance(seconds=1)
    house.participant_service.unsubscribe(house.unsubscribe_token())
    assert not house.only_participant().spare(MAIL)
    house.participant_service.change(token, ChangeRequest(channels=(SMS,)))
    assert not house.only_participant().spare(MAIL)
    house.participant_service.change(token, ChangeRequest(channels=(SMS, MAIL)))
    assert house.only_participant().spare(MAIL)


def test_whose_only_channel_ends_is_paused_and_can_come_back(house):
    token = house.joined(channels=(MAIL,))
    house.clock.advance(seconds=1)
    house.participant_service.unsubscribe(house.unsubscribe_token())
    assert house.valid_rows() == {}
    house.clock.advance(seconds=1)
    house.participant_service.change(token, ChangeRequest(paused=False))
    assert {row.email for row in house.valid_rows().values()} == {"Jan@example.org"}


def test_no_other_link_unsubscribes(house):
    token = house.joined()
    with pytest.raises(NotFound):
        house.participant_service.unsubscribe(token)
    with pytest.raises(NotFound):
        house.participant_service.get(house.unsubscribe_token())


def test_leaving_removes_every_row_and_ends_the_link(house):
    token = house.joined()
    house.participant_service.change(token, ChangeRequest(places=places(ELSEWHERE)))
    house.participant_service.leave(token)
    assert house.participants.rows == {}
    assert house.participants.owner_of == {}
    assert house.places.rows == {}
    assert house.sign_ups.rows == {}
    for again in (house.participant_service.get, house.participant_service.leave, house.participant_service.export):
        with pytest.raises(NotFound, match="link_not_valid"):
            again(token)


def test_who_left_can_come_back_as_somebody_new(house):
    house.participant_service.leave(house.joined())
    assert house.participant_service.get(house.joined()) == house.only_participant()


def test_everything_that_is_stored_can_be_taken_along(house):
    token = house.joined()
    export = house.participant_service.export(token)
    assert export.participant == house.only_participant()
    assert [sign_up.id for sign_up in export.sign_ups] == list(house.sign_ups.rows)


def test_a_sign_up_that_has_ended_is_not_in_the_export(house):
    token = house.joined()
    house.sign_ups.rows.clear()
    assert house.participant_service.export(token).sign_ups == ()


def test_two_changes_at_the_same_time_are_both_kept(house):
    token = house.joined()

    def rival():
        house.participant_service.change(token, ChangeRequest(language=Language.EN))

    service = replace(house.participant_service, participants=house.overtaken(rival))
    service.change(token, ChangeRequest(places=places(ELSEWHERE)))
    assert house.only_participant().language is Language.EN
    assert [place.point for place in house.only_participant().places] == [ELSEWHERE]


def test_who_leaves_is_gone_even_if_a_change_came_between(house):
    token = house.joined()

    def rival():
        house.participant_service.change(token, ChangeRequest(places=places(ELSEWHERE)))

    replace(house.participant_service, participants=house.overtaken(rival)).leave(token)
    assert house.places.rows == {}


def test_a_change_does_not_bring_back_who_left(house):
    token = house.joined()

    def rival():
        house.participant_service.leave(token)

    service = replace(house.participant_service, participants=house.overtaken(rival))
    with pytest.raises(NotFound, match="link_not_valid"):
        service.change(token, ChangeRequest(paused=True))
    assert house.participants.rows == {}


def test_who_is_always_overtaken_is_told(house):
    token = house.joined()

    def rival():
        language = Language.EN if house.only_participant().language is Language.NL else Language.NL
        house.participant_service.change(token, ChangeRequest(language=language))

    store = house.overtaken(rival, ATTEMPTS)
    with pytest.raises(Conflict, match="changed_meanwhile"):
        replace(house.participant_service, participants=store).change(token, ChangeRequest(places=places(ELSEWHERE)))


def test_contacts_are_shown_to_their_owner_in_full(house):
    participant = house.participant_service.get(house.joined())
    assert participant.contact(ContactKind.PHONE).text == "+31612345678"


def test_a_landline_is_called_and_gets_no_texts(house):
    token = house.joined(phone="020 6123456", channels=(ChannelChoice.VOICE, ChannelChoice.EMAIL))
    assert {(row.phone, row.voice) for row in house.valid_rows().values()} == {(None, "+31206123456")}
    with pytest.raises(InvalidInput) as refused:
        house.participant_service.change(token, ChangeRequest(channels=(ChannelChoice.EMAIL, ChannelChoice.SMS)))
    assert (refused.value.code, refused.value.fields[0].field) == ("phone_not_mobile", "channels.1")
    house.participant_service.change(token, ChangeRequest(channels=(ChannelChoice.EMAIL,)))
    assert {(row.phone, row.voice) for row in house.valid_rows().values()} == {(None, None)}


def test_a_mobile_can_be_for_texts_for_calls_or_for_both(house):
    token = house.joined(channels=(ChannelChoice.VOICE, ChannelChoice.EMAIL))
    assert {(row.phone, row.voice) for row in house.valid_rows().values()} == {(None, "+31612345678")}
    house.participant_service.change(token, ChangeRequest(channels=(ChannelChoice.SMS, ChannelChoice.VOICE)))
    assert {(row.phone, row.voice) for row in house.valid_rows().values()} == {("+31612345678", "+31612345678")}
