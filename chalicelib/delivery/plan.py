"""PLAN: splits a message into units, each the work of one match message. The same alert gives the same units."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from chalicelib.alerts.messages import MessageKind
from chalicelib.alerts.model import Alert
from chalicelib.alerts.service import AlertService
from chalicelib.areas.cover import KeyRange, cover
from chalicelib.areas.model import shape_from_json
from chalicelib.delivery.messages import MatchMessage, PlanMessage
from chalicelib.delivery.model import Plan
from chalicelib.delivery.store import Ledger
from chalicelib.platform.batch import Record
from chalicelib.platform.clock import Clock
from chalicelib.platform.errors import Conflict
from chalicelib.platform.observe import logger
from chalicelib.platform.queues import QueueName, Queues

# A neighbourhood has about 8 ranges: one or two units. The nation has 3,131: some hundreds.
RANGES_PER_UNIT = 8
AGAIN_S = 1
WITHDRAWN = frozenset({"not_scheduled", "not_as_approved"})


@dataclass(frozen=True)
class Planner:
    alerts: AlertService
    ledger: Ledger
    queues: Queues
    clock: Clock

    def plan(self, record: Record[PlanMessage]) -> None:
        """Write the plan, then hand out its units; a repeat does exactly the same again."""
        asked = record.body
        if asked.message == MessageKind.CALL:
            self._plan_call(asked)
        else:
            self._plan_repeat(asked)

    def _plan_call(self, asked: PlanMessage) -> None:
        try:
            alert = self.alerts.begin(asked.alert)
        except Conflict as conflict:
            if conflict.code == "not_due":
                self.queues.send(QueueName.PLAN, [asked.body()], delay_s=AGAIN_S)
            elif conflict.code in WITHDRAWN:
                logger.info("plan.dropped", alert=asked.alert, why=conflict.code)
            else:  # lost a race: the queue hands it out again
                raise
            return
        messages = [
            MatchMessage(alert=alert.id, message=MessageKind.CALL, unit=unit, ranges=ranges)
            for unit, ranges in enumerate(units(alert))
        ]
        self._hand_out(asked, messages)

    def _plan_repeat(self, asked: PlanMessage) -> None:
        call = self.ledger.plan(asked.alert, MessageKind.CALL)
        self._hand_out(
            asked,
            [MatchMessage(alert=asked.alert, message=asked.message, unit=unit) for unit in range(call.units)]
            if call
            else [],
        )

    def _hand_out(self, asked: PlanMessage, messages: Sequence[MatchMessage]) -> None:
        self.ledger.put_plan(asked.alert, asked.message, Plan(len(messages), self.clock.now()))
        queue = QueueName.MATCH if asked.message == MessageKind.CALL else QueueName.MATCH_FOLLOWUP
        self.queues.send(queue, [message.body() for message in messages])
        logger.info("plan.done", alert=asked.alert, kind=asked.message, units=len(messages))


def units(alert: Alert) -> list[tuple[tuple[str, str, str, bool], ...]]:
    """The key ranges of the alert's area, nearest to the incident first, in lots of ``RANGES_PER_UNIT``."""
    ranges = iter(_ranges(alert))
    lots: list[tuple[tuple[str, str, str, bool], ...]] = []
    while lot := tuple((r.partition, r.first, r.last, r.interior) for r in islice(ranges, RANGES_PER_UNIT)):
        lots.append(lot)
    return lots


def _ranges(alert: Alert) -> list[KeyRange]:
    return cover(shape_from_json(alert.shape), near=alert.incident_point)
