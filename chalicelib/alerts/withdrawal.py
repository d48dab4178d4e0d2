"""What is taken out of an alert some time after it is over: all that describes somebody. What remains are figures.

That it once said so can still be shown: ``approved_digest`` is the hash of what was approved, and the event of the
withdrawal holds that of the whole alert. Whoever brings the text can prove that it is the same. Reasons that staff gave
for an override or a broken glass stay: they answer for them.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from chalicelib.alerts.content import Category, Content
from chalicelib.alerts.content_codec import plain
from chalicelib.alerts.listing import Summary
from chalicelib.alerts.messages import Update
from chalicelib.alerts.model import Alert
from chalicelib.alerts.states import Move, State
from chalicelib.alerts.text import Text
from chalicelib.platform.errors import Conflict

TAKEN_OUT = Text("Verwijderd na afloop.", "Removed afterwards.")


@dataclass(frozen=True)
class Kept:
    """How long after an alert is over: what it said of people, and what participants told about them."""

    description: timedelta
    tips: timedelta


def _days(description: int, tips: int) -> Kept:
    return Kept(timedelta(days=description), timedelta(days=tips))


# A missing person who was found is owed most; an unsolved crime may still be asked about. To be settled with the
# police, whose own records are kept by another law.
KEPT: Mapping[Category, Kept] = {
    Category.MISSING_CHILD: _days(7, 30),
    Category.MISSING_PERSON: _days(7, 30),
    **dict.fromkeys((Category.RESIDENTIAL_BURGLARY, Category.ROBBERY, Category.ARSON), _days(30, 90)),
    **dict.fromkeys((Category.HIT_AND_RUN, Category.THEFT, Category.VANDALISM, Category.FRAUD), _days(30, 90)),
    **dict.fromkeys((Category.OTHER_URGENT, Category.OTHER), _days(30, 30)),
}
ABANDONED = timedelta(days=30)  # a draft that nobody has touched since
UNSENT = frozenset({State.DRAFT, State.SUBMITTED})
RUNNING = frozenset({State.SCHEDULED, State.ACTIVE})  # until its time is over


def over_since(alert: Alert | Summary) -> datetime | None:
    """When it was closed or cancelled; else when its time was over, whether anybody closed it or not.

    None: of a draft, which has no time of its own yet.
    """
    return alert.ended_at or (None if alert.state in UNSENT else alert.expires)


def withdrawn(alert: Alert, at: datetime) -> Alert:
    """Without what describes anybody; what was not sent is cancelled with it. Again: nothing changes.

    Raises:
        Conflict: ``not_over``.
    """
    if alert.withdrawn_at:
        return alert
    _check_over(alert, at)
    return alert.moved(
        Move.WITHDRAW,
        at,
        content=_bare(alert.content),
        updates=tuple(replace(update, text=TAKEN_OUT) for update in alert.updates),
        outcome_text=None,
        returned_reason=None,
        withdrawn_at=at,
        **({"cancelled_at": at, "due": None} if alert.ended_at is None and alert.state is not State.ACTIVE else {}),
    )


def without_tips(alert: Alert, at: datetime) -> Alert:
    """Its tips were taken out. Again: nothing changes. Raises as ``withdrawn``."""
    if alert.tips_withdrawn_at:
        return alert
    _check_over(alert, at)
    return alert.moved(Move.WITHDRAW, at, tips_withdrawn_at=at)


def _check_over(alert: Alert, at: datetime) -> None:
    if alert.state in RUNNING and at < alert.expires:
        raise Conflict("not_over", "Its time is not over yet.")


def _bare(content: Content) -> Content:
    return replace(
        content,
        headline=TAKEN_OUT,
        description=TAKEN_OUT,
        instruction=TAKEN_OUT,
        incident_point=None,
        waves=None,
        persons=(),
        vehicles=(),
        recording=None,
        photo=None,
    )


def proof(alert: Alert) -> str:
    """Hash of all that an alert says: 64 hex digits."""
    said: list[Content | Update | Text | None] = [alert.content, *alert.updates, alert.outcome_text]
    text = json.dumps([plain(part) for part in said], sort_keys=True)
    return hashlib.sha256(text.encode() + alert.content.target.packed).hexdigest()
