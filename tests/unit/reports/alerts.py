"""Alerts whose figures are to be told: what they say plays no part in most of it."""

from datetime import timedelta

from chalicelib.alerts.approval import Sight
from chalicelib.alerts.cap import Certainty, Severity, Status, Urgency
from chalicelib.alerts.content import Category, Content, Kind
from chalicelib.alerts.model import Alert
from chalicelib.alerts.target import Target
from chalicelib.alerts.text import Text
from chalicelib.channels.model import Channel


def drafted(at, *municipalities, id="0000000abc", **content):  # noqa: A002
    """For the people in these municipalities; ``content``: what it has other than usual."""
    given = {
        "kind": Kind.ALERT,
        "category": Category.MISSING_CHILD,
        "status": Status.ACTUAL,
        "urgency": Urgency.IMMEDIATE,
        "severity": Severity.SEVERE,
        "certainty": Certainty.OBSERVED,
        "headline": Text("Vermist: Noor, 7 jaar"),
        "description": Text("Rode jas, gele laarzen."),
        "instruction": Text("Ziet u haar? Bel 112."),
        "target": Target.of({}, {}, municipalities),
        "channels": (Channel.SMS,),
    }
    return Alert.draft(
        id=id, tenant="MK90", content=Content(**(given | content)), by="anna", at=at, life=timedelta(hours=4)
    )


def begun(draft, at):
    """Approved by a second person, and begun at once."""
    submitted = draft.submit(by="anna", at=at)
    sight = Sight(typed="fewer than ten")
    return submitted.approve(by="bram", seen=submitted.version, at=at, countdown=timedelta(), sight=sight).begin(at=at)
