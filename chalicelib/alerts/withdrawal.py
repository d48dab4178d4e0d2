"""What is taken out of an alert some time after it has ended: all that describes somebody. What remains are figures.

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
from chalicelib.alerts.messages import Update
from chalicelib.alerts.model import Alert, Move, State
from chalicelib.alerts.text import Text

TAKEN_OUT = Text("Verwijderd na afloop.", "Removed afterwards.")


@dataclass(frozen=True)
class Kept:
    """How long after an alert has ended: what it said of people, and what participants told about them."""

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
OVER = frozenset({State.CLOSED, State.CANCELLED})
UNSENT = frozenset({State.DRAFT, State.SUBMITTED})


def withdrawn(alert: Alert, at: datetime) -> Alert:
    """Without what describes anybody; a draft is cancelled with it. Again: nothing changes.

    Raises:
        Conflict: it is scheduled or active.
    """
    if alert.withdrawn_at:
        return alert
    return alert.moved(
        Move.WITHDRAW,
        at,
        content=_bare(alert.content),
        updates=tuple(replace(update, text=TAKEN_OUT) for update in alert.updates),
        outcome_text=None,
        returned_reason=None,
        withdrawn_at=at,
        **({"cancelled_at": at} if alert.state in UNSENT else {}),
    )


def without_tips(alert: Alert, at: datetime) -> Alert:
    """Its tips were taken out. Again: nothing changes. Raises ``Conflict`` where it is scheduled or active."""
    return alert if alert.tips_withdrawn_at else alert.moved(Move.WITHDRAW, at, tips_withdrawn_at=at)


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
    )


def proof(alert: Alert) -> str:
    """Hash of all that an alert says: 64 hex digits."""
    said: list[Content | Update | Text | None] = [alert.content, *alert.updates, alert.outcome_text]
    text = json.dumps([plain(part) for part in said], sort_keys=True)
    return hashlib.sha256(text.encode() + alert.content.target.packed).hexdigest()
