"""Whatever a control room clicks, in whatever order, nothing goes out without a second person."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.alerts.approval import Sight
from chalicelib.alerts.cap import Severity, Status
from chalicelib.alerts.content_codec import digest
from chalicelib.alerts.late_outcome import with_outcome
from chalicelib.alerts.model import SYSTEM
from chalicelib.alerts.outcome import Contribution, Result
from chalicelib.alerts.states import State
from chalicelib.alerts.text import Text
from chalicelib.platform.errors import BurgernetError

SEEN = Sight(typed="fewer than ten")
ENDS = ["unanswered", "outcome"]
PEOPLE = st.sampled_from(["anna", "bram", "carla"])
MOVES = st.lists(
    st.tuples(
        st.sampled_from(["edit", "turn", "submit", "approve", "alone", "return", "begin", "lapse", "stop", *ENDS]),
        PEOPLE,
        st.integers(0, 2),  # how old the version is that this person looks at
        st.sampled_from([0, 1, 10, 20, 1_000]),  # seconds that go by
    ),
    max_size=25,
)


def move(alert, name, by, seen, at):
    if name == "edit":
        content = alert.content
        changed = type(content)(**(vars(content) | {"headline": Text(f"Versie van {by} om {at:%H:%M:%S}")}))
        return alert.edit(changed, by=by, seen=seen, at=at)
    if name == "turn":
        other = Status.ACTUAL if alert.status is not Status.ACTUAL else Status.EXERCISE
        return alert.edit(replace(alert.content, status=other), by=by, seen=alert.version, at=at)
    if name == "submit":
        return alert.submit(by=by, at=at)
    if name == "approve":
        return alert.approve(by=by, seen=seen, at=at, countdown=timedelta(seconds=10), sight=SEEN)
    if name == "alone":
        return alert.let_out_alone(by=by, reason="nood", seen=seen, at=at, countdown=timedelta(seconds=10), sight=SEEN)
    if name == "lapse":
        return alert.lapse(at=at)
    if name == "return":
        return alert.return_to_draft(reason="nog eens", at=at)
    if name == "begin":
        return alert.begin(at=at)
    if name == "stop":
        return alert.stop(by=by, at=at)
    if name == "unanswered":
        return alert.close_unanswered(at=at)
    if name == "outcome":
        found = {"result": Result.SUSPECT_ARRESTED, "contribution": Contribution.DIRECT, "text": None}
        return with_outcome(alert, **found, by=by, at=at)
    return alert.close(result=Result.OTHER, contribution=Contribution.NONE, text=None, by=by, at=at)


@given(moves=MOVES, status=st.sampled_from(Status), threatens=st.booleans())
def test_no_order_of_moves_sends_what_no_second_person_approved(draft, moves, status, threatens):
    severity = Severity.EXTREME if threatens else Severity.SEVERE
    words = {"headline": Text("Versie 0"), "description": Text("Tekst"), "instruction": Text("Bel 112")}
    alert = draft(**words, status=status, severity=severity)
    at = alert.created_at
    writers = {"anna"}
    approvals = {}
    submitted = None
    history = [alert.state]
    for name, by, age, seconds in moves:
        at += timedelta(seconds=seconds)
        seen = max(1, alert.version - age)
        try:
            after = move(alert, name, by, seen, at)
        except BurgernetError:
            continue
        if after is not alert:
            assert after.version == alert.version + 1
            assert after.changed_at > alert.changed_at
            history.append(after.state)
            if name == "outcome":  # only what nobody had said, and once
                assert (alert.state, alert.result, alert.closed_by) == (State.CLOSED, Result.UNKNOWN, SYSTEM)
                assert (after.closed_at, after.outcome_at, after.outcome_by) == (alert.closed_at, at, by)
            if name in ("edit", "submit"):
                writers.add(by)
            if name == "submit":
                submitted = (at, digest(after.content))
            if name in ("approve", "alone"):
                assert at - submitted[0] <= timedelta(minutes=15)
                assert submitted[1] == digest(alert.content)
                approvals[after.version] = (by, digest(alert.content), name)
            if name == "approve":
                assert by not in writers
            if name == "alone":
                assert (threatens, status) == (True, Status.ACTUAL)
        alert = after
        assert alert.status is status
        if alert.state in (State.ACTIVE, State.CLOSED):
            approver, what, how = approvals[max(approvals)]
            assert alert.break_glass == ("nood" if how == "alone" else None)
            assert how == "alone" or approver not in writers
            assert digest(alert.content) == what
            assert timedelta(seconds=10) <= alert.activated_at - alert.approved_at <= timedelta(minutes=15)
    if State.ACTIVE in history:
        after_active = history[history.index(State.ACTIVE) :]
        assert set(after_active) <= {State.ACTIVE, State.CLOSED}
