"""What a device shows of a message: a title, a text, and where a tap leads. At most 3 KB, encrypted on its way."""

import json
from dataclasses import dataclass, replace

from chalicelib.alerts import wording
from chalicelib.alerts.model import Alert
from chalicelib.alerts.text import Language

MOST_BYTES = 3_000  # below the 3,993 that every push service must take
MORE = " …"


@dataclass(frozen=True)
class Notification:
    title: str
    body: str
    language: Language


def notification(alert: Alert, message: str, language: Language) -> Notification:
    """An update says what the call said too, because it takes its place on the screen."""
    lines = wording.push(alert, message, language)
    return Notification(wording.subject(alert, message, language), "\n".join(lines), language)


def payload(said: Notification, alert: str, url: str) -> bytes:
    """JSON, read by ``web/sw.js``. A text that is too long is cut at a word, and says so."""
    packed = _packed(said, alert, url)
    while len(packed) > MOST_BYTES:
        too_much = len(packed) - MOST_BYTES
        kept = said.body.removesuffix(MORE)
        kept = kept[: max(len(kept) - max(too_much // 4, 1) - len(MORE), 0)].rpartition(" ")[0]
        said = replace(said, body=kept + MORE) if kept else replace(said, title=said.title[:200], body="")
        packed = _packed(said, alert, url)
    return packed


def _packed(said: Notification, alert: str, url: str) -> bytes:
    shown = {"title": said.title, "body": said.body, "lang": said.language, "alert": alert, "url": url}
    return json.dumps(shown, ensure_ascii=False, separators=(",", ":")).encode()
