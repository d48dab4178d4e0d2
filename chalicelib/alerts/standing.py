"""The alert that no person writes: a test to canaries, which goes out on schedule.

It needs no second person, because it can reach nobody: its audience is part of what is approved, and the matcher asks
canaries alone. See docs/decisions.
"""

from datetime import datetime, timedelta

from chalicelib.alerts.cap import Certainty, Severity, Status, Urgency
from chalicelib.alerts.content import Audience, Category, Content, Kind
from chalicelib.alerts.model import Alert
from chalicelib.alerts.target import Target
from chalicelib.alerts.text import Text
from chalicelib.channels.model import Channel

AUTHOR, APPROVER = "canary", "canary-schedule"
TENANT = "canary"
HEADLINE = Text("Test van Burgernet", "Test of Burgernet")
DESCRIPTION = Text("Dit bericht toont dat berichten aankomen.", "This message shows that messages arrive.")
INSTRUCTION = Text("U hoeft niets te doen.", "You do not have to do anything.")


def canary_draft(target: Target, channels: tuple[Channel, ...], *, id: str, at: datetime, life: timedelta) -> Alert:  # noqa: A002
    """Where and how canaries are asked. ``life``: after which nothing goes out any more."""
    content = Content(
        kind=Kind.ALERT,
        category=Category.OTHER_URGENT,
        status=Status.TEST,
        urgency=Urgency.UNKNOWN,
        severity=Severity.UNKNOWN,
        certainty=Certainty.UNKNOWN,
        headline=HEADLINE,
        description=DESCRIPTION,
        instruction=INSTRUCTION,
        target=target,
        channels=channels,
        audience=Audience.CANARIES,
        expires=at + life,
    )
    return Alert.draft(id=id, tenant=TENANT, content=content, by=AUTHOR, at=at, life=life)


def scheduled(draft: Alert, at: datetime) -> tuple[Alert, Alert]:
    """The draft as it is submitted, and as it is scheduled for now."""
    submitted = draft.submit(by=AUTHOR, at=at)
    approved = submitted.approve(by=APPROVER, seen=submitted.version, at=at, countdown=timedelta())
    return submitted, approved
