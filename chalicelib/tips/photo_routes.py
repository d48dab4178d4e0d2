"""``/tips/{token}/{tip}/photos/{number}`` for whoever gave the tip, ``/alerts/{alert}/tips/{tip}/photos`` for the
control room.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from chalicelib.platform.errors import Conflict, Gone, InvalidInput, NotFound, TooManyRequests
from chalicelib.platform.http import Call, Endpoint
from chalicelib.staff.access import staff_of
from chalicelib.staff.policy import CONTROL_ROOM, Scope
from chalicelib.tips.model import MOST_PHOTOS
from chalicelib.tips.photo_bodies import FormReply, PhotoBody, PhotoTaken, TipPhotosReply
from chalicelib.tips.photo_service import PhotoService
from chalicelib.tips.routes import alert_id, tip_id


@dataclass(frozen=True)
class PhotoRoutes:
    service: Callable[[], PhotoService]

    def endpoints(self) -> list[Endpoint]:
        own = "/tips/{token}/{tip}/photos/{number}"
        return [
            Endpoint(
                "POST",
                own,
                self.form,
                "A form to send a photo of a tip with",
                PhotoBody,
                reply=FormReply,
                raises=(NotFound, Gone, Conflict, TooManyRequests),
            ),
            Endpoint(
                "PUT",
                own,
                self.take,
                "Say that the photo was sent: it is looked at, and shown",
                reply=PhotoTaken,
                raises=(NotFound, Gone, Conflict, InvalidInput, TooManyRequests),
            ),
            Endpoint(
                "GET",
                "/alerts/{alert}/tips/{tip}/photos",
                self.look,
                "Look at the photos of a tip",
                reply=TipPhotosReply,
                told=lambda call: {"tip": call.path["tip"]},
                roles=CONTROL_ROOM,
                scope=Scope.OWN_ALERTS,
                raises=(NotFound,),
            ),
        ]

    def form(self, call: Call[PhotoBody]) -> FormReply:
        number, kind = _number(call), call.body.media_type
        form = self.service().form(call.path["token"], tip_id(call), number, kind, call.source_ip)
        return FormReply.of(form)

    def take(self, call: Call[None]) -> PhotoTaken:
        number = _number(call)
        self.service().take(call.path["token"], tip_id(call), number)
        return PhotoTaken(number=number)

    def look(self, call: Call[None]) -> TipPhotosReply:
        return TipPhotosReply.of(self.service().look(alert_id(call), tip_id(call), staff_of(call.staff)))


def _number(call: Call[Any]) -> int:
    if not re.fullmatch(f"[1-{MOST_PHOTOS}]", call.path["number"]):
        raise NotFound("photo_not_found", f"Photos of a tip are numbered 1 to {MOST_PHOTOS}.")
    return int(call.path["number"])
