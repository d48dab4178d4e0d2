"""Where photos lie: as they were sent, until they are looked at; and as they may be shown, until the tips go.

A bucket with two folders. What is sent goes there straight from the browser, by a form that fits one photo; nobody is
ever given the address of it to read.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from botocore.exceptions import ClientError

from chalicelib.photos.picture import Picture
from chalicelib.platform.buckets import delete_under

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

MOST_BYTES = 8 * 1024 * 1024
SEND_S = 180  # how long a form works: a page gives up after two minutes
LOOK_S = 300  # how long an address to look at works
SENT, SHOWN = "sent", "shown"  # folders
NOT_THERE, FORBIDDEN = "NoSuchKey", "AccessDenied"


@dataclass(frozen=True)
class PhotoKey:
    """``alert``, ``tip``: ids. ``number``: from 1, of the photos of that tip."""

    alert: str
    tip: str
    number: int

    def within(self, folder: str) -> str:
        return f"{folder}/{self.alert}/{self.tip}/{self.number}"


@dataclass(frozen=True)
class Form:
    """What the browser posts, with the photo as the last field, ``file``; as ``multipart/form-data`` to ``url``."""

    url: str
    fields: Mapping[str, str]


class Photos(Protocol):
    def form(self, key: PhotoKey, media_type: str) -> Form:
        """To send this one photo with, of at most ``MOST_BYTES``, within ``SEND_S``."""
        ...

    def sent(self, key: PhotoKey) -> bytes | None:
        """As it was sent; None where nothing has come."""
        ...

    def forget_sent(self, key: PhotoKey) -> None:
        """Also where nothing has come."""
        ...

    def show(self, key: PhotoKey, picture: Picture) -> None:
        """Keep it as it may be shown."""
        ...

    def address(self, key: PhotoKey) -> str:
        """Where it can be looked at, for ``LOOK_S``."""
        ...

    def forget(self, alert: str) -> int:
        """All that lies of an alert, shown or only sent; how many that were."""
        ...


def file_name(key: PhotoKey, media_type: str) -> str:
    """Of ours, whatever it was called: ``tip-06a1b2c3d4e5f6g7-1.jpg``."""
    return f"tip-{key.tip}-{key.number}.{media_type.partition('/')[2].replace('jpeg', 'jpg')}"


@dataclass(frozen=True)
class S3Photos:
    """``client``: made on first use."""

    bucket: str
    client: "Callable[[], S3Client]"

    def form(self, key: PhotoKey, media_type: str) -> Form:
        given = self.client().generate_presigned_post(
            self.bucket,
            key.within(SENT),
            Fields={"Content-Type": media_type},
            Conditions=[{"Content-Type": media_type}, ["content-length-range", 1, MOST_BYTES]],
            ExpiresIn=SEND_S,
        )
        return Form(given["url"], given["fields"])

    def sent(self, key: PhotoKey) -> bytes | None:
        try:
            answer = self.client().get_object(Bucket=self.bucket, Key=key.within(SENT))
        except ClientError as error:
            if self._is_there(key, error.response["Error"]["Code"]):
                raise
            return None
        return answer["Body"].read()

    def _is_there(self, key: PhotoKey, refusal: str) -> bool:
        """Who may list one folder and not the bucket is told "forbidden" of what is not there, too."""
        if refusal != FORBIDDEN:
            return refusal != NOT_THERE
        page = self.client().list_objects_v2(Bucket=self.bucket, Prefix=key.within(SENT), MaxKeys=1)
        return page["KeyCount"] > 0

    def forget_sent(self, key: PhotoKey) -> None:
        self.client().delete_object(Bucket=self.bucket, Key=key.within(SENT))

    def show(self, key: PhotoKey, picture: Picture) -> None:
        self.client().put_object(
            Bucket=self.bucket,
            Key=key.within(SHOWN),
            Body=picture.content,
            ContentType=picture.media_type,
            ContentDisposition=f'attachment; filename="{file_name(key, picture.media_type)}"',
            CacheControl="private, no-store",
        )

    def address(self, key: PhotoKey) -> str:
        url: str = self.client().generate_presigned_url(
            "get_object", Params={"Bucket": self.bucket, "Key": key.within(SHOWN)}, ExpiresIn=LOOK_S
        )
        return url

    def forget(self, alert: str) -> int:
        return sum(delete_under(self.client(), self.bucket, f"{folder}/{alert}/") for folder in (SENT, SHOWN))


@dataclass
class MemoryPhotos:
    """The twin. ``raw``: what was sent; ``kept``: what may be shown."""

    raw: dict[PhotoKey, bytes] = field(default_factory=dict)
    kept: dict[PhotoKey, Picture] = field(default_factory=dict)

    def form(self, key: PhotoKey, media_type: str) -> Form:
        return Form("https://photos.example/", {"key": key.within(SENT), "Content-Type": media_type})

    def post(self, form: Form, content: bytes) -> None:
        """What a browser does with a form."""
        _, alert, tip, number = form.fields["key"].split("/")
        self.raw[PhotoKey(alert, tip, int(number))] = content

    def sent(self, key: PhotoKey) -> bytes | None:
        return self.raw.get(key)

    def forget_sent(self, key: PhotoKey) -> None:
        self.raw.pop(key, None)

    def show(self, key: PhotoKey, picture: Picture) -> None:
        self.kept[key] = picture

    def address(self, key: PhotoKey) -> str:
        return f"https://photos.example/{key.within(SHOWN)}"

    def forget(self, alert: str) -> int:
        before = len(self.raw) + len(self.kept)
        self.raw = {key: content for key, content in self.raw.items() if key.alert != alert}
        self.kept = {key: picture for key, picture in self.kept.items() if key.alert != alert}
        return before - len(self.raw) - len(self.kept)
