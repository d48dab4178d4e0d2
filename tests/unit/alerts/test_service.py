"""What the control room can do, with areas, store and clock in memory."""

import random
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.alerts.approval import Sight
from chalicelib.alerts.handover import Outbox
from chalicelib.alerts.model import LAPSED, MessageKind
from chalicelib.alerts.outcome import Contribution, Result
from chalicelib.alerts.service import AlertService
from chalicelib.alerts.states import State
from chalicelib.alerts.store import MemoryAlertStore
from chalicelib.alerts.target import Target
from chalicelib.alerts.text import Text
from chalicelib.areas.model import Point
from chalicelib.platform.errors import Conflict, Forbidden, InvalidInput, NotFound
from chalicelib.platform.observe import metrics

SEEN = Sight(typed="fewer than ten")
SPEC = {"geometry": {"type": "Polygon", "coordinates": []}}


@pytest.fixture
def drafted(service, content, anna):
    return service.create(content(target=service.target(SPEC)), anna)


@pytest.fixture
def submitted(service, drafted, anna):
    return service.submit(drafted.id, anna)


@pytest.fixture
def scheduled(service, submitted, bram):
    return service.approve(submitted.id, bram, submitted.version, SEEN)


@pytest.fixture
def begun(service, scheduled, clock):
    clock.advance(seconds=10)
    return service.begin(scheduled.id)


def close(service, alert, member, result=Result.SUSPECT_ARRESTED):
    return service.close(alert.id, member, result, Contribution.DIRECT, None)


def types(service, alert):
    return [event.type for event in service.events(alert.id, after=None, limit=20)]


def test_a_target_keeps_what_was_asked_and_what_it_resolved_to(service, areas):
    target = service.target(SPEC)
    assert areas.resolved == [SPEC]
    assert (target.area, target.shape["type"], target.municipalities) == (SPEC, "MultiPolygon", ("GM9001",))


def test_a_draft_belongs_to_its_writer_and_the_control_room(service, drafted, clock):
    stored = service.get(drafted.id)
    assert stored == drafted
    assert (stored.state, stored.version, stored.tenant, stored.authors) == (State.DRAFT, 1, "MK90", ("anna",))
    assert stored.expires == clock.now() + timedelta(hours=4)
    assert len(stored.id) == 10


def test_a_whole_life_with_its_history(service, store, begun, anna, bram):
    closed = close(service, service.stop(begun.id, bram), anna)
    assert (closed.state, closed.result) == (State.CLOSED, Result.SUSPECT_ARRESTED)
    history = service.events(closed.id, after=None, limit=20)
    assert [(event.type, event.by) for event in history] == [
        ("created", "anna"),
        ("submitted", "anna"),
        ("approved", "bram"),
        ("activated", "system"),
        ("stopped", "bram"),
        ("closed", "anna"),
    ]
    assert dict(history[-1].facts) == {"result": "suspect_arrested", "contribution": "direct"}
    assert store.outbox[closed.id, MessageKind.OUTCOME] == Outbox(MessageKind.OUTCOME, closed.closed_at)


def test_approval_starts_the_countdown(scheduled, store, clock):
    due = clock.now() + timedelta(seconds=10)
    assert (scheduled.state, scheduled.due) == (State.SCHEDULED, due)
    assert store.outbox == {(scheduled.id, MessageKind.CALL): Outbox(MessageKind.CALL, due)}


def test_nobody_approves_their_own(service, submitted, store, anna):
    with pytest.raises(Forbidden) as refused:
        service.approve(submitted.id, anna, submitted.version, SEEN)
    assert refused.value.code == "self_approval"
    assert store.outbox == {}


def test_an_editor_cannot_approve_either(service, drafted, anna, bram):
    service.edit(drafted.id, lambda content: replace(content, call_number="112"), bram, drafted.version)
    submitted = service.submit(drafted.id, anna)
    with pytest.raises(Forbidden):
        service.approve(drafted.id, bram, submitted.version, SEEN)


def test_undoing_the_countdown_takes_the_message_back(service, scheduled, store, clock, anna):
    returned = service.return_to_draft(scheduled.id, anna, "verkeerd gebied")
    assert (returned.state, store.outbox) == (State.DRAFT, {})
    clock.advance(minutes=1)
    with pytest.raises(Conflict) as refused:
        service.begin(scheduled.id)
    assert refused.value.code == "not_scheduled"


def test_a_new_approval_after_an_undo_has_its_own_countdown(service, scheduled, clock, anna, bram):
    service.return_to_draft(scheduled.id, bram, "nog eens")
    clock.advance(seconds=8)
    service.approve(scheduled.id, bram, service.submit(scheduled.id, anna).version, SEEN)
    clock.advance(seconds=4)  # the first countdown would be over
    with pytest.raises(Conflict) as early:
        service.begin(scheduled.id)
    assert early.value.code == "not_due"
    clock.advance(seconds=6)
    assert service.begin(scheduled.id).state is State.ACTIVE


def test_begin_twice_begins_once(service, begun):
    assert service.begin(begun.id) == begun
    assert types(service, begun).count("activated") == 1


def test_stop_twice_stops_once(service, begun, anna, bram):
    stopped = service.stop(begun.id, anna)
    assert service.stop(begun.id, bram) == stopped
    assert types(service, begun).count("stopped") == 1


@pytest.mark.parametrize("state", ["drafted", "submitted", "scheduled"])
def test_stop_before_the_first_message_cancels(request, service, store, anna, state):
    alert = request.getfixturevalue(state)
    assert service.stop(alert.id, anna).state is State.CANCELLED
    assert store.outbox == {}


def test_closing_twice_is_closing_once(service, begun, anna, bram):
    closed = close(service, begun, anna)
    assert close(service, begun, bram) == closed
    assert types(service, begun).count("closed") == 1
    with pytest.raises(Conflict) as refused:
        close(service, begun, anna, Result.NONE)
    assert refused.value.code == "already_closed"


@pytest.mark.parametrize("state", ["submitted", "scheduled"])
def test_an_edit_makes_what_others_read_void_and_says_so(request, service, store, anna, state):
    alert = request.getfixturevalue(state)
    edited = service.edit(alert.id, lambda content: replace(content, persons=()), anna, alert.version)
    assert (edited.state, edited.approved_by, store.outbox) == (State.DRAFT, None, {})
    assert service.events(alert.id, after=None, limit=20)[-1].facts == {"void": state}


def test_what_has_begun_cannot_be_edited(service, begun, anna):
    with pytest.raises(Conflict) as refused:
        service.edit(begun.id, lambda content: replace(content, persons=()), anna, begun.version)
    assert refused.value.code == "wrong_state"


def test_what_was_approved_too_long_ago_goes_back_to_draft_and_does_not_begin(service, scheduled, store, clock):
    clock.advance(minutes=15, seconds=1)
    with pytest.raises(Conflict) as late:
        service.begin(scheduled.id)
    assert late.value.code == "not_scheduled"
    lapsed = service.get(scheduled.id)
    assert (lapsed.state, lapsed.returned_reason, store.outbox) == (State.DRAFT, LAPSED, {})
    assert [(it.type, it.by) for it in service.events(scheduled.id, after=None, limit=20)][-1] == ("lapsed", "system")


def test_an_alert_that_lapses_rings_once_however_often_its_message_comes(service, scheduled, clock, capsys):
    @metrics.log_metrics
    def handled(event, context):
        with pytest.raises(Conflict):
            service.begin(scheduled.id)

    clock.advance(minutes=15, seconds=1)
    for _ in range(2):
        handled({}, None)
    assert capsys.readouterr().out.count('"ApprovalsLapsed":') == 1


def test_a_lost_update_is_refused(service, drafted, anna, bram):
    service.edit(drafted.id, lambda content: replace(content, call_number="112"), bram, 1)
    with pytest.raises(Conflict) as refused:
        service.edit(drafted.id, lambda content: replace(content, persons=()), anna, 1)
    assert refused.value.code == "version_changed"
    assert service.get(drafted.id).content.persons == drafted.content.persons


def test_an_sms_that_grows_too_long_is_refused(service, store, content, drafted, anna):
    endless = Text("x" * 2_000, "x" * 2_000)
    with pytest.raises(InvalidInput) as refused:
        service.create(content(persons=(), vehicles=(), description=endless), anna)
    assert refused.value.code == "sms_too_long"
    with pytest.raises(InvalidInput):
        service.edit(
            drafted.id, lambda content: replace(content, persons=(), vehicles=(), description=endless), anna, 1
        )
    assert (len(store.rows), service.get(drafted.id)) == (1, drafted)


def test_an_outcome_that_would_grow_too_long_is_refused(service, begun, anna):
    with pytest.raises(InvalidInput) as refused:
        service.close(begun.id, anna, Result.OTHER, Contribution.NONE, Text("ë" * 300))
    assert [(error.field, error.code) for error in refused.value.fields] == [("text", "sms_too_long")]
    assert service.get(begun.id).state is State.ACTIVE


def test_borders_too_long_to_keep_are_refused(service, content, anna):
    rng = random.Random(7)
    ring = [[rng.random(), rng.random()] for _ in range(20_000)]
    huge = Target.of({"codes": ["GM9001"]}, {"type": "MultiPolygon", "coordinates": [[ring]]}, ("GM9001",))
    with pytest.raises(InvalidInput) as refused:
        service.create(content(target=huge), anna)
    assert refused.value.code == "area_too_detailed"


@pytest.mark.parametrize(
    ("point", "code"), [(Point(52.1, 5.1), "coordinates_swapped"), (Point(-0.1, 51.5), "outside_bounds")]
)
def test_an_incident_lies_where_alerts_can(service, drafted, content, anna, point, code):
    with pytest.raises(InvalidInput) as refused:
        service.create(content(incident_point=point), anna)
    assert (refused.value.code, refused.value.fields[0].field) == (code, "incident_point")
    with pytest.raises(InvalidInput):
        service.edit(drafted.id, lambda content: replace(content, incident_point=point), anna, drafted.version)
    assert service.get(drafted.id) == drafted


def test_what_does_not_exist_cannot_be_changed(service, anna):
    with pytest.raises(NotFound):
        service.submit("0000000000", anna)
    with pytest.raises(NotFound):
        service.begin("0000000000")


class Overtaken(MemoryAlertStore):
    """Somebody else returns the alert to draft at the moment of the next ``times`` writes."""

    def __init__(self, store, times=1):
        super().__init__(store.rows, store.history, store.outbox)
        self.times = times

    def put(self, alert, expected_version, event, outbox=None):
        if self.times:
            self.times -= 1
            standing = self.get(alert.id)
            moved = replace(standing, version=standing.version + 1)
            super().put(moved, standing.version, replace(event, id="other" + event.id))
        super().put(alert, expected_version, event, outbox)


def overtaken(service, times):
    return AlertService(
        Overtaken(service.store, times), service.areas, service.clock, 10, 4, service.reply_url, service.jurisdiction
    )


def test_a_stop_wins_from_whoever_was_faster(service, begun, anna):
    stopped = overtaken(service, times=1).stop(begun.id, anna)
    assert (stopped.stopped_by, stopped.version) == ("anna", begun.version + 2)


def test_an_approval_does_not_survive_a_change(service, submitted, store, bram):
    with pytest.raises(Conflict) as refused:
        overtaken(service, times=1).approve(submitted.id, bram, submitted.version, SEEN)
    assert refused.value.code == "version_changed"
    assert store.outbox == {}


def test_a_change_that_always_loses_gives_up(service, begun, anna):
    with pytest.raises(Conflict) as refused:
        overtaken(service, times=99).stop(begun.id, anna)
    assert refused.value.code == "version_changed"
