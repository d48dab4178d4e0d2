"""``/alerts/public``: what anybody may know, as GeoJSON, Atom and CAP 1.2."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import Field

from chalicelib.alerts.cap import Certainty, MsgType, Scope, Severity, Status, Urgency
from chalicelib.alerts.content import Category, Kind
from chalicelib.alerts.public_feed import Message, PublicFeed
from chalicelib.alerts.public_xml import ATOM_TYPE, CAP_TYPE, atom, cap, references, sender
from chalicelib.alerts.replies import At, WrittenText
from chalicelib.alerts.routes import alert_id
from chalicelib.alerts.text import Text
from chalicelib.areas.picture import picture
from chalicelib.platform.errors import NotFound
from chalicelib.platform.http import Body, Call, Endpoint, Reply

KEPT_S = 30
GEOJSON = "application/geo+json"


class PublicArea(Body):
    """WGS 84, lon before lat; rounded to a metre, a circle given corners."""

    type: Literal["MultiPolygon"]
    coordinates: list[list[list[list[float]]]]


class PublicProperties(Body):
    """In CAP 1.2's words. Once an alert is over, without who or what was described, and without its area."""

    identifier: str = Field(description="Of this message; the alert keeps its id")
    sender: str
    sent: At
    status: Status
    msg_type: MsgType = Field(description="Cancel: nobody need look out any more")
    scope: Scope
    references: str | None = Field(default=None, description="The messages before it: sender,identifier,sent")
    kind: Kind
    category: Category
    urgency: Urgency
    severity: Severity
    certainty: Certainty
    headline: WrittenText
    description: WrittenText | None = None
    instruction: WrittenText | None = None
    contact: str
    expires: At
    municipalities: tuple[str, ...] = Field(description="CBS codes of those that the area touches")
    cap: str = Field(description="Where the same is as CAP 1.2")


class PublicFeature(Body):
    type: Literal["Feature"] = "Feature"
    id: str
    geometry: PublicArea | None = Field(description="None once it is over")
    properties: PublicProperties


class PublicAlerts(Body):
    """RFC 7946. The newest first; those that have ended stay for a day."""

    type: Literal["FeatureCollection"] = "FeatureCollection"
    features: list[PublicFeature]


@dataclass(frozen=True)
class PublicRoutes:
    """``web_url``: of the pages."""

    feed: Callable[[], PublicFeed]
    web_url: Callable[[], str]

    def endpoints(self) -> list[Endpoint]:
        path = "/alerts/public"
        return [
            Endpoint(
                "GET",
                path,
                self.geojson,
                "Alerts that everybody may know of, as GeoJSON",
                reply=PublicAlerts,
                media_type=GEOJSON,
                kept_s=KEPT_S,
            ),
            Endpoint("GET", f"{path}.atom", self.atom, "The same as an Atom feed", media_type=ATOM_TYPE, kept_s=KEPT_S),
            Endpoint(
                "GET",
                f"{path}/{{alert}}",
                self.cap,
                "One of them as CAP 1.2",
                media_type=CAP_TYPE,
                kept_s=KEPT_S,
                raises=(NotFound,),
            ),
        ]

    def geojson(self, call: Call[None]) -> Reply:
        url = self.web_url()
        features = [_feature(message, url) for message in self.feed().messages()]
        told = PublicAlerts(features=features).model_dump(mode="json", exclude_none=True)
        for feature in told["features"]:
            feature.setdefault("geometry", None)  # RFC 7946, 3.2: it is there, if only as null
        return Reply(json.dumps(told, ensure_ascii=False, separators=(",", ":")), media_type=GEOJSON)

    def atom(self, call: Call[None]) -> Reply:
        feed = self.feed()
        return Reply(atom(feed.messages(), self.web_url(), feed.clock.now()), media_type=f"{ATOM_TYPE}; charset=utf-8")

    def cap(self, call: Call[None]) -> Reply:
        message = self.feed().message(alert_id(call))
        return Reply(cap(message, self.web_url()), media_type=f"{CAP_TYPE}; charset=utf-8")


def _feature(message: Message, web_url: str) -> PublicFeature:
    alert = message.alert
    content = alert.content
    taken: dict[str, Any] = {
        name: getattr(content, name) for name in ("scope", "category", "urgency", "severity", "certainty")
    }
    return PublicFeature(
        id=alert.id,
        geometry=PublicArea(**picture(message.area)) if message.area else None,
        properties=PublicProperties(
            identifier=message.identifier,
            sender=sender(message, web_url),
            sent=message.sent,
            status=alert.status,
            msg_type=message.msg_type,
            references=references(message, web_url) or None,
            kind=alert.kind,
            headline=_text(message.headline),
            description=_text(message.description) if message.description else None,
            instruction=_text(message.instruction) if message.instruction else None,
            contact=content.call_number,
            expires=alert.expires,
            municipalities=alert.municipalities,
            cap=f"{web_url}/api/alerts/public/{alert.id}",
            **taken,
        ),
    )


def _text(text: Text) -> WrittenText:
    return WrittenText(nl=text.nl, en=text.en)
