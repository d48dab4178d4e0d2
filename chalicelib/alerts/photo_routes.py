"""The photo of an alert over HTTP: it belongs to the draft, and is approved with it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from pydantic import Field

from chalicelib.alerts.bodies import MAX_VERSION, AltBody
from chalicelib.alerts.content import Content
from chalicelib.alerts.encoded import ROOM, characters, decoded
from chalicelib.alerts.photo_store import FIELD, MOST_BYTES, AlertPhotos, keep, look_at
from chalicelib.alerts.replies import WrittenText
from chalicelib.alerts.routes import alert_id
from chalicelib.alerts.service import AlertService
from chalicelib.platform.errors import Conflict, InvalidInput, NotFound
from chalicelib.platform.http import Body, Call, Endpoint
from chalicelib.staff.access import staff_of
from chalicelib.staff.policy import CONTROL_ROOM, DISPATCHERS, Scope

LARGEST = characters(MOST_BYTES) + ROOM


class NewPhoto(Body):
    """``image``: JPEG, PNG or WebP of at most 512 KB, in base64; null takes it away. ``alt``: what it shows."""

    version: int = Field(ge=1, le=MAX_VERSION, description="The version that you started from")
    image: str | None = Field(max_length=characters(MOST_BYTES))
    alt: AltBody | None = None


class AlertPhotoReply(Body):
    """``url``: to look at it, for five minutes. Without ``sha256`` there is none."""

    version: int
    sha256: str | None = None
    alt: WrittenText | None = None
    url: str | None = None


@dataclass(frozen=True)
class AlertPhotoRoutes:
    service: Callable[[], AlertService]
    photos: Callable[[], AlertPhotos]

    def endpoints(self) -> list[Endpoint]:
        path = "/alerts/{alert}/photo"
        return [
            Endpoint(
                "PUT",
                path,
                self.put,
                "Show who or what is looked for; a change of the draft",
                NewPhoto,
                reply=AlertPhotoReply,
                roles=DISPATCHERS,
                scope=Scope.OWN_ALERTS,
                raises=(NotFound, Conflict),
                largest=LARGEST,
            ),
            Endpoint(
                "GET",
                path,
                self.get,
                "Look at the photo of an alert",
                reply=AlertPhotoReply,
                roles=CONTROL_ROOM,
                scope=Scope.SEEN_ALERTS,
                raises=(NotFound, Conflict),
            ),
        ]

    def put(self, call: Call[NewPhoto]) -> AlertPhotoReply:
        """It is kept once the draft may be changed: nobody else's alert gets a file."""
        body, alert = call.body, alert_id(call)
        if body.image is not None and body.alt is None:
            raise InvalidInput.of("alt", "alt_missing", "Say what the photo shows, for who cannot see it.")
        picture = None if body.image is None else look_at(decoded(body.image, FIELD))
        alt = body.alt.value() if body.alt else None

        def change(content: Content) -> Content:
            if picture is None or alt is None:
                return replace(content, photo=None)
            return replace(content, photo=keep(alert, picture, alt, self.photos()))

        self.service().edit(alert, change, staff_of(call.staff), body.version)
        return self._reply(call)

    def get(self, call: Call[None]) -> AlertPhotoReply:
        return self._reply(call)

    def _reply(self, call: Call[Any]) -> AlertPhotoReply:
        alert = self.service().read(alert_id(call), staff_of(call.staff))
        photo = alert.content.photo
        if photo is None:
            return AlertPhotoReply(version=alert.version)
        url = self.photos().address(alert.id, photo)
        alt = WrittenText(nl=photo.alt.nl, en=photo.alt.en)
        return AlertPhotoReply(version=alert.version, sha256=photo.sha256, alt=alt, url=url)
