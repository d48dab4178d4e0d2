"""A proof over HTTP: the alert's call, to the caller's own contacts."""

from collections.abc import Callable
from dataclasses import dataclass

from pydantic import Field

from chalicelib.alerts.proofs import Proofs
from chalicelib.alerts.routes import alert_id
from chalicelib.alerts.text import Language
from chalicelib.channels.model import Channel
from chalicelib.platform.errors import Conflict, NotFound, TooManyRequests
from chalicelib.platform.http import Body, Call, Endpoint
from chalicelib.staff.access import staff_of
from chalicelib.staff.policy import CONTROL_ROOM, Scope


class ProofBody(Body):
    language: Language = Field(default=Language.NL, strict=False)


class ProofReply(Body):
    channels: list[Channel] = Field(description="On which it comes.")


@dataclass(frozen=True)
class ProofRoutes:
    proofs: Callable[[], Proofs]

    def endpoints(self) -> list[Endpoint]:
        return [
            Endpoint(
                "POST",
                "/alerts/{alert}/proof",
                self.ask,
                "Get the call of an alert that has not begun, on one's own contacts, marked as a proof",
                ProofBody,
                reply=ProofReply,
                status=202,
                told=lambda call: {"language": call.body.language},
                roles=CONTROL_ROOM,
                scope=Scope.SEEN_ALERTS,
                raises=(NotFound, Conflict, TooManyRequests),
            )
        ]

    def ask(self, call: Call[ProofBody]) -> ProofReply:
        return ProofReply(channels=self.proofs().ask(alert_id(call), staff_of(call.staff), call.body.language))
