"""``/tips/{token}`` for whoever was asked, ``/alerts/{alert}/tips`` for the control room."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from chalicelib.alerts.photo_store import AlertPhotos
from chalicelib.alerts.reply import ALERT
from chalicelib.platform import ids
from chalicelib.platform.errors import Gone, InvalidInput, NotFound, TooManyRequests
from chalicelib.platform.http import Call, Endpoint
from chalicelib.staff.access import staff_of
from chalicelib.staff.policy import CONTROL_ROOM, Scope
from chalicelib.tips.bodies import AskedReply, StaffTip, StaffTips, TipBody, TipQuery, TipReply, TriageBody
from chalicelib.tips.model import ID_CHARACTERS
from chalicelib.tips.service import TipService
from chalicelib.tips.store import tip_not_found

_ALERT_ID = re.compile(rf"[{ids.ALPHABET}]{{{ALERT}}}")
_TIP_ID = re.compile(rf"[{ids.ALPHABET}]{{{ID_CHARACTERS}}}")


@dataclass(frozen=True)
class TipRoutes:
    service: Callable[[], TipService]
    photos: Callable[[], AlertPhotos]

    def endpoints(self) -> list[Endpoint]:
        link, staff = "/tips/{token}", "/alerts/{alert}/tips"
        return [
            Endpoint(
                "GET", link, self.asked, "What was asked, or how it ended", reply=AskedReply, raises=(NotFound, Gone)
            ),
            Endpoint(
                "POST",
                link,
                self.give,
                "Answer a call",
                TipBody,
                reply=TipReply,
                status=201,
                raises=(NotFound, Gone, InvalidInput, TooManyRequests),
            ),
            Endpoint(
                "GET",
                staff,
                self.page,
                "Tips of an alert",
                query=TipQuery,
                reply=StaffTips,
                told=lambda call: {},
                roles=CONTROL_ROOM,
                scope=Scope.OWN_ALERTS,
                raises=(NotFound,),
            ),
            Endpoint(
                "PATCH",
                f"{staff}/{{tip}}",
                self.triage,
                "Say what became of a tip",
                TriageBody,
                reply=StaffTip,
                told=lambda call: {"tip": call.path["tip"], "status": call.body.status},
                roles=CONTROL_ROOM,
                scope=Scope.OWN_ALERTS,
                raises=(NotFound, Gone),
            ),
        ]

    def asked(self, call: Call[None]) -> AskedReply:
        alert = self.service().asked(call.path["token"])
        return AskedReply.of(alert, partial(self.photos().address, alert.id))

    def give(self, call: Call[TipBody]) -> TipReply:
        tip = self.service().give(call.path["token"], call.body.sighting(), call.source_ip)
        return TipReply(id=tip.id, at=tip.at)

    def page(self, call: Call[None]) -> StaffTips:
        asked: TipQuery = call.query
        page = self.service().page(
            alert_id(call), staff_of(call.staff), after=asked.after, limit=asked.limit, newest=asked.newest
        )
        return StaffTips.of(page)

    def triage(self, call: Call[TriageBody]) -> StaffTip:
        body = call.body
        return StaffTip.of(
            self.service().triage(alert_id(call), tip_id(call), body.status, body.note, staff_of(call.staff))
        )


def alert_id(call: Call[Any]) -> str:
    """As the path has it. Raises ``NotFound`` where that cannot be one."""
    if not _ALERT_ID.fullmatch(call.path["alert"]):
        raise NotFound("alert_not_found", "There is no such alert.")
    return call.path["alert"]


def tip_id(call: Call[Any]) -> str:
    """As the path has it. Raises ``NotFound`` where that cannot be one."""
    if not _TIP_ID.fullmatch(call.path["tip"]):
        raise tip_not_found()
    return call.path["tip"]
