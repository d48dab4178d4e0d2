"""Who hands over texts and calls: the twins and AWS's own requests against the carrier, one suite for all."""

from datetime import UTC, datetime

import boto3
import httpx
import pytest
from botocore.config import Config

from chalicelib.channels.connect import ConnectPlayer, SpeakOrPlay
from chalicelib.channels.end_user_messaging import Account, EumSmsSender, EumVoiceSender, MemoryVoiceSender
from chalicelib.channels.model import Accepted, Recording, Refusal, Refused, Speech
from chalicelib.channels.sms import MemorySmsSender
from chalicelib.platform.clock import ManualClock
from local.carrier.app import Carrier, create_app, jwks_file
from local.carrier.exchange import Exchange
from local.carrier.faults import FaultPlan, Faults
from local.carrier.geocoder import Geocoder
from local.carrier.inbox import Inbox
from local.carrier.receipts import Receipts
from local.carrier.replies import Replies
from local.loopback import running

PHONE = "+31612345678"
TAGS = {"alert": "0000000abc", "message": "call", "batch": "00000-00001", "index": "7"}
SPEECH = Speech('<speak><p>Bel <say-as interpret-as="digits">112</say-as>.</p></speak>', "nl")
RECORDING = Recording(
    "s3://burgernet-recordings/abc.wav", Speech("<speak>Dit is een bericht van Burgernet.</speak>", "nl"), SPEECH
)
FAULTS = {
    Refusal.THROTTLED: ("throttled", "ThrottlingException"),
    Refusal.PERMANENT: ("rejected", "ValidationException"),
    Refusal.OPTED_OUT: ("opted_out", "DESTINATION_PHONE_NUMBER_OPTED_OUT"),
}


class Twin:
    def __init__(self, sender):
        self.sender = sender

    def refuse(self, reason):
        self.sender.refusals[PHONE] = [Refused(reason, FAULTS[reason][1])]

    def taken(self):
        return [sent[0] for sent in self.sender.sent] if hasattr(self.sender, "sent") else self._called()

    def _called(self):
        return [call.phone for call in self.sender.calls]


class Real:
    def __init__(self, sender, exchange):
        self.sender = sender
        self.exchange = exchange
        exchange.clear()
        exchange.faults.put(FaultPlan())

    def refuse(self, reason):
        self.exchange.faults.put(FaultPlan.model_validate({"rules": [{"fault": FAULTS[reason][0], "times": 1}]}))

    def taken(self):
        return [message.to for message in self.exchange.inbox.select()]


@pytest.fixture(scope="module")
def carrier(tmp_path_factory):
    files = tmp_path_factory.mktemp("carrier")
    clock, inbox = ManualClock(datetime(2026, 11, 23, 20, 15, tzinfo=UTC)), Inbox()
    exchange = Exchange(inbox, Faults(), Receipts(inbox, {}, clock), clock)
    replies = Replies(httpx.AsyncClient(trust_env=False))
    app = create_app(Carrier(exchange, replies, Geocoder(files / "addresses.json"), jwks_file(files / "jwks.json")))
    with running(app) as url:
        client = boto3.client(
            "pinpoint-sms-voice-v2",
            endpoint_url=url,
            region_name="eu-west-1",
            aws_access_key_id="x",
            aws_secret_access_key="x",
            config=Config(retries={"total_max_attempts": 1}),
        )
        yield Account(lambda: client, "burgernet"), exchange


@pytest.fixture(params=["memory", "carrier"])
def player(request):
    if request.param == "memory":
        return Twin(MemoryVoiceSender())
    account, exchange = request.getfixturevalue("carrier")
    client = boto3.client(
        "connect",
        endpoint_url=account.client().meta.endpoint_url,
        region_name="eu-central-1",
        aws_access_key_id="x",
        aws_secret_access_key="x",
        config=Config(retries={"total_max_attempts": 1}),
    )
    plays = ConnectPlayer(lambda: client, "instance", "flow", "+31201111111", {"nl": "Lotte", "en": "Amy"})
    return Real(SpeakOrPlay(EumVoiceSender(account, "burgernet", {"nl": "LOTTE", "en": "AMY"}), plays), exchange)


@pytest.fixture(params=["memory", "carrier"])
def voice(request):
    if request.param == "memory":
        return Twin(MemoryVoiceSender())
    account, exchange = request.getfixturevalue("carrier")
    return Real(EumVoiceSender(account, "burgernet", {"nl": "LOTTE", "en": "AMY"}), exchange)


@pytest.fixture(params=["memory", "carrier"])
def sms(request):
    if request.param == "memory":
        return Twin(MemorySmsSender())
    account, exchange = request.getfixturevalue("carrier")
    return Real(EumSmsSender(account, "Burgernet"), exchange)


def test_a_call_is_taken_and_every_one_has_an_id_of_its_own(voice):
    first, second = (voice.sender.call(PHONE, SPEECH, tags=TAGS, life_s=600) for _ in range(2))
    assert isinstance(first, Accepted)
    assert first.provider_id != second.provider_id
    assert voice.taken() == [PHONE, PHONE]


def test_a_text_is_taken_and_every_one_has_an_id_of_its_own(sms):
    first, second = (sms.sender.send(PHONE, "Vermist: Noor", tags=TAGS, life_s=600) for _ in range(2))
    assert isinstance(first, Accepted)
    assert first.provider_id != second.provider_id
    assert sms.taken() == [PHONE, PHONE]


@pytest.mark.parametrize("reason", FAULTS)
def test_what_is_refused_is_told_in_our_words_and_the_next_one_is_taken(voice, sms, reason):
    for port, send in (
        (voice, lambda: voice.sender.call(PHONE, SPEECH)),
        (sms, lambda: sms.sender.send(PHONE, "hoi")),
    ):
        port.refuse(reason)
        assert send() == Refused(reason, FAULTS[reason][1])
        assert isinstance(send(), Accepted)
        assert port.taken().count(PHONE) >= 1


def test_who_plays_recordings_speaks_as_well(player):
    for number, said in enumerate((RECORDING, SPEECH)):
        assert isinstance(player.sender.call(PHONE, said, tags={**TAGS, "index": str(number)}, life_s=600), Accepted)
    assert player.taken() == [PHONE, PHONE]


@pytest.mark.parametrize("reason", [Refusal.THROTTLED, Refusal.PERMANENT])
def test_what_is_not_played_is_told_in_our_words_and_the_next_one_is(player, reason):
    player.refuse(reason)
    tags = {**TAGS, "message": f"outcome-{reason}"}
    assert player.sender.call(PHONE, RECORDING, tags=tags).reason is reason
    assert isinstance(player.sender.call(PHONE, RECORDING, tags=tags), Accepted)


@pytest.mark.parametrize("player", ["carrier"], indirect=True)
def test_a_call_that_is_asked_for_twice_is_made_once_and_says_what_it_must(player):
    tags = {**TAGS, "index": "49"}
    first, again = (player.sender.call(PHONE, RECORDING, tags=tags) for _ in range(2))
    assert first == again
    (message,) = player.exchange.inbox.select()
    assert message.content.text == (
        "Dit is een bericht van Burgernet.\n"
        "[https://burgernet-recordings.s3.eu-central-1.amazonaws.com/abc.wav]\n"
        "Bel 112."
    )
    assert dict(message.tags) == tags
