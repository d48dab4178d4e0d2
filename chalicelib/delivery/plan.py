"""PLAN: splits a message into units, each the work of one match message. The same alert gives the same units."""

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.alerts.messages import MessageKind
from chalicelib.alerts.model import Alert
from chalicelib.alerts.service import AlertService
from chalicelib.areas.cover import KeyRange, cover
from chalicelib.areas.model import shape_from_json
from chalicelib.delivery.live import why_not
from chalicelib.delivery.messages import AHEAD_S, MatchMessage, PlanMessage
from chalicelib.delivery.model import Cap, Plan
from chalicelib.delivery.store import Ledger
from chalicelib.delivery.waves import wait_for_next
from chalicelib.delivery.week import Week
from chalicelib.platform.batch import Record
from chalicelib.platform.clock import Clock
from chalicelib.platform.errors import Conflict
from chalicelib.platform.observe import logger
from chalicelib.platform.queues import QueueName, Queues

# A unit is a few thousand people where it is a town: a neighbourhood is one unit, a city five, the nation 800.
RANGES_PER_UNIT = 32
PARTITIONS_PER_UNIT = 4.0  # as large as so many whole partitions
AGAIN_S = 1
WITHDRAWN = frozenset({"not_scheduled", "not_as_approved"})


@dataclass(frozen=True)
class Planner:
    alerts: AlertService
    ledger: Ledger
    queues: Queues
    clock: Clock
    week: Week

    def plan(self, record: Record[PlanMessage]) -> None:
        """Write the plan, then hand out its units; a repeat does exactly the same again."""
        asked = record.body
        if asked.message == MessageKind.CALL:
            self._plan_call(asked)
        else:
            self._plan_repeat(asked)

    def _plan_call(self, asked: PlanMessage) -> None:
        alert = self._begun(asked)
        if alert is None:
            return
        lots = units(alert, asked.wave)
        plan = self._planned(alert, asked.wave, len(lots))
        messages = [
            MatchMessage(
                alert=alert.id,
                message=MessageKind.CALL,
                unit=unit,
                wave=asked.wave,
                ranges=ranges,
                most=plan.cap.most,
                before=plan.cap.before,
            )
            for unit, ranges in enumerate(lots, plan.units_of(asked.wave).start)
        ]
        self._hand_out(asked, messages)
        wait_for_next(alert, self.queues, self.clock)

    def _begun(self, asked: PlanMessage) -> Alert | None:
        """The alert, active; None where there is nothing to do, or not yet."""
        if asked.wave > 1:  # began in the same transaction that led to this message
            alert = self.alerts.get(asked.alert)
            why = why_not(alert, MessageKind.CALL, self.clock.now())
            if why:
                logger.info("plan.dropped", alert=asked.alert, wave=asked.wave, why=why)
            return None if why else alert
        self._wait_for_the_end(self.alerts.get(asked.alert))
        try:
            return self.alerts.begin(asked.alert)
        except Conflict as conflict:
            if conflict.code == "not_due":
                self.queues.send(QueueName.PLAN, [asked.body()], delay_s=AGAIN_S)
            elif conflict.code in WITHDRAWN:
                logger.info("plan.dropped", alert=asked.alert, why=conflict.code)
            else:  # lost a race: the queue hands it out again
                raise
            return None

    def _wait_for_the_end(self, alert: Alert) -> None:
        """Of a countdown that is nearly over: a queue counts in whole seconds, and the function may have to start."""
        left_s = (alert.due - self.clock.now()).total_seconds() if alert.due else 0
        if 0 < left_s <= AHEAD_S:
            self.clock.sleep(left_s)

    def _planned(self, alert: Alert, wave: int, lots: int) -> Plan:
        """The plan with this wave in it, and those before: a planner that was killed may not have come to them yet."""
        plan = self.ledger.plan(alert.id, MessageKind.CALL) or Plan(0, self.clock.now(), cap=self._cap(alert))
        for missing in range(len(plan.waves) + 1, wave + 1):
            number = lots if missing == wave else len(units(alert, missing))
            plan = self.ledger.add_wave(alert.id, missing, number, self.clock.now(), plan.cap)
        return plan

    def _cap(self, alert: Alert) -> Cap:
        """Of an alert that is planned for the first time; what is found stays with the plan."""
        assert alert.approved_at is not None
        return self.week.cap(alert.content.occasion, alert.approved_at)

    def _plan_repeat(self, asked: PlanMessage) -> None:
        call = self.ledger.plan(asked.alert, MessageKind.CALL)
        numbers = range(call.units if call else 0)
        self.ledger.put_plan(asked.alert, asked.message, Plan(len(numbers), self.clock.now()))
        self._hand_out(asked, [MatchMessage(alert=asked.alert, message=asked.message, unit=unit) for unit in numbers])

    def _hand_out(self, asked: PlanMessage, messages: Sequence[MatchMessage]) -> None:
        queue = QueueName.MATCH if asked.message == MessageKind.CALL else QueueName.MATCH_FOLLOWUP
        self.queues.send(queue, [message.body() for message in messages])
        logger.info("plan.done", alert=asked.alert, kind=asked.message, wave=asked.wave, units=len(messages))


def units(alert: Alert, wave: int = 1) -> list[tuple[tuple[str, str, str, bool, str], ...]]:
    """The key ranges of a wave's part of the area, nearest to the incident first, in lots of about as much work."""
    lots: list[list[KeyRange]] = []
    room = 0.0
    for found in _ranges(alert, wave):
        room -= found.share
        if not lots or room < 0 or len(lots[-1]) == RANGES_PER_UNIT:
            lots.append([])
            room = PARTITIONS_PER_UNIT - found.share
        lots[-1].append(found)
    return [tuple((r.partition, r.first, r.last, r.interior, r.marks) for r in lot) for lot in lots]


def _ranges(alert: Alert, wave: int) -> list[KeyRange]:
    point, ring = alert.incident_point, alert.ring(wave)
    ranges = cover(shape_from_json(alert.shape), near=point)
    return ring.ranges(ranges, point) if ring and point else ranges
