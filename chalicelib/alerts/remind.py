"""REMIND: looks after the alerts that are open, so that none stays so unnoticed.

A schedule calls every few minutes. What was done stands in the alert, written together with its event; so a call that
comes twice, late, or after one that was killed does what is left to do.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from chalicelib.alerts.listing import since
from chalicelib.alerts.reminders import Patience, Step
from chalicelib.alerts.service import AlertService
from chalicelib.alerts.states import State
from chalicelib.platform.observe import count, logger

LOOKED_BACK = timedelta(days=90)  # of their creation: a draft is let out within 31, and a fault may last


class NotLookedAfter(Exception):
    """Something was wrong with an alert; all others were looked after."""


@dataclass(frozen=True)
class Reminders:
    alerts: AlertService
    patience: Patience

    def run(self, event: Mapping[str, Any] | None = None) -> dict[str, int]:
        """Do what is due; answers how many alerts were ``reminded`` of, ``escalated`` and ``closed``.

        Raises:
            NotLookedAfter: the next call tries again.
        """
        done: Counter[Step] = Counter()
        failed = 0
        for alert in since(self.alerts.store, self.alerts.clock.now() - LOOKED_BACK):
            if alert.state is not State.ACTIVE:
                continue
            try:
                done.update(step for step in Step if self.alerts.take_step(alert.id, step, self.patience))
            except Exception:
                logger.exception("remind.failed", alert=alert.id)
                failed += 1
        count("AlertsReminded", done[Step.REMIND])
        count("AlertsEscalated", done[Step.ESCALATE])
        count("AlertsClosedUnanswered", done[Step.CLOSE])
        told = {step.value: done[step] for step in Step}
        logger.info("remind.done", done=told, failed=failed)
        if failed:
            raise NotLookedAfter(f"{failed} alerts")
        return told
