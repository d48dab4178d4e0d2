"""The photo of who or what is looked for: written anew, then kept under its hash, so that what was approved is shown.

It lies in the bucket of photos, in a folder of its own, by alert. What a draft had before goes with the rest.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from chalicelib.alerts.content import Photo
from chalicelib.alerts.text import Text
from chalicelib.photos.picture import NoPicture, Picture, TooManyPixels
from chalicelib.photos.rewrite import rewritten
from chalicelib.platform.buckets import delete_under
from chalicelib.platform.errors import InvalidInput

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

FIELD = "image"
MOST_BYTES = 512 * 1024  # two seconds on a bad connection; the console makes it smaller
FOLDER = "asked"
LOOK_S = 300  # how long an address to look at works


class AlertPhotos(Protocol):
    def keep(self, alert: str, sha256: str, picture: Picture) -> None: ...

    def address(self, alert: str, photo: Photo) -> str:
        """Where it can be looked at, for ``LOOK_S``."""
        ...

    def forget(self, alert: str) -> int:
        """All that an alert has, or had as a draft; how many that were."""
        ...


def look_at(content: bytes) -> Picture:
    """The same pixels, and nothing else of the file.

    Raises:
        InvalidInput: ``photo_unreadable``, ``photo_too_large``.
    """
    if len(content) > MOST_BYTES:
        raise InvalidInput.of(FIELD, "photo_too_large", f"A photo has at most {MOST_BYTES // 1024} KB.")
    try:
        return rewritten(content)
    except TooManyPixels:
        raise InvalidInput.of(FIELD, "photo_too_large", "This photo has too many pixels.") from None
    except NoPicture:
        raise InvalidInput.of(FIELD, "photo_unreadable", "This is no photo in JPEG, PNG or WebP.") from None


def keep(alert: str, picture: Picture, alt: Text, photos: AlertPhotos) -> Photo:
    """``alt``: what it shows. The same again is the same photo."""
    digest = hashlib.sha256(picture.content).hexdigest()
    photos.keep(alert, digest, picture)
    return Photo(digest, picture.media_type, alt)


def _key(alert: str, sha256: str) -> str:
    return f"{FOLDER}/{alert}/{sha256}"


@dataclass(frozen=True)
class S3AlertPhotos:
    """``client``: made on first use."""

    bucket: str
    client: "Callable[[], S3Client]"

    def keep(self, alert: str, sha256: str, picture: Picture) -> None:
        self.client().put_object(
            Bucket=self.bucket,
            Key=_key(alert, sha256),
            Body=picture.content,
            ContentType=picture.media_type,
            CacheControl=f"private, max-age={LOOK_S}",
        )

    def address(self, alert: str, photo: Photo) -> str:
        asked = {"Bucket": self.bucket, "Key": _key(alert, photo.sha256)}
        url: str = self.client().generate_presigned_url("get_object", Params=asked, ExpiresIn=LOOK_S)
        return url

    def forget(self, alert: str) -> int:
        return delete_under(self.client(), self.bucket, f"{FOLDER}/{alert}/")


@dataclass
class MemoryAlertPhotos:
    """The twin: by alert and hash."""

    lies: dict[tuple[str, str], Picture] = field(default_factory=dict)

    def keep(self, alert: str, sha256: str, picture: Picture) -> None:
        self.lies[alert, sha256] = picture

    def address(self, alert: str, photo: Photo) -> str:
        return f"https://photos.example/{_key(alert, photo.sha256)}"

    def forget(self, alert: str) -> int:
        mine = [key for key in self.lies if key[0] == alert]
        for key in mine:
            del self.lies[key]
        return len(mine)
