"""A dispatcher's own voice: looked at, then kept under its hash, so that what was approved is what is played."""

import hashlib
import io
import wave
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from chalicelib.alerts.content import Recorded
from chalicelib.platform.errors import InvalidInput

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

FIELD = "wav"
CHANNELS, BYTES, RATE_HZ = 1, 2, 8_000  # what Amazon Connect plays
SHORTEST_S, LONGEST_S = 1, 30
MOST_BYTES = RATE_HZ * BYTES * CHANNELS * LONGEST_S + 4_096  # and what a WAV file says of itself
LISTEN_S = 300  # how long an address to listen at works


class Recordings(Protocol):
    def keep(self, wav: bytes) -> str:
        """Its ``s3://`` address. The same sound has the same one."""
        ...

    def address(self, uri: str) -> str:
        """Where somebody can listen to it, for ``LISTEN_S``."""
        ...


def look_at(wav: bytes) -> tuple[str, float]:
    """SHA-256 in hex, and seconds.

    Raises:
        InvalidInput: ``recording_unreadable``, ``recording_wrong_format``, ``recording_wrong_length``.
    """
    try:
        with wave.open(io.BytesIO(wav)) as sound:
            form = (sound.getnchannels(), sound.getsampwidth(), sound.getframerate())
            frames = len(sound.readframes(sound.getnframes())) // (form[0] * form[1])
    except (wave.Error, EOFError, RuntimeError, ZeroDivisionError):
        raise InvalidInput.of(FIELD, "recording_unreadable", "This is no WAV file with uncompressed sound.") from None
    if form != (CHANNELS, BYTES, RATE_HZ):
        message = "A recording is WAV, mono, 8 kHz, 16 bits: what a telephone plays."
        raise InvalidInput.of(FIELD, "recording_wrong_format", message)
    seconds = frames / RATE_HZ
    if not SHORTEST_S <= seconds <= LONGEST_S:
        message = f"A recording takes {SHORTEST_S} to {LONGEST_S} seconds."
        raise InvalidInput.of(FIELD, "recording_wrong_length", message)
    return hashlib.sha256(wav).hexdigest(), seconds


def recorded(wav: bytes, recordings: Recordings) -> Recorded:
    """Looked at, and kept. Raises as ``look_at``."""
    digest, seconds = look_at(wav)
    return Recorded(recordings.keep(wav), digest, seconds)


def _key(wav: bytes) -> str:
    return f"{hashlib.sha256(wav).hexdigest()}.wav"


@dataclass(frozen=True)
class S3Recordings:
    """``client``: made on first use."""

    bucket: str
    client: "Callable[[], S3Client]"

    def keep(self, wav: bytes) -> str:
        self.client().put_object(Bucket=self.bucket, Key=_key(wav), Body=wav, ContentType="audio/wav")
        return f"s3://{self.bucket}/{_key(wav)}"

    def address(self, uri: str) -> str:
        bucket, _, key = uri.removeprefix("s3://").partition("/")
        url: str = self.client().generate_presigned_url(
            "get_object", Params={"Bucket": bucket, "Key": key}, ExpiresIn=LISTEN_S
        )
        return url


@dataclass
class MemoryRecordings:
    """The twin."""

    kept: dict[str, bytes] = field(default_factory=dict)

    def keep(self, wav: bytes) -> str:
        uri = f"s3://recordings/{_key(wav)}"
        self.kept[uri] = wav
        return uri

    def address(self, uri: str) -> str:
        return f"https://recordings.example/{uri.rpartition('/')[2]}"
