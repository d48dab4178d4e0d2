"""A dispatcher's own recording over HTTP: it belongs to the draft, and is approved with it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from pydantic import Field

from chalicelib.alerts.bodies import MAX_VERSION
from chalicelib.alerts.encoded import ROOM, characters, decoded
from chalicelib.alerts.recordings import FIELD, MOST_BYTES, Recordings, recorded
from chalicelib.alerts.routes import alert_id
from chalicelib.alerts.service import AlertService
from chalicelib.platform.errors import Conflict, NotFound
from chalicelib.platform.http import Body, Call, Endpoint
from chalicelib.staff.access import staff_of
from chalicelib.staff.policy import CONTROL_ROOM, DISPATCHERS, Scope

LARGEST = characters(MOST_BYTES) + ROOM


class NewRecording(Body):
    """``wav``: mono, 8 kHz, 16 bits, at most 30 seconds, in base64; null takes it away."""

    version: int = Field(ge=1, le=MAX_VERSION, description="The version that you started from")
    wav: str | None = Field(max_length=characters(MOST_BYTES))


class RecordingReply(Body):
    """``url``: to listen to it, for five minutes."""

    version: int
    sha256: str | None = None
    seconds: float | None = None
    url: str | None = None


@dataclass(frozen=True)
class RecordingRoutes:
    """``recordings``: None where nobody could play one."""

    service: Callable[[], AlertService]
    recordings: Callable[[], Recordings | None]

    def endpoints(self) -> list[Endpoint]:
        path = "/alerts/{alert}/recording"
        return [
            Endpoint(
                "PUT",
                path,
                self.put,
                "Have calls play a recording instead of a computer's voice; a change of the draft",
                NewRecording,
                reply=RecordingReply,
                roles=DISPATCHERS,
                scope=Scope.OWN_ALERTS,
                raises=(NotFound, Conflict),
                largest=LARGEST,
            ),
            Endpoint(
                "GET",
                path,
                self.get,
                "Listen to what calls will play",
                reply=RecordingReply,
                roles=CONTROL_ROOM,
                scope=Scope.SEEN_ALERTS,
                raises=(NotFound, Conflict),
            ),
        ]

    def put(self, call: Call[NewRecording]) -> RecordingReply:
        recordings = self._recordings()
        new = None if call.body.wav is None else recorded(decoded(call.body.wav, FIELD), recordings)
        self.service().edit(
            alert_id(call), lambda content: replace(content, recording=new), staff_of(call.staff), call.body.version
        )
        return self._reply(call)

    def get(self, call: Call[None]) -> RecordingReply:
        return self._reply(call)

    def _reply(self, call: Call[Any]) -> RecordingReply:
        alert = self.service().read(alert_id(call), staff_of(call.staff))
        kept = alert.content.recording
        if kept is None:
            return RecordingReply(version=alert.version)
        url = self._recordings().address(kept.uri)
        return RecordingReply(version=alert.version, sha256=kept.sha256, seconds=kept.seconds, url=url)

    def _recordings(self) -> Recordings:
        recordings = self.recordings()
        if recordings is None:
            raise Conflict("recordings_not_played", "Nothing is set up here that could play a recording in a call.")
        return recordings
