"""The weekly cap, without a count per person: which alerts of this week may have asked the same people.

A week begins on Monday at 00:00 in the Netherlands. Whether somebody was asked by these alerts follows from the alerts
and from the place row (``question``), so nothing is written per recipient.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import islice

from chalicelib.alerts.content import Kind, Occasion
from chalicelib.alerts.listing import Summary, approved_since
from chalicelib.alerts.model import Alert
from chalicelib.alerts.store import AlertStore
from chalicelib.delivery.model import NO_CAP, Cap
from chalicelib.platform.clock import AMSTERDAM

COUNTED = 50  # at most, the newest: each is read by every matcher


@dataclass(frozen=True)
class Week:
    """``most``: how often somebody is asked in a week, 0 for no end to it."""

    alerts: AlertStore
    most: int

    def cap(self, occasion: Occasion, moment: datetime) -> Cap:
        """For an alert approved at ``moment``."""
        if not self.most or occasion.overrides:
            return NO_CAP
        this_week = approved_since(self.alerts, beginning(moment))
        counted = (it.id for it in this_week if _counts(it, occasion, moment))
        before = tuple(islice(counted, COUNTED))
        return Cap(self.most, before) if len(before) >= self.most else NO_CAP

    def before(self, cap: Cap) -> list[Alert]:
        """The alerts that a cap names."""
        return [self.alerts.get(alert) for alert in cap.before]


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
