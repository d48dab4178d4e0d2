"""Looks at the budgets when an alert is submitted or let out, once that has been done."""

from dataclasses import dataclass

from chalicelib.alerts.budget import Warnings, unhindered
from chalicelib.alerts.forecast import Forecaster
from chalicelib.alerts.model import Alert
from chalicelib.alerts.preview import parts_of, preview
from chalicelib.alerts.reach import Reach
from chalicelib.areas.model import shape_from_json


@dataclass(frozen=True)
class BudgetWatch:
    """``reply_url``: as long as a real one."""

    forecaster: Forecaster
    reply_url: str

    def of(self, alert: Alert, reach: Reach | None = None) -> Warnings:
        """``reach``: whom it would ask, where that is known already. Raises nothing."""
        return unhindered(lambda: self._of(alert, reach))

    def _of(self, alert: Alert, reach: Reach | None) -> Warnings:
        reader, shape = self.forecaster.reach, shape_from_json(alert.shape)
        known = reach or reader.reach(shape, alert.channels, alert.content.occasion)
        return self.forecaster.warnings(known, alert.channels, parts_of(preview(alert, self.reply_url)))
