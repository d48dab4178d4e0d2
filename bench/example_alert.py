"""One alert, for whatever area a benchmark or a test asks about; also when it is on its way."""

from datetime import UTC, datetime, timedelta
from typing import Any

from chalicelib.alerts.approval import Sight
from chalicelib.alerts.cap import Certainty, Severity, Status, Urgency
from chalicelib.alerts.content import Category, Content, Kind
from chalicelib.alerts.model import Alert
from chalicelib.alerts.target import Target
from chalicelib.alerts.text import Text
from chalicelib.areas.model import Shape
from chalicelib.channels.model import Channel

START = datetime(2026, 11, 23, 20, 15, tzinfo=UTC)
ID = "0000000abc"


def example_content(area: Shape | None = None, **changes: Any) -> Content:
    """By SMS and e-mail to ``area`` in one municipality, unless ``changes`` say otherwise."""
    given: dict[str, Any] = {
        "kind": Kind.ALERT,
        "category": Category.MISSING_CHILD,
        "status": Status.ACTUAL,
        "urgency": Urgency.IMMEDIATE,
        "severity": Severity.SEVERE,
        "certainty": Certainty.OBSERVED,
        "headline": Text("Vermist: Noor, 7 jaar", "Missing: Noor, aged 7"),
        "description": Text("Rode jas, gele laarzen, blauwe fiets.", "Red coat, yellow boots, blue bicycle."),
        "instruction": Text("Ziet u haar? Bel 112.", "Do you see her? Call 112."),
        "target": Target.of({}, area.to_json() if area else {}, ("GM9001",)),
        "channels": (Channel.SMS, Channel.EMAIL),
    }
    return Content(**(given | changes))


def approved_alert(
    content: Content, *, alert_id: str = ID, at: datetime = START, countdown: timedelta = timedelta(0)
) -> tuple[Alert, Alert]:
    """As Anna drafted it, for four hours, and as Bram approved it, all ``at`` one moment."""
    draft = Alert.draft(id=alert_id, tenant="MK90", content=content, by="anna", at=at, life=timedelta(hours=4))
    submitted, sight = draft.submit(by="anna", at=at), Sight(typed="fewer than ten")
    return draft, submitted.approve(by="bram", seen=submitted.version, at=at, countdown=countdown, sight=sight)


def active_alert(area: Shape, *, alert_id: str = ID, at: datetime = START) -> Alert:
    """Approved and begun at ``at``."""
    return approved_alert(example_content(area), alert_id=alert_id, at=at)[1].begin(at=at)
