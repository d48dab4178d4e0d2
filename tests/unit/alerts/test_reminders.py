"""No alert stays open: what is due, once, whoever looks, however often and however late."""

from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.alerts.cap import Status
from chalicelib.alerts.model import SYSTEM
from chalicelib.alerts.outcome import Contribution, Result
from chalicelib.alerts.remind import NotLookedAfter, Reminders
from chalicelib.alerts.reminders import Patience, Step, closed_in_silence, next_step, taken
from chalicelib.alerts.states import State
from chalicelib.platform.errors import Conflict, InvalidInput

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
PATIENCE = Patience(2 * HOUR, 4 * HOUR, 24 * HOUR)
NOTHING = {"reminded": 0, "escalated": 0, "closed": 0}


@pytest.fixture
def reminders(service):
    return Reminders(service, PATIENCE)


@pytest.fixture
def running(service, content, anna, bram, clock):
    """An alert that has just begun; it lives for four hours."""

    def running(status=Status.EXERCISE, **changes):
        draft = service.create(content(status=status, **changes), anna)
        submitted = service.submit(draft.id, anna)
        service.approve(draft.id, bram, submitted.version)
        clock.advance(seconds=10)
        return service.begin(draft.id)

    return running


def told(reminders):
    """What was done in this run, by its names."""
    return {name: number for name, number in reminders.run().items() if number}


def types(service, alert):
    return [event.type for event in service.events(alert.id, after=None, limit=50)][4:]


@pytest.mark.parametrize("status", [Status.EXERCISE, Status.TEST])
def test_a_day_in_which_nobody_closes_it(reminders, service, running, clock, status):
    alert = running(status)
    clock.advance(minutes=119, seconds=59)
    assert told(reminders) == {}
    clock.advance(seconds=1)
    assert told(reminders) == {"reminded": 1}
    assert told(reminders) == {}
    clock.advance(hours=2)
    assert told(reminders) == {"escalated": 1}
    clock.advance(hours=19, minutes=59)
    assert told(reminders) == {}
    clock.advance(minutes=1)
    assert told(reminders) == {"closed": 1}
    clock.advance(hours=100)
    assert told(reminders) == {}
    after = service.get(alert.id)
    assert (after.state, after.result, after.contribution) == (State.CLOSED, Result.UNKNOWN, Contribution.UNKNOWN)
    assert (after.closed_by, after.outcome_text, after.version) == (SYSTEM, None, alert.version + 3)
    assert types(service, alert) == ["reminded", "escalated", "closed"]
    *_, closing = service.events(alert.id, after=None, limit=50)
    assert (closing.by, closing.facts) == (SYSTEM, {"result": "unknown", "contribution": "unknown"})


def test_closing_by_itself_starts_the_message_to_everybody_who_was_asked(reminders, store, running, clock):
    alert = running()
    assert (alert.id, "outcome") not in store.outbox
    clock.advance(hours=24)
    reminders.run()
    assert store.outbox[alert.id, "outcome"].due == clock.now()


def test_a_stopped_alert_is_open_too(reminders, service, running, anna, clock):
    alert = running()
    service.stop(alert.id, anna)
    clock.advance(hours=2)
    assert told(reminders) == {"reminded": 1}
    clock.advance(hours=22)
    assert told(reminders) == {"closed": 1}


def test_what_is_closed_or_never_began_is_let_be(reminders, service, running, content, anna, clock):
    alert = running()
    service.create(content(), anna)
    service.submit(service.create(content(incident_at=None), anna).id, anna)
    service.close(alert.id, anna, Result.NONE, Contribution.NONE, None)
    clock.advance(hours=30)
    assert reminders.run() == NOTHING


def test_a_run_that_comes_late_does_all_that_is_due_and_reminds_nobody_of_what_it_closes(reminders, running, clock):
    running()
    clock.advance(hours=5)
    assert told(reminders) == {"reminded": 1, "escalated": 1}
    running()
    clock.advance(hours=25)
    assert told(reminders) == {"closed": 2}


def test_it_never_closes_before_its_own_time_is_over(active):
    alert = replace(active(), expires=active().activated_at + 30 * HOUR)
    impatient = Patience(HOUR, HOUR, HOUR)
    assert next_step(alert, alert.expires - MINUTE, impatient) is Step.REMIND
    assert next_step(alert, alert.expires, impatient) is Step.CLOSE


@given(looks=st.lists(st.integers(0, 40 * 60), max_size=12), stop=st.booleans())
def test_each_step_is_taken_once_and_in_its_order_whenever_somebody_looks(active, looks, stop):
    alert = active().stop(by="anna", at=active().activated_at) if stop else active()
    begun, steps = alert.activated_at, []
    for minutes in sorted(looks):
        for step in Step:
            after = taken(alert, step, begun + minutes * MINUTE, PATIENCE)
            if after is not alert:
                steps.append((step, minutes))
            alert = after
        if minutes >= 24 * 60:
            assert alert.state is State.CLOSED
    order = [step for step, _ in steps]
    assert order == sorted(set(order), key=list(Step).index)
    assert all(minutes >= {"reminded": 120, "escalated": 240, "closed": 1440}[step] for step, minutes in steps)


@dataclass
class Meanwhile:
    """A store in which somebody else does something right before the next change is written."""

    store: object
    act: object

    def __getattr__(self, name):
        return getattr(self.store, name)

    def put(self, *change):
        act, self.act = self.act, None
        if act:
            act()
        self.store.put(*change)


def test_whoever_closes_it_first_is_the_one_who_closed_it(reminders, service, store, running, anna, clock):
    alert = running()
    clock.advance(hours=24)
    found = Result.SUSPECT_ARRESTED, Contribution.DIRECT, None
    overtaken = replace(service, store=Meanwhile(store, lambda: service.close(alert.id, anna, *found)))
    assert Reminders(overtaken, PATIENCE).run() == NOTHING
    assert (service.get(alert.id).closed_by, types(service, alert)) == ("anna", ["closed"])

    other = running()
    clock.advance(hours=24)
    late = replace(service, store=Meanwhile(store, reminders.run))
    with pytest.raises(Conflict) as refused:
        late.close(other.id, anna, *found)
    assert refused.value.code == "already_closed"
    assert (service.get(other.id).closed_by, types(service, other)) == (SYSTEM, ["closed"])


def test_two_runs_at_once_take_each_step_once(reminders, service, store, running, clock):
    alert = running()
    for hours in (2, 2, 20):
        clock.advance(hours=hours)
        at_once = replace(service, store=Meanwhile(store, reminders.run))
        assert Reminders(at_once, PATIENCE).run() == NOTHING
    assert types(service, alert) == ["reminded", "escalated", "closed"]


def test_one_alert_that_cannot_be_looked_after_does_not_keep_the_others_open(reminders, service, store, running, clock):
    broken, healthy = running(), running()
    clock.advance(hours=24)

    class Torn:
        def __getattr__(self, name):
            return getattr(store, name)

        def get(self, alert_id):
            if alert_id == broken.id:
                raise ValueError("torn")
            return store.get(alert_id)

    with pytest.raises(NotLookedAfter):
        Reminders(replace(service, store=Torn()), PATIENCE).run()
    assert (service.get(healthy.id).state, service.get(broken.id).state) == (State.CLOSED, State.ACTIVE)
    assert told(reminders) == {"closed": 1}


def test_an_old_draft_that_was_let_out_late_is_looked_after_too(
    reminders, service, running, clock, content, anna, bram
):
    draft = service.create(content(status=Status.TEST, incident_at=None), anna)
    clock.advance(days=30)
    submitted = service.submit(draft.id, anna)
    service.approve(draft.id, bram, submitted.version)
    clock.advance(seconds=10)
    service.begin(draft.id)
    clock.advance(days=1)
    assert told(reminders) == {"closed": 1}


def test_nobody_can_say_that_nobody_knows(active, service):
    alert = active()
    for result, contribution, field in (
        (Result.UNKNOWN, Contribution.NONE, "result"),
        (Result.NONE, Contribution.UNKNOWN, "contribution"),
    ):
        with pytest.raises(InvalidInput) as refused:
            alert.close(result=result, contribution=contribution, text=None, by="anna", at=alert.expires)
        assert [defect.field for defect in refused.value.fields] == [field]


def test_a_list_shows_what_closed_by_itself(reminders, service, running, anna, clock):
    running()
    clock.advance(hours=24)
    reminders.run()
    (line,) = service.page(anna, limit=5).alerts
    assert (line.state, line.result) == (State.CLOSED, Result.UNKNOWN)


@pytest.mark.parametrize(("days", "silent"), [(1, False), (8, False), (8.01, True), (30, True)])
def test_what_closes_days_late_closes_in_silence(reminders, service, running, clock, days, silent):
    alert = running()
    clock.advance(days=days)
    assert told(reminders)["closed"] == 1
    closed = service.store.get(alert.id)
    assert closed_in_silence(closed) is silent


def test_what_somebody_closes_is_told_however_late(service, running, clock, anna):
    alert = running()
    clock.advance(days=30)
    closed = service.close(alert.id, anna, Result.OTHER, Contribution.NONE, None)
    assert not closed_in_silence(closed)
