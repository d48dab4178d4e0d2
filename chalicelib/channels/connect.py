"""Amazon Connect: a call that plays a recording. What is done in the call is a flow of its own (docs/runbooks), which
reads our attributes; Connect says nothing back that finds its row in the ledger, so such a call stays "sent".
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError, ConnectionError, HTTPClientError  # noqa: A004

from chalicelib.channels.model import (
    NO_TAGS,
    Accepted,
    Answer,
    Recording,
    Refusal,
    Refused,
    Speech,
    VoiceSender,
)

RING_S = 45
# API Reference, errors of StartOutboundVoiceContact. What is not here is treated as temporary: better late than never.
REFUSALS: Mapping[str, Refusal] = {
    "ThrottlingException": Refusal.THROTTLED,
    "TooManyRequestsException": Refusal.THROTTLED,
    "LimitExceededException": Refusal.THROTTLED,
    "DestinationNotAllowedException": Refusal.PERMANENT,
    "InvalidParameterException": Refusal.PERMANENT,
}


@dataclass(frozen=True)
class ConnectPlayer:
    """``client`` must not retry by itself. ``origination``: E.164, a number of the instance.

    ``voices``: language -> voice of Amazon Polly, as the flow's language names it (``Lotte``).
    """

    client: Callable[[], Any]
    instance: str
    flow: str
    origination: str
    voices: Mapping[str, str]

    def play(self, phone: str, recording: Recording, *, tags: Mapping[str, str] = NO_TAGS) -> Answer:
        """Have one number called, and played: what comes before, the recording twice, what comes after.

        The same tags are the same call: Connect knows it by them for a week.
        """
        token = {"ClientToken": "-".join(tags.values())} if tags else {}
        client = self.client()
        try:
            answer = client.start_outbound_voice_contact(
                DestinationPhoneNumber=phone,
                SourcePhoneNumber=self.origination,
                InstanceId=self.instance,
                ContactFlowId=self.flow,
                RingTimeoutInSeconds=RING_S,
                Attributes={
                    **tags,
                    "before": recording.before.ssml,
                    "recording": _address(recording.uri, client.meta.region_name),
                    "after": recording.after.ssml,
                    "voice": self.voices[recording.before.language],
                },
                **token,
            )
        except ClientError as error:
            code = error.response["Error"]["Code"]
            return Refused(REFUSALS.get(code, Refusal.TEMPORARY), code)
        except ConnectionError as error:  # botocore's: no connection came about, so nothing was taken
            return Refused(Refusal.TEMPORARY, type(error).__name__)
        except HTTPClientError as error:
            return Refused(Refusal.UNKNOWN, type(error).__name__)
        return Accepted(answer["ContactId"])


@dataclass(frozen=True)
class SpeakOrPlay:
    """A ``VoiceSender`` of two: one has a computer speak, the other plays what a person said."""

    speaker: VoiceSender
    player: ConnectPlayer

    def call(
        self, phone: str, said: Speech | Recording, *, tags: Mapping[str, str] = NO_TAGS, life_s: int | None = None
    ) -> Answer:
        if isinstance(said, Recording):
            return self.player.play(phone, said, tags=tags)
        return self.speaker.call(phone, said, tags=tags, life_s=life_s)


def _address(uri: str, region: str) -> str:
    """As Connect reads it: ``https://bucket.s3.region.amazonaws.com/key``."""
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    return f"https://{bucket}.s3.{region}.amazonaws.com/{key}"
