"""Devices of a participant: from the browser to the place rows, and how they end."""

import pytest

from chalicelib.channels.model import Device
from chalicelib.participants.model import MAX_DEVICES, ChannelChoice, SuppressionReason
from chalicelib.participants.service import ChangeRequest
from chalicelib.participants.suppression import Suppress, Suppressor
from chalicelib.platform.batch import Record
from chalicelib.platform.errors import InvalidInput, NotFound
from chalicelib.platform.queues import QueueName
from local.carrier import devices

PUSH, SMS, MAIL = ChannelChoice.PUSH, ChannelChoice.SMS, ChannelChoice.EMAIL
KEYS = devices.Device("phone").subscription("")["keys"]


def device(n=0):
    return Device(f"https://fcm.googleapis.com/fcm/send/{n}", KEYS["p256dh"], KEYS["auth"])


@pytest.fixture
def token(house):
    return house.joined(channels=(SMS,), email=None)


@pytest.fixture
def subscribe(house, token):
    def subscribe(n=0):
        house.clock.advance(seconds=1)
        return house.participant_service.subscribe(token, device(n)).id

    return subscribe


def rows(house):
    return {(row.phone, row.email, row.push) for row in house.valid_rows().values()}


def gone(house, name, reference=None):
    house.clock.advance(seconds=1)
    body = Suppress(
        reference=reference or house.only_participant().reference,
        channel=PUSH,
        reason=SuppressionReason.BOUNCED,
        device=name,
    )
    Suppressor(house.participants, house.queues, house.clock).suppress(Record("1", 1, house.clock.now(), body))
    house.clock.advance(seconds=1)


def test_a_device_chooses_push_and_every_place_row_says_so_by_one_letter(house, subscribe):
    name = subscribe()
    somebody = house.only_participant()
    assert (somebody.devices, somebody.channels) == ((name,), (SMS, PUSH))
    assert rows(house) == {("+31612345678", None, True)}
    assert house.participants.devices.find([somebody.reference]) == {somebody.reference: {name: device()}}


def test_the_same_device_again_changes_no_row(house, subscribe):
    assert subscribe() == subscribe()
    before = len(house.places.rows)
    subscribe()
    assert len(house.places.rows) == before
    assert len(house.only_participant().devices) == 1


def test_of_too_many_devices_the_oldest_goes(house, subscribe):
    names = [subscribe(n) for n in range(MAX_DEVICES + 1)]
    somebody = house.only_participant()
    assert somebody.devices == tuple(names[1:])
    assert set(house.participants.devices.find([somebody.reference])[somebody.reference]) == set(names[1:])


def test_the_last_device_takes_push_along(house, token, subscribe):
    first, second = subscribe(0), subscribe(1)
    for name, left in ((first, True), (second, False), (second, False)):
        house.clock.advance(seconds=1)
        house.participant_service.unsubscribe_device(token, name)
        house.clock.advance(seconds=1)
        assert rows(house) == {("+31612345678", None, left)}
    assert house.only_participant().chosen == {SMS}
    assert house.participants.devices.rows == {}


def test_who_chooses_push_when_signing_up_is_reached_once_there_is_a_device(house):
    token = house.joined(channels=(PUSH,), phone=None)
    assert not house.only_participant().active
    assert house.valid_rows() == {}
    house.participant_service.subscribe(token, device())
    house.clock.advance(seconds=1)
    assert rows(house) == {(None, None, True)}


def test_push_is_not_chosen_without_a_device(house, token):
    with pytest.raises(InvalidInput) as caught:
        house.participant_service.change(token, ChangeRequest(channels=(SMS, PUSH)))
    assert [(it.field, it.code) for it in caught.value.fields] == [("channels.1", "push_needs_device")]


def test_who_chooses_push_away_keeps_the_device_and_can_choose_it_again(house, token, subscribe):
    subscribe()
    for channels, push in (((SMS,), False), ((SMS, PUSH), True)):
        house.clock.advance(seconds=1)
        house.participant_service.change(token, ChangeRequest(channels=channels))
        house.clock.advance(seconds=1)
        assert rows(house) == {("+31612345678", None, push)}
    assert len(house.only_participant().devices) == 1


def test_signing_up_again_ends_the_devices(house, token, subscribe):
    subscribe()
    house.clock.advance(seconds=1)
    house.joined(channels=(SMS,))
    assert house.only_participant().devices == ()
    assert house.participants.devices.rows == {}
    with pytest.raises(NotFound):
        house.participant_service.subscribe(token, device())


def test_who_leaves_leaves_no_device(house, token, subscribe):
    subscribe()
    house.participant_service.leave(token)
    assert house.participants.devices.rows == {}


def test_everything_that_is_kept_of_a_device_is_exported(house, token, subscribe):
    name = subscribe()
    assert house.participant_service.export(token).devices == {name: device()}


def test_without_mail_push_still_reaches_them(house):
    token = house.joined(channels=(MAIL,))
    house.participant_service.subscribe(token, device())
    house.participant_service.unsubscribe(house.unsubscribe_token())
    somebody = house.only_participant()
    assert (somebody.paused, somebody.channels) == (False, (PUSH,))


@pytest.mark.parametrize("endpoint", ["http://fcm.googleapis.com/a", "https://127.0.0.1/a", "https://evil.example/a"])
def test_nothing_but_a_push_service_is_written_to(house, token, endpoint):
    with pytest.raises(InvalidInput) as caught:
        house.participant_service.subscribe(token, Device(endpoint, KEYS["p256dh"], KEYS["auth"]))
    assert [(it.field, it.code) for it in caught.value.fields] == [("endpoint", "push_service_unknown")]
    assert house.participants.devices.rows == {}


def test_a_device_that_has_ended_is_taken_off_and_nobody_told_while_another_is_left(house, subscribe):
    first, second = subscribe(0), subscribe(1)
    house.queues.sent.clear()
    gone(house, first)
    assert house.only_participant().devices == (second,)
    assert house.queues.take(QueueName.NOTICES) == []
    assert rows(house) == {("+31612345678", None, True)}


def test_with_the_last_device_its_owner_is_told_elsewhere_once(house, subscribe):
    name = subscribe()
    house.deliver()
    house.post.texts.clear()
    for _ in range(3):
        gone(house, name)
    house.deliver()
    ((to, text),) = house.post.texts
    assert to == "+31612345678"
    assert "met pushberichten" in text
    assert rows(house) == {("+31612345678", None, False)}


def test_news_of_a_device_from_before_they_signed_up_again_is_let_go(house, token, subscribe):
    name, old = subscribe(), house.only_participant().reference
    house.clock.advance(seconds=1)
    anew = house.joined(channels=(SMS,))
    house.participant_service.subscribe(anew, device())
    gone(house, name, reference=old)
    assert house.only_participant().devices == (name,)
