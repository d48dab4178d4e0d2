"""Alerts whose figures are to be told: what they say plays no part in most of it."""

from datetime import timedelta

from bench.example_alert import example_content
from chalicelib.alerts.approval import Sight
from chalicelib.alerts.model import Alert
from chalicelib.alerts.target import Target
from chalicelib.channels.model import Channel


def drafted(at, *municipalities, id="0000000abc", **content):  # noqa: A002
    """For the people in these municipalities; ``content``: what it has other than usual."""
    given = {"target": Target.of({}, {}, municipalities), "channels": (Channel.SMS,)} | content
    return Alert.draft(
        id=id, tenant="MK90", content=example_content(**given), by="anna", at=at, life=timedelta(hours=4)
    )


def begun(draft, at):
    """Approved by a second person, and begun at once."""
    submitted = draft.submit(by="anna", at=at)
    sight = Sight(typed="fewer than ten")
    return submitted.approve(by="bram", seen=submitted.version, at=at, countdown=timedelta(), sight=sight).begin(at=at)
