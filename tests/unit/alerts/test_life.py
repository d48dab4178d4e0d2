"""Whatever a control room clicks, in whatever order, nothing goes out without a second person."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.alerts.content_codec import digest
from chalicelib.alerts.model import State
from chalicelib.alerts.outcome import Contribution, Result
from chalicelib.alerts.text import Text
from chalicelib.platform.errors import BurgernetError

PEOPLE = st.sampled_from(["anna", "bram", "carla"])
MOVES = st.lists(
    st.tuples(
        st.sampled_from(["edit", "submit", "approve", "return", "begin", "stop", "close"]),
        PEOPLE,
        st.integers(0, 2),  # how old the version is that this person looks at
        st.integers(0, 20),  # seconds that go by
    ),
    max_size=25,
)


def move(alert, name, by, seen, at):
    if name == "edit":
        content = alert.content
        changed = type(content)(**(vars(content) | {"headline": Text(f"Versie van {by} om {at:%H:%M:%S}")}))
        return alert.edit(changed, by=by, seen=seen, at=at)
    if name == "submit":
        return alert.submit(by=by, at=at)
    if name == "approve":
        return alert.approve(by=by, seen=seen, at=at, countdown=timedelta(seconds=10))
    if name == "return":
        return alert.return_to_draft(reason="nog eens", at=at)
    if name == "begin":
        return alert.begin(at=at)
    if name == "stop":
        return alert.stop(by=by, at=at)
    return alert.close(result=Result.OTHER, contribution=Contribution.NONE, text=None, by=by, at=at)


@given(moves=MOVES)
def test_no_order_of_moves_sends_what_no_second_person_approved(draft, moves):
    alert = draft(headline=Text("Versie 0"), description=Text("Tekst"), instruction=Text("Bel 112"))
    at = alert.created_at
    writers = {"anna"}
    approvals = {}
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
            if name in ("edit", "submit"):
                writers.add(by)
            if name == "approve":
                assert by not in writers
                approvals[after.version] = (by, digest(alert.content))
        alert = after
        if alert.state in (State.ACTIVE, State.CLOSED):
            approver, what = approvals[max(approvals)]
            assert approver not in writers
            assert digest(alert.content) == what
            assert alert.activated_at >= alert.approved_at + timedelta(seconds=10)
    if State.ACTIVE in history:
        after_active = history[history.index(State.ACTIVE) :]
        assert set(after_active) <= {State.ACTIVE, State.CLOSED}
