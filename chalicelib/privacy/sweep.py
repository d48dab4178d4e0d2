"""SWEEP: what has been kept long enough goes, where the tables do not see to it themselves by ``ttl``.

A schedule calls every hour. Each part says by its own marks what is left to do, so a missed hour or a repeat changes
nothing. How long what is kept: ``retention``.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.alerts.listing import Summary
from chalicelib.alerts.photo_store import AlertPhotos
from chalicelib.alerts.service import AlertService
from chalicelib.alerts.withdrawal import ABANDONED, KEPT, UNSENT, over_since
from chalicelib.participants.yearly import Yearly
from chalicelib.platform.clock import Clock
from chalicelib.platform.errors import Conflict
from chalicelib.platform.observe import count, logger
from chalicelib.privacy.recent import recent
from chalicelib.tips.photo_store import Photos
from chalicelib.tips.store import TipStore


@dataclass(frozen=True)
class Sweep:
    alerts: AlertService
    tips: TipStore
    photos: Photos
    alert_photos: AlertPhotos
    yearly: Yearly
    clock: Clock

    def run(self, event: Any = None) -> dict[str, int]:
        """Do what is due; answers how much of each was done."""
        now = self.clock.now()
        done = {"descriptions": 0, "tips": 0, "photos": 0}
        for alert in recent(self.alerts.store, now):
            # Somebody changes it just now: the next hour comes.
            with suppress(Conflict):
                if not alert.withdrawn and _description_over(alert, now):
                    self.alert_photos.forget(alert.id)
                    self.alerts.withdraw(alert.id)
                    done["descriptions"] += 1
                if not alert.tips_withdrawn and _tips_over(alert, now):
                    done["photos"] += self.photos.forget(alert.id)
                    self.tips.withdraw(alert.id)
                    self.alerts.withdraw_tips(alert.id)
                    done["tips"] += 1
        count("DescriptionsWithdrawn", done["descriptions"])
        count("TipsWithdrawn", done["tips"])
        logger.info("sweep.done", descriptions=done["descriptions"], tips=done["tips"], photos=done["photos"])
        return done | dict(self.yearly.run())


def _description_over(alert: Summary, now: datetime) -> bool:
    if alert.state in UNSENT:
        return alert.changed_at + ABANDONED <= now
    over = over_since(alert)
    return over is not None and over + KEPT[alert.category].description <= now


def _tips_over(alert: Summary, now: datetime) -> bool:
    over = over_since(alert)
    return over is not None and over + KEPT[alert.category].tips <= now
