"""Requests as AWS's own model has them, and what it answers in our words."""

import re

import boto3
import pytest
from botocore.exceptions import ConnectTimeoutError, ReadTimeoutError
from botocore.stub import Stubber

from chalicelib.alerts.text import Language
from chalicelib.channels.end_user_messaging import Account, EumSmsSender, EumVoiceSender
from chalicelib.channels.model import Accepted, Recording, Refusal, Refused, Speech
from chalicelib.delivery.model import BatchKey
from chalicelib.platform.settings import Settings

PHONE = "+31201234567"
TAGS = {"alert": "0000000abc", "message": "outcome", "batch": BatchKey("", "", 32_767, 32_767).batch, "index": "49"}
SPEECH = Speech("<speak><p>Vermist: Noor</p></speak>", Language.NL)
OWN = {name: field.default for name, field in Settings.model_fields.items()}


@pytest.fixture
def client():
    return boto3.client(
        "pinpoint-sms-voice-v2", region_name="eu-west-1", aws_access_key_id="x", aws_secret_access_key="x"
    )


@pytest.fixture
def sms(client):
    return EumSmsSender(Account(lambda: client, OWN["phone_configuration_set"]), OWN["sms_origination"])


@pytest.fixture
def voice(client):
    account = Account(lambda: client, OWN["phone_configuration_set"])
    return EumVoiceSender(account, OWN["voice_origination"], {"nl": OWN["voice_id_nl"], "en": OWN["voice_id_en"]})


class Asked:
    """Keeps the request, after botocore has held it against AWS's model, and answers in AWS's place."""

    def __init__(self, client, operation):
        self.model = client.meta.service_model.operation_model(operation).input_shape
        client.meta.events.register(f"provide-client-params.*.{operation}", self.keep)
        self.stub = Stubber(client)
        self.stub.add_response(_snake(operation), {"MessageId": "m1"})

    def keep(self, params, **_):
        self.params = params

    def breaches(self):
        """What botocore does not check: lengths, patterns, words and numbers of AWS's model."""
        return list(_breaches("", self.params, self.model))


def _snake(operation):
    return re.sub(r"(?<!^)([A-Z])", r"_\1", operation).lower()


def _breaches(name, value, shape):
    if shape.type_name == "structure":
        for member, inner in value.items():
            yield from _breaches(member, inner, shape.members[member])
        return
    size = value if isinstance(value, int) else len(value)
    if not shape.metadata.get("min", 0) <= size <= shape.metadata.get("max", size):
        yield f"{name}: size {size}"
    if shape.type_name == "map":
        for key, inner in value.items():
            yield from _breaches(f"{name}.{key}", key, shape.key)
            yield from _breaches(f"{name}.{key}", inner, shape.value)
    if shape.type_name == "string" and not re.fullmatch(shape.metadata.get("pattern", r"[\s\S]*"), value):
        yield f"{name}: pattern"
    if shape.type_name == "string" and shape.enum and value not in shape.enum:
        yield f"{name}: not a word of AWS's"


def test_a_text_is_sent_as_awss_model_has_it(client, sms):
    asked = Asked(client, "SendTextMessage")
    with asked.stub:
        assert sms.send(PHONE, "Vermist: Noor", tags=TAGS, life_s=600) == Accepted("m1")
    assert asked.breaches() == []
    assert asked.params == {
        "DestinationPhoneNumber": PHONE,
        "OriginationIdentity": "Burgernet",
        "MessageBody": "Vermist: Noor",
        "MessageType": "TRANSACTIONAL",
        "ConfigurationSetName": "burgernet",
        "TimeToLive": 600,
        "Context": TAGS,
    }


@pytest.mark.parametrize(("language", "voice_id"), [(Language.NL, "LOTTE"), (Language.EN, "AMY")])
def test_a_call_is_asked_for_as_awss_model_has_it_with_a_voice_of_its_language(client, voice, language, voice_id):
    asked = Asked(client, "SendVoiceMessage")
    with asked.stub:
        assert voice.call(PHONE, Speech(SPEECH.ssml, language), tags=TAGS, life_s=600) == Accepted("m1")
    assert asked.breaches() == []
    assert asked.params == {
        "DestinationPhoneNumber": PHONE,
        "OriginationIdentity": "burgernet",
        "MessageBody": SPEECH.ssml,
        "MessageBodyTextType": "SSML",
        "VoiceId": voice_id,
        "ConfigurationSetName": "burgernet",
        "TimeToLive": 600,
        "Context": TAGS,
    }


@pytest.mark.parametrize(("life_s", "asked_for"), [(None, 3_600), (-30, 5), (4, 5), (79_200, 79_200), (10**6, 259_200)])
def test_how_long_it_is_of_use_stays_within_what_aws_takes(client, voice, life_s, asked_for):
    asked = Asked(client, "SendVoiceMessage")
    with asked.stub:
        voice.call(PHONE, SPEECH, life_s=life_s)
    assert asked.breaches() == []
    assert asked.params["TimeToLive"] == asked_for


def test_it_cannot_play_a_recording_and_says_so(voice):
    refused = voice.call(PHONE, Recording("s3://burgernet/noor.wav", SPEECH, SPEECH))
    assert refused == Refused(Refusal.PERMANENT, "RecordingNotSupported")


@pytest.mark.parametrize(
    ("code", "reason", "answer"),
    [
        ("ThrottlingException", None, Refused(Refusal.THROTTLED, "ThrottlingException")),
        ("ValidationException", "INVALID_PARAMETER", Refused(Refusal.PERMANENT, "ValidationException")),
        (
            "ServiceQuotaExceededException",
            "MONTHLY_SPEND_LIMIT_REACHED_FOR_VOICE",
            Refused(Refusal.TEMPORARY, "ServiceQuotaExceededException"),
        ),
        (
            "ServiceQuotaExceededException",
            "DAILY_DESTINATION_CALL_LIMIT",
            Refused(Refusal.PERMANENT, "DAILY_DESTINATION_CALL_LIMIT"),
        ),
        ("ResourceNotFoundException", None, Refused(Refusal.TEMPORARY, "ResourceNotFoundException")),
        (
            "ConflictException",
            "DESTINATION_PHONE_NUMBER_OPTED_OUT",
            Refused(Refusal.OPTED_OUT, "DESTINATION_PHONE_NUMBER_OPTED_OUT"),
        ),
        (
            "ConflictException",
            "DESTINATION_COUNTRY_BLOCKED_BY_PROTECT_CONFIGURATION",
            Refused(Refusal.PERMANENT, "DESTINATION_COUNTRY_BLOCKED_BY_PROTECT_CONFIGURATION"),
        ),
        ("ConflictException", "RESOURCE_NOT_ACTIVE", Refused(Refusal.TEMPORARY, "RESOURCE_NOT_ACTIVE")),
        ("SomethingNew", None, Refused(Refusal.TEMPORARY, "SomethingNew")),
    ],
)
def test_what_aws_refuses_is_told_in_our_words(client, sms, voice, code, reason, answer):
    with Stubber(client) as stub:
        for operation in ("send_text_message", "send_voice_message"):
            fields = {"Reason": reason} if reason else None
            stub.add_client_error(operation, code, f"about {PHONE}", modeled_fields=fields)
        answers = [sms.send(PHONE, "hoi"), voice.call(PHONE, SPEECH)]
    assert answers == [answer, answer]
    assert PHONE not in repr(answers)


@pytest.mark.parametrize(
    ("failure", "reason"),
    [(ConnectTimeoutError, Refusal.TEMPORARY), (ReadTimeoutError, Refusal.UNKNOWN)],
)
def test_only_where_no_connection_came_about_is_it_certain_that_nothing_was_taken(client, voice, failure, reason):
    def fail(**_):
        raise failure(endpoint_url="https://sms-voice.example")

    client.meta.events.register("before-send.*.SendVoiceMessage", fail)
    assert voice.call(PHONE, SPEECH) == Refused(reason, failure.__name__)
