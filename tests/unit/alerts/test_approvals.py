"""What an approver must know is looked up: reach, limits, and whether a supervisor will hear of a broken glass."""

from dataclasses import replace

import pytest

from chalicelib.alerts.approvals import ApprovalLimits
from chalicelib.alerts.budget import BudgetWarning, Strain
from chalicelib.alerts.cap import Status
from chalicelib.alerts.content import Category
from chalicelib.alerts.model import SelfApproval
from chalicelib.alerts.service import BROKEN
from chalicelib.alerts.states import State
from chalicelib.alerts.target import Target
from chalicelib.channels.model import Channel
from chalicelib.platform.errors import Conflict, InvalidInput
from chalicelib.staff.supervisors import SupervisorBook

SPEC = {"geometry": {"type": "Polygon", "coordinates": []}}


@pytest.fixture
def submit(service, content, anna):
    def submit(**changes):
        given = {"target": service.target(SPEC)} | changes
        return service.submit(service.create(content(**given), anna).id, anna)

    return submit


def approve(approvals, alert, member, typed="honderden", reason=None):
    return approvals.approve(alert.id, member, alert.version, typed, reason).alert


def test_the_reach_is_counted_now_and_kept_as_a_word(approvals, service, submit, bram):
    alert = approve(approvals, submit(), bram)
    assert (alert.state, alert.approved_reach) == (State.SCHEDULED, "hundreds")
    facts = service.events(alert.id, after=None, limit=9)[-1].facts
    assert (facts["reach"], facts["digest"]) == ("hundreds", alert.submitted_digest)


def test_a_digit_too_many_is_found_by_whoever_types(approvals, submit, crowd, bram):
    crowd.people = 30_000
    with pytest.raises(InvalidInput) as refused:
        approve(approvals, submit(), bram)
    assert refused.value.code == "reach_wrong"


def test_nobody_is_counted_for_who_may_not_approve_or_for_an_exercise(approvals, submit, crowd, anna, bram):
    alert = submit()
    with pytest.raises(InvalidInput):
        approve(approvals, alert, bram, typed=None)
    with pytest.raises(Conflict):
        approvals.approve(alert.id, bram, alert.version - 1, "honderden", None)
    assert approve(approvals, submit(status=Status.EXERCISE), bram, typed=None).state is State.SCHEDULED
    assert crowd.counted == 0
    with pytest.raises(SelfApproval):
        approve(approvals, alert, anna)


def test_a_reach_above_the_limit_needs_a_reason_that_is_kept(approvals, service, submit, crowd, bram):
    crowd.people = 50_001
    alert = submit()
    with pytest.raises(Conflict) as refused:
        approve(approvals, alert, bram, "tens of thousands")
    assert refused.value.code == "limit_reason_missing"
    approved = approve(approvals, alert, bram, "tens of thousands", "De hele stad moet kijken.")
    assert approved.limits_reason == "De hele stad moet kijken."
    assert service.events(alert.id, after=None, limit=9)[-1].facts["beyond_limits"] == "De hele stad moet kijken."


def test_too_many_alerts_in_one_area_and_half_hour_need_a_reason(approvals, submit, clock, bram):
    for _ in range(3):
        approve(approvals, submit(), bram)
        clock.advance(minutes=1)
    with pytest.raises(Conflict):
        approve(approvals, submit(), bram)
    elsewhere = Target.of({}, submit().shape, ("GM9002",))
    assert approve(approvals, submit(target=elsewhere), bram).state is State.SCHEDULED
    assert approve(approvals, submit(status=Status.TEST), bram).state is State.SCHEDULED
    clock.advance(minutes=27, seconds=1)  # the first of them is half an hour ago
    assert approve(approvals, submit(), bram).limits_reason is None


def test_an_alert_counts_however_old_its_draft_was(approvals, submit, service, content, clock, anna, bram):
    old = [service.create(content(target=service.target(SPEC), incident_at=None), anna) for _ in range(3)]
    clock.advance(days=30)
    for draft in old:
        approve(approvals, service.submit(draft.id, anna), bram)
    with pytest.raises(Conflict, match="limit_reason_missing"):
        approve(approvals, submit(), bram)


def test_exercises_do_not_count_as_alerts(approvals, submit, bram):
    for _ in range(4):
        approve(approvals, submit(status=Status.EXERCISE), bram)
    assert approve(approvals, submit(), bram).limits_reason is None


def test_a_broken_glass_is_an_event_with_all_that_supervisors_read(approvals, service, submit, anna):
    alert = submit(category=Category.MISSING_CHILD)
    broken = approvals.break_glass(alert.id, anna, alert.version, "honderden", "Zij staat op het ijs.").alert
    assert (broken.state, broken.break_glass) == (State.SCHEDULED, "Zij staat op het ijs.")
    event = service.events(alert.id, after=None, limit=9)[-1]
    assert (event.type, event.by, event.facts["reason"], event.facts["reach"]) == (
        BROKEN,
        "anna",
        "Zij staat op het ijs.",
        "hundreds",
    )
    assert service.page(anna, limit=5).alerts[0].break_glass


def test_without_a_supervisor_the_glass_does_not_break(approvals, organisations, submit, anna):
    alert = submit(category=Category.MISSING_CHILD)
    alone = replace(approvals, supervisors=SupervisorBook(organisations, ()))
    with pytest.raises(Conflict) as refused:
        alone.break_glass(alert.id, anna, alert.version, "honderden", "Haast.")
    assert refused.value.code == "nobody_to_tell"
    organisations.put(replace(organisations.find("MK90"), supervisors=("deputy@burgernet.example",)))
    assert alone.break_glass(alert.id, anna, alert.version, "honderden", "Haast.").alert.state is State.SCHEDULED


def test_a_limit_of_none_always_needs_a_reason(approvals, submit, bram):
    strict = replace(approvals, limits=ApprovalLimits(people=0, alerts=0))
    with pytest.raises(Conflict):
        approve(strict, submit(), bram)


def test_whoever_lets_it_out_is_told_of_budgets_by_the_reach_that_was_counted(approvals, submit, crowd, purse, bram):
    purse.found = [BudgetWarning("GM9001", "Sluisveen", Strain.OVER, 1_000, 900, 200)]
    alert = submit()
    out = approvals.approve(alert.id, bram, alert.version, "honderden", None)
    assert (out.alert.state, out.budget) == (State.SCHEDULED, tuple(purse.found))
    assert (crowd.counted, [people for _, people in purse.asked]) == (1, [{"BU90010101": 300}])


@pytest.mark.parametrize("channel", [Channel.EMAIL, Channel.VOICE, Channel.PUSH])
def test_also_where_no_sms_goes_out(approvals, submit, purse, bram, channel):
    purse.found = [BudgetWarning("GM9001", "Sluisveen", Strain.OVER, 1_000, 900, 200)]
    alert = submit(channels=(channel,))
    assert approvals.approve(alert.id, bram, alert.version, "honderden", None).budget == tuple(purse.found)


def test_money_never_keeps_an_alert_in(approvals, submit, purse, anna, bram):
    purse.broken = True
    alert, urgent = submit(), submit(category=Category.MISSING_CHILD)
    out = approvals.approve(alert.id, bram, alert.version, "honderden", None)
    assert (out.alert.state, out.budget) == (State.SCHEDULED, None)
    assert approvals.break_glass(urgent.id, anna, urgent.version, "honderden", "Haast.").alert.state is State.SCHEDULED


def test_of_an_exercise_nobody_is_counted_for_its_budget(approvals, submit, crowd, purse, bram):
    alert = submit(status=Status.EXERCISE)
    assert approvals.approve(alert.id, bram, alert.version, None, None).budget is None
    assert (crowd.counted, purse.asked) == (0, [])
