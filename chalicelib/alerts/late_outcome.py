"""How an alert ended that had closed by itself: somebody knows it now, and who was asked hears it while it is news.

For as long as its words are surely there: the first of them are taken out a week after its end (``withdrawal``).
"""

from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.alerts.content import Kind
from chalicelib.alerts.messages import LATE_OUTCOME, MessageKind
from chalicelib.alerts.model import SYSTEM, Alert
from chalicelib.alerts.outcome import Contribution, Result, check_outcome
from chalicelib.alerts.reminders import closed_in_silence
from chalicelib.alerts.states import Move, State
from chalicelib.alerts.text import Text
from chalicelib.platform.errors import Conflict, InvalidInput

TOLD_WITHIN = timedelta(days=6)  # of its closing


def awaited(alert: Alert) -> bool:
    """Whether it closed by itself, and nobody has said since how it ended."""
    return alert.state is State.CLOSED and alert.result is Result.UNKNOWN


def told_until(alert: Alert) -> datetime | None:
    """Until when those who were asked hear an outcome that is added. None: never.

    Who heard nothing of its closing hears nothing of this; and what only gave advice looked for nothing.
    """
    if alert.closed_by != SYSTEM or alert.closed_at is None or alert.kind is Kind.PREVENTION:
        return None
    return None if closed_in_silence(alert) else alert.closed_at + TOLD_WITHIN


def is_told(alert: Alert) -> bool:
    """Whether an outcome was added, and in time for those who were asked to hear it."""
    return alert.outcome_at is not None and _in_time(alert, alert.outcome_at)


def last_word(alert: Alert) -> str:
    """The name of the message that says how it ended. An outcome that is known too late to be told changes nothing."""
    return LATE_OUTCOME if is_told(alert) else MessageKind.OUTCOME


def before_it_was_known(alert: Alert) -> Alert:
    """As it was closed, for who reads what was said then."""
    if alert.outcome_at is None:
        return alert
    return replace(alert, result=Result.UNKNOWN, contribution=Contribution.UNKNOWN, outcome_text=None, outcome_at=None)


def with_outcome(
    alert: Alert, *, result: Result, contribution: Contribution, text: Text | None, by: str, at: datetime
) -> Alert:
    """The alert with the outcome that nobody knew. It stays closed since when it was. The same again: nothing changes.

    Raises:
        Conflict: ``already_closed`` with an outcome that is known, or not closed.
        InvalidInput: as ``check_outcome``; ``outcome_text_missing``: people would hear that it ended, and not how; or
            ``text_not_told``: nobody hears it any more, so there is no use in keeping it.
    """
    if alert.state is State.CLOSED and not awaited(alert):
        if alert.outcome_at and (alert.result, alert.contribution, alert.outcome_text) == (result, contribution, text):
            return alert
        raise Conflict("already_closed", "How this alert ended is known already.")
    added = alert.moved(
        Move.ADD_OUTCOME,
        at,
        result=result,
        contribution=contribution,
        outcome_text=text,
        outcome_at=at,
        outcome_by=by,
    )
    check_outcome(alert.kind, alert.category, result, contribution)
    if text and not is_told(added):
        raise InvalidInput.of("text", "text_not_told", "It is too late to tell people: leave the text out.")
    if result is Result.OTHER and not text and is_told(added):
        raise InvalidInput.of("text", "outcome_text_missing", "Say in a sentence how it ended.")
    return added


def _in_time(alert: Alert, at: datetime) -> bool:
    until = told_until(alert)
    return until is not None and at < until
