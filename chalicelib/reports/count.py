"""COUNT: what an alert meant for each area, recomputed from the alert, its tally and its tips whenever one changes."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from chalicelib.alerts.content import Audience
from chalicelib.alerts.messages import MessageKind
from chalicelib.alerts.model import Alert
from chalicelib.alerts.store import AlertStore
from chalicelib.delivery.messages import CountMessage
from chalicelib.delivery.model import Tally
from chalicelib.delivery.tally import Tallies
from chalicelib.platform.batch import Record
from chalicelib.reports.costs import Costs
from chalicelib.reports.model import AlertFigures, lineage
from chalicelib.reports.store import ReportStore
from chalicelib.tips.store import TipStore


class Canaries(Protocol):
    def note(self, alert: Alert) -> None:
        """Look at what has become of it by now."""
        ...


@dataclass(frozen=True)
class Count:
    """``canaries``: hears of each change of what was for them; it is in no report."""

    alerts: AlertStore
    tallies: Tallies
    tips: TipStore
    reports: ReportStore
    canaries: Canaries
    costs: Costs

    def recompute(self, records: list[Record[CountMessage]]) -> set[str]:
        """Each alert that changed, once, however many messages say so."""
        for alert_id in sorted({record.body.alert for record in records}):
            alert = self.alerts.get(alert_id)
            if alert.activated_at is None:
                continue
            if alert.content.audience is Audience.CANARIES:
                self.canaries.note(alert)
                continue
            tally = self.tallies.of(alert_id, MessageKind.CALL)
            for row in figures(alert, tally, sum(self.tips.count(alert_id).values())):
                self.reports.put_alert(row)
            self.costs.keep(alert)
        return set()


def figures(alert: Alert, tally: Tally, tips: int) -> Iterator[AlertFigures]:
    """One row for every area in which somebody was matched, every area above it, and every municipality touched."""
    sums: dict[str, tuple[int, int, int]] = {
        area: (0, 0, 0) for municipality in alert.municipalities for area in lineage(municipality)
    }
    for neighbourhood, numbers in tally.areas.items():
        for area in lineage(neighbourhood):
            before = sums.get(area, (0, 0, 0))
            sums[area] = (before[0] + numbers.people, before[1] + numbers.asked, before[2] + numbers.reached)
    assert alert.activated_at is not None
    for area, (people, asked, reached) in sums.items():
        yield AlertFigures(
            area=area,
            alert=alert.id,
            opened=alert.activated_at,
            status=alert.status,
            kind=alert.kind,
            category=alert.category,
            people=people,
            asked=asked,
            reached=reached,
            result=alert.result,
            contribution=alert.contribution,
            tips=tips,
            break_glass=alert.break_glass is not None,
            version=alert.version + tally.version + tips,
        )
