"""What a device shows of a message: a title, a text, and where a tap leads. At most 3 KB, encrypted on its way."""

import json
from dataclasses import dataclass, replace
from math import ceil
from typing import Any

from chalicelib.alerts import wording
from chalicelib.alerts.model import Alert
from chalicelib.alerts.text import Language
from chalicelib.areas.geodesy import near_m
from chalicelib.areas.geometry import bounds_of
from chalicelib.areas.model import CircleShape, Shape, shape_from_json

MOST_BYTES = 3_000  # below the 3,993 that every push service must take
MORE = " …"


@dataclass(frozen=True)
class Notification:
    """``around``: lon, lat and metres of a circle around the alert; a device compares it with its own place."""

    title: str
    body: str
    language: Language
    around: tuple[float, float, int] | None = None


def notification(alert: Alert, message: str, language: Language) -> Notification:
    """An update says what the call said too, because it takes its place on the screen."""
    lines = wording.push(alert, message, language)
    subject = wording.subject(alert, message, language)
    return Notification(subject, "\n".join(lines), language, _around(shape_from_json(alert.shape)))


def _around(shape: Shape) -> tuple[float, float, int]:
    """Rounded to some 10 metres."""
    if isinstance(shape, CircleShape):
        (lon, lat), metres = shape.center, shape.radius_m
    else:
        corners = [position for polygon in shape.polygons for ring in polygon for position in ring]
        west, south, east, north = bounds_of(corners)
        lon, lat = (west + east) / 2, (south + north) / 2
        metres = max(near_m(lon, lat, *corner) for corner in corners)
    return round(lon, 4), round(lat, 4), ceil(metres / 10) * 10


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
    shown: dict[str, Any] = {"title": said.title, "body": said.body, "lang": said.language, "alert": alert, "url": url}
    if said.around:
        shown |= {"around": said.around}
    return json.dumps(shown, ensure_ascii=False, separators=(",", ":")).encode()
