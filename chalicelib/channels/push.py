"""Web Push (RFC 8030): one device a call. What became of a message after that, no push service tells."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC
from email.utils import parsedate_to_datetime
from math import ceil

from chalicelib.channels.model import Accepted, Answer, Device, Refusal, Refused
from chalicelib.channels.vapid import Vapid
from chalicelib.platform.outgoing import Connections, NoAnswer, NoConnection

GONE = frozenset({"404", "410"})  # the subscription has ended: RFC 8030, 7.3
# By status. What is not here is treated as temporary: better late than never.
REFUSALS: Mapping[int, Refusal] = {
    400: Refusal.PERMANENT,
    403: Refusal.PERMANENT,  # the device has subscribed to another key
    404: Refusal.PERMANENT,
    410: Refusal.PERMANENT,
    413: Refusal.PERMANENT,
    429: Refusal.THROTTLED,
}


DIGITS = 6  # more seconds than that is for ever


@dataclass(frozen=True)
class WebPushSender:
    """Never tries again by itself: a message that was not answered may have been taken."""

    vapid: Vapid
    connections: Connections = field(default_factory=Connections)

    def push(self, device: Device, payload: bytes, *, life_s: int, topic: str = "") -> Answer:
        from chalicelib.channels.push_encryption import encrypt  # 25 ms that only who sends should pay

        headers = {
            "Authorization": self.vapid.authorization(device.endpoint),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(max(life_s, 0)),
            "Urgency": "high",
            **({"Topic": topic} if topic else {}),
        }
        try:
            answer = self.connections.post(device.endpoint, encrypt(payload, device), headers)
        except NoConnection as error:
            return Refused(Refusal.TEMPORARY, str(error))
        except NoAnswer as error:
            return Refused(Refusal.UNKNOWN, str(error))
        if answer.ok:
            return Accepted(answer.headers.get("location", ""))
        after_s = self._after_s(answer.headers.get("retry-after", ""))
        return Refused(REFUSALS.get(answer.status, Refusal.TEMPORARY), str(answer.status), after_s)

    def _after_s(self, text: str) -> int:
        """Of Retry-After: seconds, or the moment itself (RFC 9110, 10.2.3). What is neither says nothing."""
        if text.isascii() and text.isdigit():
            return int(text[:DIGITS])
        try:
            moment = parsedate_to_datetime(text)
        except ValueError:
            return 0
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return max(ceil((moment - self.vapid.clock.now()).total_seconds()), 0)


@dataclass(frozen=True)
class Pushed:
    """One message of the twin."""

    device: Device
    payload: bytes
    life_s: int
    topic: str


@dataclass
class MemoryPushSender:
    """The twin: keeps what was sent. ``refusals``: endpoint -> answers to give, first come first."""

    sent: list[Pushed] = field(default_factory=list)
    refusals: dict[str, list[Refused]] = field(default_factory=dict)

    def push(self, device: Device, payload: bytes, *, life_s: int, topic: str = "") -> Answer:
        if self.refusals.get(device.endpoint):
            return self.refusals[device.endpoint].pop(0)
        self.sent.append(Pushed(device, payload, life_s, topic))
        return Accepted(f"push-{len(self.sent)}")
