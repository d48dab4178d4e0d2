"""One alert that is on its way, for whatever area a benchmark asks about."""

from datetime import UTC, datetime, timedelta

from chalicelib.alerts.cap import Certainty, Severity, Status, Urgency
from chalicelib.alerts.content import Category, Content, Kind
from chalicelib.alerts.model import Alert
from chalicelib.alerts.target import Target
from chalicelib.alerts.text import Text
from chalicelib.areas.model import Shape
from chalicelib.channels.model import Channel

START = datetime(2026, 11, 23, 20, 15, tzinfo=UTC)


def active_alert(area: Shape) -> Alert:
    """By SMS and e-mail, approved and begun at ``START``."""
    content = Content(
        kind=Kind.ALERT,
        category=Category.MISSING_CHILD,
        status=Status.ACTUAL,
        urgency=Urgency.IMMEDIATE,
        severity=Severity.SEVERE,
        certainty=Certainty.OBSERVED,
        headline=Text("Vermist: Noor, 7 jaar", "Missing: Noor, aged 7"),
        description=Text("Rode jas, gele laarzen, blauwe fiets.", "Red coat, yellow boots, blue bicycle."),
        instruction=Text("Ziet u haar? Bel 112.", "Do you see her? Call 112."),
        target=Target.of({}, area.to_json(), ("GM9001",)),
        channels=(Channel.SMS, Channel.EMAIL),
    )
    draft = Alert.draft(id="0000000abc", tenant="MK90", content=content, by="a", at=START, life=timedelta(hours=4))
    submitted = draft.submit(by="a", at=START)
    approved = submitted.approve(by="b", seen=submitted.version, at=START, countdown=timedelta(0))
    return approved.begin(at=START)
