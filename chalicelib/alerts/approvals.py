"""Decides who may let an alert out: looks up what the approver must know, and the model judges by it."""

from dataclasses import dataclass
from datetime import timedelta

from chalicelib.alerts.approval import BLIND, Limit, Sight
from chalicelib.alerts.budget import Warnings
from chalicelib.alerts.budget_watch import BudgetWatch
from chalicelib.alerts.cap import Status
from chalicelib.alerts.listing import approved_since
from chalicelib.alerts.model import Alert
from chalicelib.alerts.reach import Reach, ReachReader
from chalicelib.alerts.service import AlertService
from chalicelib.alerts.states import State
from chalicelib.areas.model import shape_from_json
from chalicelib.platform.errors import Conflict
from chalicelib.staff.model import StaffMember
from chalicelib.staff.supervisors import SupervisorBook

HALF_HOUR = timedelta(minutes=30)


@dataclass(frozen=True)
class ApprovalLimits:
    """``people``: more than these need a reason. ``alerts``: so do more than these, per area and half hour."""

    people: int
    alerts: int


@dataclass(frozen=True)
class LetOut:
    """``budget``: what it does to budgets, where its reach was looked at."""

    alert: Alert
    budget: Warnings


@dataclass(frozen=True)
class Approvals:
    alerts: AlertService
    reach: ReachReader
    limits: ApprovalLimits
    supervisors: SupervisorBook
    budgets: BudgetWatch

    def approve(self, alert_id: str, member: StaffMember, seen: int, typed: str | None, reason: str | None) -> LetOut:
        """``typed``: the reach, as the approver typed it. ``reason``: why it may go beyond a limit.

        Raises as ``Alert.approve``.
        """
        reach, sight = self._sight(alert_id, member, seen, typed, reason)
        return self._let_out(self.alerts.approve(alert_id, member, seen, sight), reach)

    def break_glass(self, alert_id: str, member: StaffMember, seen: int, typed: str | None, reason: str) -> LetOut:
        """Let it out without a second person.

        Raises as ``Alert.let_out_alone``, and ``Conflict`` ``nobody_to_tell``.
        """
        if not self.supervisors.of(member.tenant):
            raise Conflict("nobody_to_tell", "Without a supervisor to tell, a second person must approve.")
        reach, sight = self._sight(alert_id, member, seen, typed, reason)
        return self._let_out(self.alerts.break_glass(alert_id, member, seen, reason, sight), reach)

    def _let_out(self, alert: Alert, reach: Reach | None) -> LetOut:
        return LetOut(alert, self.budgets.of(alert, reach) if reach else None)

    def _sight(
        self, alert_id: str, member: StaffMember, seen: int, typed: str | None, reason: str | None
    ) -> tuple[Reach | None, Sight]:
        """Counts people only where the model will come to look at them."""
        alert = self.alerts.read(alert_id, member)
        if alert.status is not Status.ACTUAL or alert.state is not State.SUBMITTED or alert.version != seen:
            return None, BLIND
        if typed is None:
            return None, BLIND
        reach = self.reach.reach(shape_from_json(alert.shape), alert.channels, alert.content.occasion)
        beyond = {
            Limit.REACH: reach.people > self.limits.people,
            Limit.ALERTS: self._alerts_before(alert) >= self.limits.alerts,
        }
        exceeded = tuple(limit for limit, is_beyond in beyond.items() if is_beyond)
        return reach, Sight(reach.people, typed, exceeded, reason)

    def _alerts_before(self, alert: Alert) -> int:
        """Live ones, of any control room, that were let out within half an hour and touch one of its municipalities."""
        here = set(alert.municipalities)
        recent = approved_since(self.alerts.store, self.alerts.clock.now() - HALF_HOUR)
        near = (set(it.municipalities) for it in recent if it.status is Status.ACTUAL)
        return sum(here == there or not here.isdisjoint(there) for there in near)
