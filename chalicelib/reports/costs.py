"""The cost of each alert, made again from its tallies whenever one changes, and kept by who bears it."""

from dataclasses import dataclass

from chalicelib.alerts.cap import Status
from chalicelib.alerts.model import Alert
from chalicelib.channels.prices import PriceTable
from chalicelib.delivery.tally import Tallies, total
from chalicelib.platform.clock import AMSTERDAM
from chalicelib.reports.cost import AlertCost, cost_of
from chalicelib.reports.money_store import MoneyStore, Share


@dataclass(frozen=True)
class Costs:
    tallies: Tallies
    money: MoneyStore
    prices: PriceTable

    def of(self, alert: Alert) -> AlertCost:
        """Of all its messages so far, at the prices of the day on which it began; nothing before that."""
        return self._of(alert)[0]

    def keep(self, alert: Alert) -> None:
        """Each municipality's share, under a version that grows with whatever it is made from."""
        if alert.activated_at is None:
            return
        cost, version = self._of(alert)
        for code, cents in cost.shares.items():
            self.money.put_share(
                Share(
                    municipality=code,
                    alert=alert.id,
                    opened=alert.activated_at,
                    cents=cents,
                    real=alert.status is Status.ACTUAL,
                    version=version,
                )
            )

    def _of(self, alert: Alert) -> tuple[AlertCost, int]:
        began = alert.activated_at
        if began is None:
            return NOTHING, 0
        tally = total(self.tallies.of(alert.id, message) for message in alert.messages)
        return cost_of(tally, began.astimezone(AMSTERDAM).date(), self.prices), tally.version


NOTHING = AlertCost(0, (), {})
