"""The life of an alert: what may follow what, and who may not approve."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.alerts.approval import BLIND, DRAFT_LIFE, WINDOW, Limit, Sight
from chalicelib.alerts.bands import BANDS, band
from chalicelib.alerts.cap import Scope, Severity, Status, Urgency
from chalicelib.alerts.content import CATEGORIES, Category, Kind
from chalicelib.alerts.handover import Outbox, Withdrawal, handed_over
from chalicelib.alerts.late_outcome import with_outcome
from chalicelib.alerts.messages import MAX_UPDATES, UpdateType
from chalicelib.alerts.model import MessageKind, SelfApproval
from chalicelib.alerts.outcome import Contribution, Result, results
from chalicelib.alerts.states import TRANSITIONS, Move, State
from chalicelib.alerts.target import Target
from chalicelib.alerts.text import Text
from chalicelib.alerts.waves import Hold, Waves
from chalicelib.alerts.withdrawal import withdrawn
from chalicelib.channels.model import Channel
from chalicelib.platform.errors import Conflict, InvalidInput

SECONDS, MINUTES = timedelta(seconds=1), timedelta(minutes=1)
SEEN = Sight(typed="minder dan tien")


def close(alert, at, result=Result.SUSPECT_ARRESTED, contribution=Contribution.DIRECT, text=None):
    return alert.close(result=result, contribution=contribution, text=text, by="anna", at=at)


def approve(alert, at, by="bram", sight=SEEN, seen=None, countdown=10):
    return alert.approve(by=by, seen=seen or alert.version, at=at, countdown=countdown * SECONDS, sight=sight)


def update(alert, at, text="Zij heeft een rode fiets.", type_=UpdateType.UPDATE, by="anna"):
    return alert.update(type=type_, text=Text(text), by=by, at=at)


@pytest.fixture
def start(draft):
    return draft().created_at


@pytest.fixture
def every_state(draft, approved, active, start):
    given = {"waves": Waves((500,), 5), "severity": Severity.EXTREME}
    return {
        State.DRAFT: draft(**given),
        State.SUBMITTED: draft(**given).submit(by="anna", at=start),
        State.SCHEDULED: approved(**given),
        State.ACTIVE: active(**given),
        State.CLOSED: active(**given).close_unanswered(at=start),
        State.CANCELLED: draft(**given).stop(by="anna", at=start),
    }


MOVES = {
    Move.EDIT: lambda alert, at: alert.edit(
        replace(alert.content, call_number="112"), by="carla", seen=alert.version, at=at
    ),
    Move.SUBMIT: lambda alert, at: alert.submit(by="carla", at=at + 16 * MINUTES),
    Move.APPROVE: lambda alert, at: alert.approve(
        by="carla", seen=alert.version, at=at, countdown=0 * SECONDS, sight=SEEN
    ),
    Move.BREAK_GLASS: lambda alert, at: alert.let_out_alone(
        by="carla", reason="Zij kan verdrinken.", seen=alert.version, at=at, countdown=0 * SECONDS, sight=SEEN
    ),
    Move.LAPSE: lambda alert, at: alert.lapse(at=at + 16 * MINUTES),
    Move.RETURN: lambda alert, at: alert.return_to_draft(reason="plaats ontbreekt", at=at),
    Move.BEGIN: lambda alert, at: alert.begin(at=at + 60 * SECONDS),
    Move.STOP: lambda alert, at: alert.stop(by="carla", at=at),
    Move.UPDATE: lambda alert, at: update(alert, at),
    Move.WAVE: lambda alert, at: alert.begin_wave(by_hand=True, at=at + 60 * SECONDS),
    Move.HOLD: lambda alert, at: alert.hold_waves(Hold.DISPATCHER, at=at + 60 * SECONDS),
    Move.REMIND: lambda alert, at: alert.moved(Move.REMIND, at, reminded_at=at),
    Move.CLOSE: lambda alert, at: close(alert, at, Result.NONE, Contribution.NONE),
    Move.ADD_OUTCOME: lambda alert, at: with_outcome(
        alert, result=Result.NONE, contribution=Contribution.NONE, text=None, by="carla", at=at + 60 * SECONDS
    ),
    Move.WITHDRAW: lambda alert, at: withdrawn(alert, max(at, alert.expires)),
}
# A closed alert has no waves left to hold.
REPEATED = {(State.ACTIVE, Move.BEGIN), (State.CANCELLED, Move.STOP), (State.CLOSED, Move.HOLD)}
REPEATED |= {(state, Move.LAPSE) for state in State} - {(State.SCHEDULED, Move.LAPSE)}


@pytest.mark.parametrize("move", Move)
@pytest.mark.parametrize("state", State)
def test_only_the_listed_moves_are_possible(every_state, start, state, move):
    before = every_state[state]
    if (state, move) in TRANSITIONS:
        assert MOVES[move](before, start).state is TRANSITIONS[state, move]
    elif (state, move) in REPEATED:
        assert MOVES[move](before, start) is before
    else:
        with pytest.raises(Conflict):
            MOVES[move](before, start)


def test_nothing_leads_back_from_active():
    later = {State.ACTIVE, State.CLOSED}
    assert all(after in later for (before, _), after in TRANSITIONS.items() if before in later)


@pytest.mark.parametrize("author", ["anna", "dirk", "carla"])
def test_whoever_wrote_edited_or_submitted_it_cannot_approve(draft, content, start, author):
    alert = draft().edit(content(call_number="0900-8844"), by="dirk", seen=1, at=start).submit(by="carla", at=start)
    with pytest.raises(SelfApproval) as refused:
        alert.approve(by=author, seen=alert.version, at=start, countdown=10 * SECONDS, sight=SEEN)
    assert refused.value.code == "self_approval"


def test_an_author_stays_an_author_after_a_return(draft, content, start):
    alert = draft().edit(content(call_number="0900-8844"), by="dirk", seen=1, at=start).submit(by="anna", at=start)
    alert = alert.return_to_draft(reason="nog eens", at=start).submit(by="anna", at=start)
    with pytest.raises(SelfApproval):
        approve(alert, start, by="dirk")


def test_who_returned_it_may_approve_the_next_version(draft, start):
    alert = draft().submit(by="anna", at=start).return_to_draft(reason="nog eens", at=start).submit(by="anna", at=start)
    assert approve(alert, start, by="bram").state is State.SCHEDULED


def test_approval_is_for_the_version_that_was_read(draft, start):
    submitted = draft().submit(by="anna", at=start)
    again = submitted.return_to_draft(reason="nog eens", at=start).submit(by="anna", at=start)
    with pytest.raises(Conflict) as refused:
        again.approve(by="bram", seen=submitted.version, at=start, countdown=SECONDS, sight=SEEN)
    assert refused.value.code == "version_changed"


def test_a_double_click_on_approve_approves_once(approved, start):
    alert = approved()
    assert (
        alert.approve(by="bram", seen=alert.version - 1, at=start + SECONDS, countdown=10 * SECONDS, sight=SEEN)
        is alert
    )


def test_a_draft_is_submitted_within_its_time_whatever_was_edited_since(draft, content, start):
    last = start + DRAFT_LIFE
    edited = draft().edit(content(call_number="0900-8844"), by="anna", seen=1, at=last)
    submitted = edited.submit(by="anna", at=last)
    assert submitted.state is State.SUBMITTED
    for alert in (edited, submitted):
        with pytest.raises(Conflict) as too_old:
            alert.submit(by="anna", at=last + WINDOW + SECONDS)
        assert too_old.value.code == "draft_too_old"


def test_what_nobody_approved_in_a_quarter_of_an_hour_must_be_submitted_again(draft, start):
    submitted = draft().submit(by="anna", at=start)
    last = start + 15 * MINUTES
    assert approve(submitted, last).state is State.SCHEDULED
    with pytest.raises(Conflict) as late:
        approve(submitted, last + SECONDS)
    assert late.value.code == "submission_expired"
    again = submitted.submit(by="carla", at=last + SECONDS)
    assert (again.state, again.submitted_by, again.version) == (State.SUBMITTED, "carla", submitted.version + 1)
    with pytest.raises(SelfApproval):
        approve(again, last + SECONDS, by="carla")
    assert approve(again, last + 2 * SECONDS).state is State.SCHEDULED


def test_who_else_submits_what_is_submitted_changes_nothing(draft, start):
    with pytest.raises(Conflict) as refused:
        draft().submit(by="anna", at=start).submit(by="bram", at=start)
    assert refused.value.code == "wrong_state"


def test_an_approval_does_not_hold_for_ever_either(approved, start):
    alert = approved()
    assert alert.begin(at=start + 15 * MINUTES).state is State.ACTIVE
    with pytest.raises(Conflict) as late:
        alert.begin(at=start + 15 * MINUTES + SECONDS)
    assert late.value.code == "approval_expired"
    lapsed = alert.lapse(at=start + 15 * MINUTES + SECONDS)
    assert (lapsed.state, lapsed.approved_by, lapsed.due) == (State.DRAFT, None, None)
    assert handed_over(alert, lapsed) == Withdrawal(MessageKind.CALL)


@pytest.mark.parametrize("field", ["headline", "target", "channels", "waves", "severity", "scope", "call_number"])
def test_what_was_not_submitted_is_not_approved(draft, content, start, field):
    other = {
        "headline": Text("Iets anders"),
        "target": Target.of({}, {"type": "Circle", "center": [5, 52], "radius_m": 9}, ()),
        "channels": (Channel.EMAIL,),
        "waves": Waves((500,), 5),
        "severity": Severity.EXTREME,
        "scope": Scope.PUBLIC,
        "call_number": "112",
    }
    tampered = replace(draft().submit(by="anna", at=start), content=content(**{field: other[field]}))
    with pytest.raises(Conflict) as refused:
        approve(tampered, start)
    assert refused.value.code == "not_as_submitted"


@pytest.mark.parametrize(
    ("people", "typed"),
    [
        (300, "honderden"),
        (300, "  HUNDREDS "),
        (30_000, "tens  of thousands"),
        (30_000, "Tienduizenden"),
        (980, "duizenden"),  # so near to the border that a preview a minute ago may have said it
        (1_020, "honderden"),
        (0, "minder dan tien"),
    ],
)
def test_whoever_typed_the_reach_may_approve(draft, start, people, typed):
    alert = approve(draft().submit(by="anna", at=start), start, sight=Sight(people, typed))
    assert alert.approved_reach == band(people).code


@pytest.mark.parametrize(
    ("people", "typed", "code"),
    [
        (300, None, "reach_missing"),
        (300, "duizenden", "reach_wrong"),
        (900, "duizenden", "reach_wrong"),
        (1_100, "honderden", "reach_wrong"),
        (30_000, "tens_of_thousands", "reach_wrong"),
        (300, "", "reach_wrong"),
    ],
)
def test_who_typed_another_reach_is_told_nothing_of_the_right_one(draft, start, people, typed, code):
    with pytest.raises(InvalidInput) as refused:
        approve(draft().submit(by="anna", at=start), start, sight=Sight(people, typed))
    assert (refused.value.code, refused.value.fields[0].field) == (code, "reach")
    assert not any(word in refused.value.message for it in BANDS for word in (it.label.nl, it.label.en))


def test_beyond_a_limit_the_approver_says_why(draft, start):
    submitted, beyond = draft().submit(by="anna", at=start), Sight(70_000, "tienduizenden", (Limit.REACH, Limit.ALERTS))
    with pytest.raises(Conflict) as refused:
        approve(submitted, start, sight=beyond)
    assert refused.value.code == "limit_reason_missing"
    assert approve(submitted, start, sight=replace(beyond, reason="Groot gebied.")).limits_reason == "Groot gebied."
    within = Sight(300, "honderden", (), "Zomaar.")
    assert approve(submitted, start, sight=within).limits_reason is None


@pytest.mark.parametrize("status", [Status.EXERCISE, Status.TEST])
def test_an_exercise_needs_no_reach(draft, start, status):
    alert = approve(draft(status=status).submit(by="anna", at=start), start, sight=BLIND)
    assert (alert.state, alert.approved_reach) == (State.SCHEDULED, None)


def alone(alert, at, by="anna", sight=SEEN):
    return alert.let_out_alone(
        by=by, reason="Hij staat op het spoor.", seen=alert.version, at=at, countdown=10 * SECONDS, sight=sight
    )


def test_one_person_lets_out_what_threatens_a_life_and_that_stays_on_it(draft, start):
    alert = alone(draft(category=Category.MISSING_CHILD).submit(by="anna", at=start), start)
    assert (alert.approved_by, alert.break_glass) == ("anna", "Hij staat op het spoor.")
    begun = alert.begin(at=alert.due)
    assert begun.state is State.ACTIVE
    assert "Hij staat op het spoor." in close(begun, alert.due, Result.OTHER).note
    assert alert.return_to_draft(reason="toch niet", at=start).break_glass is None


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"severity": Severity.EXTREME, "urgency": Urgency.EXPECTED},
        {"category": Category.MISSING_CHILD, "status": Status.EXERCISE},
        {"severity": Severity.EXTREME, "status": Status.TEST},
    ],
)
def test_nothing_else_goes_out_alone(draft, start, changes):
    with pytest.raises(Conflict) as refused:
        alone(draft(**changes).submit(by="anna", at=start), start)
    assert refused.value.code == "not_life_threatening"


def test_who_lets_it_out_alone_still_types_the_reach_and_says_why_once(draft, start):
    submitted = draft(category=Category.MISSING_CHILD).submit(by="anna", at=start)
    with pytest.raises(InvalidInput):
        alone(submitted, start, sight=Sight(300, "duizenden"))
    beyond = alone(submitted, start, sight=Sight(70_000, "tienduizenden", (Limit.REACH,)))
    assert beyond.limits_reason == "Hij staat op het spoor."


def test_an_approval_of_ones_own_does_not_begin_without_a_broken_glass(approved, start):
    forged = replace(approved(), authors=("anna", "bram"))
    with pytest.raises(Conflict) as refused:
        forged.begin(at=start + 10 * SECONDS)
    assert refused.value.code == "not_as_approved"


def test_a_double_click_on_submit_submits_once(draft, start):
    submitted = draft().submit(by="anna", at=start)
    assert submitted.submit(by="anna", at=start) is submitted


@pytest.mark.parametrize(
    "change",
    [
        {"headline": Text("Iets anders")},
        {"target": Target.of({}, {"type": "Circle", "center": [5, 52], "radius_m": 9}, ())},
        {"channels": ()},
    ],
)
def test_what_was_not_approved_does_not_begin(approved, content, start, change):
    tampered = replace(approved(), content=content(**change))
    with pytest.raises(Conflict) as refused:
        tampered.begin(at=start + 60 * SECONDS)
    assert refused.value.code == "not_as_approved"


def test_the_countdown_runs_from_the_approval(approved, start):
    alert = approved()
    assert alert.due == start + 10 * SECONDS
    with pytest.raises(Conflict) as early:
        alert.begin(at=alert.due - timedelta(milliseconds=1))
    assert early.value.code == "not_due"
    assert alert.begin(at=alert.due).activated_at == alert.due


def test_an_undone_countdown_cannot_begin(approved, start):
    undone = approved().return_to_draft(reason="verkeerd gebied", at=start)
    assert (undone.state, undone.due, undone.approved_by) == (State.DRAFT, None, None)
    assert undone.returned_reason == "verkeerd gebied"
    with pytest.raises(Conflict) as refused:
        undone.begin(at=start + 60 * SECONDS)
    assert refused.value.code == "not_scheduled"


def test_stop_keeps_an_active_alert_open_for_its_outcome(active, start):
    stopped = active().stop(by="bram", at=start)
    assert (stopped.state, stopped.stopped_at, stopped.stopped_by) == (State.ACTIVE, start, "bram")
    assert stopped.stop(by="anna", at=start + SECONDS) is stopped
    closed = close(stopped, start)
    assert closed.state is State.CLOSED
    assert closed.stop(by="anna", at=start) is closed


def test_stop_cancels_what_has_not_begun(approved, start):
    cancelled = approved().stop(by="anna", at=start)
    assert (cancelled.state, cancelled.cancelled_by, cancelled.due) == (State.CANCELLED, "anna", None)


def test_closing_twice_with_the_same_outcome_is_closing_once(active, start):
    closed = close(active(), start, text=Text("Gepakt."))
    assert close(closed, start + SECONDS, text=Text("Gepakt.")) is closed


@pytest.mark.parametrize(
    "other",
    [{"result": Result.NONE}, {"contribution": Contribution.INDIRECT}, {"text": Text("Toch niet.")}],
)
def test_a_closed_alert_keeps_its_outcome(active, start, other):
    closed = close(active(), start)
    with pytest.raises(Conflict) as refused:
        close(closed, start, **other)
    assert refused.value.code == "already_closed"


def test_an_exercise_never_turns_into_the_real_thing(draft, content, start):
    with pytest.raises(Conflict) as refused:
        draft(status=Status.EXERCISE).edit(content(status=Status.ACTUAL), by="anna", seen=1, at=start)
    assert refused.value.code == "status_fixed"


def test_an_edit_needs_the_newest_version(draft, content, start):
    edited = draft().edit(content(call_number="0900-8844"), by="anna", seen=1, at=start)
    with pytest.raises(Conflict) as refused:
        edited.edit(content(), by="dirk", seen=1, at=start)
    assert refused.value.code == "version_changed"


def test_an_edit_that_changes_nothing_is_none(draft, content, start):
    alert = draft()
    assert alert.edit(content(), by="dirk", seen=1, at=start) is alert


def test_an_edit_must_hold_together(draft, content, start):
    with pytest.raises(InvalidInput):
        draft().edit(content(expires=start), by="anna", seen=1, at=start)


def test_the_usual_life_counts_from_the_end_of_the_countdown(draft, start):
    later = start + timedelta(hours=30)
    submitted = draft().submit(by="anna", at=later)
    alert = approve(submitted, later, by="bram")
    assert alert.expires == later + 10 * SECONDS + timedelta(hours=4)


def test_an_alert_whose_hour_has_gone_by_is_neither_submitted_nor_approved(draft, start):
    soon = start + 60 * SECONDS
    alert = draft(expires=soon)
    with pytest.raises(Conflict) as late:
        alert.submit(by="anna", at=soon)
    assert late.value.code == "expired"
    submitted = alert.submit(by="anna", at=start)
    with pytest.raises(Conflict) as too_late:
        submitted.approve(by="bram", seen=submitted.version, at=soon - 5 * SECONDS, countdown=10 * SECONDS, sight=SEEN)
    assert too_late.value.code == "expired"


def test_versions_and_times_of_change_grow_even_where_the_clock_does_not(draft, start):
    first = draft()
    second = first.submit(by="anna", at=start - 5 * SECONDS)
    assert (second.version, second.changed_at) == (2, start + timedelta(milliseconds=1))


def test_what_a_change_means_for_delivery(draft, approved, active, start):
    submitted = draft().submit(by="anna", at=start)
    scheduled = approved()
    assert handed_over(None, draft()) is None
    assert handed_over(draft(), submitted) is None
    assert handed_over(submitted, scheduled) == Outbox(MessageKind.CALL, start + 10 * SECONDS)
    assert handed_over(scheduled, active()) is None
    assert handed_over(scheduled, scheduled.stop(by="anna", at=start)) == Withdrawal(MessageKind.CALL)
    returned = scheduled.return_to_draft(reason="nog eens", at=start)
    assert handed_over(scheduled, returned) == Withdrawal(MessageKind.CALL)
    assert handed_over(active(), active().stop(by="anna", at=start)) is None
    assert handed_over(active(), close(active(), start)) == Outbox(MessageKind.OUTCOME, start)


@pytest.mark.parametrize(
    ("changes", "result"),
    [
        ({"category": Category.HIT_AND_RUN}, Result.MISSING_PERSON_FOUND),
        ({"category": Category.MISSING_CHILD}, Result.PROPERTY_RECOVERED),
        ({"kind": Kind.PREVENTION, "channels": (Channel.EMAIL,)}, Result.SUSPECT_ARRESTED),
    ],
)
def test_a_result_fits_what_was_asked(active, start, changes, result):
    alert = active(**changes)
    with pytest.raises(InvalidInput) as refused:
        close(alert, start, result)
    assert (refused.value.code, refused.value.fields[0].field) == ("result_not_for_category", "result")
    assert close(alert, start, Result.OTHER).state is State.CLOSED


def test_every_kind_and_category_has_results():
    for kind, categories in CATEGORIES.items():
        assert all({Result.OTHER, Result.NONE} <= results(kind, category) for category in categories)


def test_updates_are_numbered_and_each_is_a_message_for_delivery(active, start):
    first = update(active(), start)
    second = update(first, start + SECONDS, "De fiets is blauw.", UpdateType.CORRECTION)
    assert handed_over(active(), first) == Outbox("update-1", start)
    assert handed_over(first, second) == Outbox("update-2", start + SECONDS)
    assert second.messages == ("call", "update-1", "update-2", "outcome")


def test_a_double_click_on_update_tells_it_once(active, start):
    once = update(active(), start)
    assert update(once, start + SECONDS) is once
    assert update(once, start + SECONDS, by="bram") is not once


def test_who_was_asked_can_be_told_after_a_stop_and_a_stop_after_it_starts_no_message(active, start):
    stopped = active().stop(by="anna", at=start)
    told = update(stopped, start + SECONDS)
    assert (told.state, told.stopped_at, len(told.updates)) == (State.ACTIVE, start, 1)
    updated = update(active(), start)
    assert handed_over(updated, updated.stop(by="anna", at=start)) is None


def test_once_its_time_is_over_only_the_outcome_tells(active):
    alert = active()
    with pytest.raises(Conflict) as refused:
        update(alert, alert.expires)
    assert refused.value.code == "expired"


def test_there_are_only_so_many_updates(active, start):
    alert = active()
    for number in range(MAX_UPDATES):
        alert = update(alert, start, f"Nieuws {number}.")
    with pytest.raises(Conflict) as refused:
        update(alert, start, "Nog meer nieuws.")
    assert refused.value.code == "too_many_updates"
