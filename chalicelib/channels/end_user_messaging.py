"""AWS End User Messaging: one text, or one spoken message, to one number a call.

Its events carry our tags back as ``context``, so that no message id has to be kept; what is not delivered within its
life is given up by the provider.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError, ConnectionError, HTTPClientError  # noqa: A004

from chalicelib.channels.model import NO_TAGS, Accepted, Answer, Recording, Refusal, Refused, Speech

if TYPE_CHECKING:
    from mypy_boto3_pinpoint_sms_voice_v2 import PinpointSMSVoiceV2Client
    from mypy_boto3_pinpoint_sms_voice_v2.literals import VoiceIdType

SHORTEST_S, LONGEST_S = 5, 259_200  # SendTextMessage and SendVoiceMessage: TimeToLive
LIFE_S = 3_600  # of what does not say how long it is of use, such as a code

# API Reference, errors of both calls. What is not here is treated as temporary: better late than never.
REFUSALS: Mapping[str, Refusal] = {
    "ThrottlingException": Refusal.THROTTLED,
    "ServiceQuotaExceededException": Refusal.TEMPORARY,
    "ValidationException": Refusal.PERMANENT,
}
# ConflictException and ServiceQuotaExceededException tell by their reason what stands in the way. These are about the
# one number, and this time it will not be reached; the account's own troubles may be mended in time.
REASONS: Mapping[str, Refusal] = {
    "DESTINATION_PHONE_NUMBER_OPTED_OUT": Refusal.OPTED_OUT,
    "DESTINATION_PHONE_NUMBER_BLOCKED_BY_PROTECT_NUMBER_OVERRIDE": Refusal.PERMANENT,
    "DESTINATION_COUNTRY_BLOCKED_BY_PROTECT_CONFIGURATION": Refusal.PERMANENT,
    "DAILY_DESTINATION_CALL_LIMIT": Refusal.PERMANENT,
}


@dataclass(frozen=True)
class Account:
    """``client`` must not retry by itself: a call that timed out may have been taken.

    ``configuration_set``: whose event destination tells what became of a message.
    """

    client: "Callable[[], PinpointSMSVoiceV2Client]"
    configuration_set: str


@dataclass(frozen=True)
class EumSmsSender:
    """``origination``: number, sender id or pool."""

    account: Account
    origination: str

    def send(self, phone: str, text: str, *, tags: Mapping[str, str] = NO_TAGS, life_s: int | None = None) -> Answer:
        return _answer(
            lambda: self.account.client().send_text_message(
                DestinationPhoneNumber=phone,
                OriginationIdentity=self.origination,
                MessageBody=text,
                MessageType="TRANSACTIONAL",
                ConfigurationSetName=self.account.configuration_set,
                TimeToLive=_seconds(life_s),
                Context=dict(tags),
            )["MessageId"]
        )


@dataclass(frozen=True)
class EumVoiceSender:
    """``origination``: a number that may call, or a pool. ``voices``: language -> voice of Amazon Polly.

    It says what is written; it cannot play a recording.
    """

    account: Account
    origination: str
    voices: "Mapping[str, VoiceIdType]"

    def call(
        self, phone: str, said: Speech | Recording, *, tags: Mapping[str, str] = NO_TAGS, life_s: int | None = None
    ) -> Answer:
        if isinstance(said, Recording):
            return Refused(Refusal.PERMANENT, "RecordingNotSupported")
        return _answer(
            lambda: self.account.client().send_voice_message(
                DestinationPhoneNumber=phone,
                OriginationIdentity=self.origination,
                MessageBody=said.ssml,
                MessageBodyTextType="SSML",
                VoiceId=self.voices[said.language],
                ConfigurationSetName=self.account.configuration_set,
                TimeToLive=_seconds(life_s),
                Context=dict(tags),
            )["MessageId"]
        )


def _answer(call: Callable[[], str]) -> Answer:
    try:
        return Accepted(call())
    except ClientError as error:
        return _refused(error)
    except ConnectionError as error:  # botocore's: no connection came about, so nothing was taken
        return Refused(Refusal.TEMPORARY, type(error).__name__)
    except HTTPClientError as error:
        return Refused(Refusal.UNKNOWN, type(error).__name__)


def _refused(error: ClientError) -> Refused:
    code = error.response["Error"]["Code"]
    reason = str(error.response.get("Reason", code))
    if code == "ConflictException" or reason in REASONS:
        return Refused(REASONS.get(reason, Refusal.TEMPORARY), reason)
    return Refused(REFUSALS.get(code, Refusal.TEMPORARY), code)


def _seconds(life_s: int | None) -> int:
    return LIFE_S if life_s is None else min(max(life_s, SHORTEST_S), LONGEST_S)


@dataclass(frozen=True)
class Call:
    """One call of the twin."""

    phone: str = field(repr=False)
    said: Speech | Recording
    tags: Mapping[str, str]
    life_s: int | None


@dataclass
class MemoryVoiceSender:
    """The twin: keeps what was said to whom. ``refusals``: phone -> answers to give, first come first."""

    calls: list[Call] = field(default_factory=list)
    refusals: dict[str, list[Refused]] = field(default_factory=dict)

    def call(
        self, phone: str, said: Speech | Recording, *, tags: Mapping[str, str] = NO_TAGS, life_s: int | None = None
    ) -> Answer:
        if self.refusals.get(phone):
            return self.refusals[phone].pop(0)
        self.calls.append(Call(phone, said, tags, life_s))
        return Accepted(f"voice-{len(self.calls)}")
