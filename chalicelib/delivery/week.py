"""The weekly cap, without a count per person: which alerts of this week may have asked the same people.

A week begins on Monday at 00:00 in the Netherlands. Whether somebody was asked by these alerts follows from the alerts
and from the place row (``question``), so nothing is written per recipient.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from chalicelib.alerts.content import Kind, Occasion
from chalicelib.alerts.listing import Summary
from chalicelib.alerts.model import Alert, State
from chalicelib.alerts.store import AlertStore
from chalicelib.delivery.model import NO_CAP, Cap
from chalicelib.platform.clock import AMSTERDAM

DRAFTED = timedelta(days=7)  # an alert is approved within so many days of its first draft
LOOKED_AT = 1_000  # alerts at most
COUNTED = 50  # at most, the newest: each is read by every matcher
PAGE = 100
BEGUN = frozenset({State.SCHEDULED, State.ACTIVE, State.CLOSED})


@dataclass(frozen=True)
class Week:
    """``most``: how often somebody is asked in a week, 0 for no end to it."""

    alerts: AlertStore
    most: int

    def cap(self, occasion: Occasion, moment: datetime) -> Cap:
        """For an alert approved at ``moment``."""
        if not self.most or occasion.overrides:
            return NO_CAP
        before = [it.id for it in self._since(beginning(moment)) if _counts(it, occasion, moment)][:COUNTED]
        return Cap(self.most, tuple(before)) if len(before) >= self.most else NO_CAP

    def before(self, cap: Cap) -> list[Alert]:
        """The alerts that a cap names."""
        return [self.alerts.get(alert) for alert in cap.before]

    def _since(self, monday: datetime) -> Iterator[Summary]:
        """The alerts that were approved since, newest first."""
        cursor: str | None = None
        for _ in range(LOOKED_AT // PAGE):
            page = self.alerts.page(limit=PAGE, cursor=cursor)
            for summary in page.alerts:
                if summary.created_at < monday - DRAFTED:
                    return
                if summary.state in BEGUN and summary.approved_at and summary.approved_at >= monday:
                    yield summary
            cursor = page.cursor
            if cursor is None:
                return


def _counts(earlier: Summary, occasion: Occasion, moment: datetime) -> bool:
    """What is not urgent never keeps somebody from being asked what is."""
    assert earlier.approved_at is not None
    return (
        earlier.approved_at < moment
        and (earlier.kind is Kind.ALERT or occasion.kind is not Kind.ALERT)
        and not set(earlier.municipalities).isdisjoint(occasion.municipalities)
    )


def beginning(moment: datetime) -> datetime:
    """The Monday 00:00 before, in the Netherlands."""
    there = moment.astimezone(AMSTERDAM)
    return datetime.combine(there.date() - timedelta(days=there.weekday()), time(), AMSTERDAM)
