"""What crosses HTTP for photos with a tip; the photos themselves do not."""

from typing import Literal

from pydantic import Field

from chalicelib.platform.http import Body
from chalicelib.tips.photo_service import TipPhotos
from chalicelib.tips.photo_store import LOOK_S, MOST_BYTES, SEND_S, Form


class PhotoBody(Body):
    media_type: Literal["image/jpeg", "image/png", "image/webp"]


class FormReply(Body):
    """Post to ``url``, as ``multipart/form-data``, these fields and then the photo as ``file``; then PUT here."""

    url: str
    fields: dict[str, str]
    most_bytes: int = MOST_BYTES
    seconds: int = Field(default=SEND_S, description="How long it works")

    @classmethod
    def of(cls, form: Form) -> "FormReply":
        return cls(url=form.url, fields=dict(form.fields))


class PhotoTaken(Body):
    number: int


class Photo(Body):
    number: int
    url: str = Field(description="To look at it")


class TipPhotosReply(Body):
    """``due``: how many were to follow the tip; what is not among ``photos`` is on its way, or never came."""

    photos: list[Photo]
    due: int
    seconds: int = Field(default=LOOK_S, description="How long their addresses work")

    @classmethod
    def of(cls, photos: TipPhotos) -> "TipPhotosReply":
        shown = [Photo(number=number, url=url) for number, url in photos.shown.items()]
        return cls(photos=shown, due=photos.due)
