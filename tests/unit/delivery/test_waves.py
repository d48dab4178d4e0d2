"""Waves end to end, in memory: whatever is killed, doubled or decided at whichever step, nobody is asked twice and
nobody is forgotten.
"""

import heapq
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import count, pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.alerts.approval import Sight
from chalicelib.alerts.history import EventRecord
from chalicelib.alerts.jurisdiction import Jurisdiction
from chalicelib.alerts.messages import MessageKind
from chalicelib.alerts.outcome import Contribution, Result
from chalicelib.alerts.service import AlertService
from chalicelib.alerts.target import Target
from chalicelib.alerts.waves import Hold, Waves, WaveState
from chalicelib.areas.geodesy import distance_m
from chalicelib.areas.model import CircleShape, Point
from chalicelib.areas.service import AreaService
from chalicelib.areas.store_memory import MemoryAreaStore
from chalicelib.channels.model import Channel
from chalicelib.channels.prices import shipped
from chalicelib.delivery.live import why_not
from chalicelib.delivery.match import Matcher
from chalicelib.delivery.messages import MatchMessage, PlanMessage, SendMessage, TallyMessage, WaveMessage
from chalicelib.delivery.model import LaneState
from chalicelib.delivery.model import Result as Fate
from chalicelib.delivery.plan import Planner, units
from chalicelib.delivery.progress import Progress
from chalicelib.delivery.question import answers, asked_by
from chalicelib.delivery.relay import Relay
from chalicelib.delivery.tally import Tallies
from chalicelib.delivery.waves import WaveClock
from chalicelib.delivery.week import Week
from chalicelib.participants.model import participant_id
from chalicelib.participants.places import MemoryPlaceStore
from chalicelib.platform.batch import Record
from chalicelib.platform.clock import epoch
from chalicelib.platform.errors import Conflict
from chalicelib.platform.queues import QueueName
from chalicelib.staff.model import Kind, Organisation, Role, StaffMember
from chalicelib.staff.service import OrganisationService
from chalicelib.staff.store import MemoryOrganisationStore

INCIDENT = Point(5.2, 52.5)
AREA = CircleShape(Point(5.201, 52.5), 700)
WAVES = Waves((200, 450), 20)  # longer than a queue can wait
ANNA = StaffMember("anna", frozenset({Role.DISPATCHER}), "MK90")
ROOM = Organisation("MK90", Kind.CONTROL_ROOM, "Meldkamer", ("GM9001",))
NO_AREAS = AreaService(MemoryAreaStore(), (3.2, 50.7, 7.3, 53.7))
JURISDICTION = Jurisdiction(OrganisationService(MemoryOrganisationStore({ROOM.id: ROOM}), NO_AREAS), None)
NOT_BEGUN = WaveState(begun=0, next_at=None, tips_from=None)
AGAIN = timedelta(minutes=3)  # until a queue hands out again what a killed function left


class Killed(Exception):
    pass


@dataclass
class Steps:
    """Counts what is about to be done and what was; at one of these moments something else happens."""

    at: int | None = None
    happens: object = None
    taken: int = 0

    def around(self, do):
        self._step()
        result = do()
        self._step()
        return result

    def _step(self):
        self.taken += 1
        if self.taken == self.at:
            self.happens()


@dataclass
class Stepped:
    """A store or queue whose writes are steps."""

    inner: object
    steps: Steps
    writes: tuple

    def __getattr__(self, name):
        attribute = getattr(self.inner, name)
        if name not in self.writes:
            return attribute
        return lambda *args, **options: self.steps.around(lambda: attribute(*args, **options))


@dataclass
class World:
    """Delivery of one alert.

    ``tipped``: moments of tips. ``plans``: the call's plan after each message. ``taken``: queue and body of each.
    """

    clock: object
    alerts: object
    ledger: object
    places: object
    participants: object
    queues: object
    steps: Steps
    tipped: list = field(default_factory=list)
    plans: list = field(default_factory=list)
    taken: list = field(default_factory=list)
    waiting: list = field(default_factory=list)
    relayed: set = field(default_factory=set)

    def __post_init__(self):
        self.numbers = count()
        alerts = Stepped(self.alerts, self.steps, ("put",))
        ledger = Stepped(self.ledger, self.steps, ("put_plan", "add_wave", "add"))
        queues = Stepped(self.queues, self.steps, ("send",))
        service = AlertService(alerts, None, self.clock, 10, 4, "", None)
        self.by_hand = AlertService(self.alerts, None, self.clock, 10, 4, "https://b.example/t/x", JURISDICTION)
        self.relay = Relay(self.queues, self.clock)
        matcher = Matcher(alerts, self.places, self.participants, ledger, queues, self.clock)
        self.functions = {
            QueueName.PLAN: (PlanMessage, Planner(service, ledger, queues, self.clock, Week(alerts, 0)).plan),
            QueueName.WAVES: (WaveMessage, WaveClock(service, self, queues, self.clock).look),
            QueueName.MATCH: (MatchMessage, matcher.match),
            QueueName.MATCH_FOLLOWUP: (MatchMessage, matcher.match),
            QueueName.SMS: (SendMessage, self.send),
            QueueName.SMS_FOLLOWUP: (SendMessage, self.send),
        }

    def came_since(self, alert, moment):
        return any(tip >= moment for tip in self.tipped)

    def send(self, record):
        """A sender: claims first, looks second."""
        asked = record.body
        batch = self.ledger.claim(asked.key, Channel.SMS, 0, 0)
        if batch is None:
            return
        lane = batch.lanes[Channel.SMS]
        why = why_not(self.alerts.get(asked.alert), asked.message, self.clock.now())
        results = dict.fromkeys(lane.waiting, Fate.STOPPED if why else Fate.SENT)
        self.ledger.record(batch, Channel.SMS, results, why or LaneState.DONE)

    def run(self, alert):
        for _ in range(5_000):
            self._collect(alert)
            if not self.waiting:
                return self.alerts.get(alert)
            due, _, queue, body = heapq.heappop(self.waiting)
            self.clock.at = max(self.clock.at, due)
            self.taken.append((queue, body))
            model, function = self.functions[queue]
            try:
                function(Record("m", 1, None, model.model_validate(body, strict=False)))
            except Killed:
                heapq.heappush(self.waiting, (self.clock.now() + AGAIN, next(self.numbers), queue, body))
        raise AssertionError("never quiet")

    def _collect(self, alert):
        for (of, name), outbox in self.alerts.outbox.items():
            if name not in self.relayed:
                self.relayed.add(name)
                self.relay.pass_on({"Records": [inserted(of, name, outbox)]})
        for queue, body, delay in self.queues.sent:
            due = self.clock.now() + timedelta(seconds=delay)
            heapq.heappush(self.waiting, (due, next(self.numbers), queue, body))
        self.queues.sent.clear()
        self.plans.append(self.ledger.plan(alert, MessageKind.CALL))

    def in_batches(self, message):
        """Participant -> unit, of those who were asked. Fails where somebody was asked twice."""
        found = {}
        for key, batch in self.ledger.rows.items():
            for person, result in (
                zip(batch.people, batch.lanes[Channel.SMS].results, strict=True) if batch.lanes else ()
            ):
                if key.message == message and result is Fate.SENT:
                    assert person.participant not in found
                    found[person.participant] = key.unit
        return found


def inserted(alert, name, outbox):
    keys = {"id": {"S": alert}, "sk": {"S": f"outbox#{name}"}}
    image = {"message": {"S": outbox.message}, "due": {"N": str(epoch(outbox.due))}, "wave": {"N": str(outbox.wave)}}
    return {"eventName": "INSERT", "dynamodb": {"Keys": keys, "NewImage": keys | image}}


@pytest.fixture
def make(request, place, somebody, scheduled):
    """Makes a world with an alert in three waves that waits for its countdown, and people on a line to the east."""
    people = {f"p{n}": Point(5.2 + n * 0.0015, 52.5001) for n in range(9)}  # 102 m apart, the last ones outside
    registered = {name: somebody(name) for name in people}
    content = replace(
        scheduled.content,
        incident_point=INCIDENT,
        waves=WAVES,
        target=Target.of({}, AREA.to_json(), ("GM9001",)),
        channels=(Channel.SMS,),
    )

    def make(steps=None):
        fixtures = {name: type(request.getfixturevalue(name))() for name in ("alerts", "ledger", "places", "queues")}
        participants = type(request.getfixturevalue("participants"))(fixtures["places"], None)
        participants.rows = {person.id: person for person in registered.values()}
        clock = type(request.getfixturevalue("clock"))(scheduled.created_at)
        world = World(clock, **fixtures, participants=participants, steps=steps or Steps())
        world.places.load(
            place(registered[name].reference, lon=point.lon, lat=point.lat) for name, point in people.items()
        )
        service = world.by_hand
        draft = type(scheduled).draft(
            id=scheduled.id, tenant="MK90", content=content, by="anna", at=clock.now(), life=timedelta(hours=4)
        )
        world.alerts.put(draft, 0, EventRecord("e1", draft.changed_at, "created", "anna"))
        submitted = service.submit(draft.id, ANNA)
        sight = Sight(typed="fewer than ten")
        service.approve(draft.id, replace(ANNA, user="bram"), submitted.version, sight)
        return world

    make.expected = {  # by hand: within 200 m, within 450 m, in the rest of the circle
        1: {registered[name].reference for name in ("p0", "p1")},
        2: {registered[name].reference for name in ("p2", "p3", "p4")},
        3: {registered[name].reference for name in ("p5", "p6", "p7")},
    }
    make.alert = scheduled.id
    return make


def close(world, alert):
    world.by_hand.close(alert, ANNA, Result.OTHER, Contribution.NONE, None)


def check_everybody_was_asked_in_their_wave(world, make):
    plan = world.ledger.plan(make.alert, MessageKind.CALL)
    asked = world.in_batches(MessageKind.CALL)
    assert len(plan.waves) == 3
    assert plan.units == sum(plan.waves)
    for wave, people in make.expected.items():
        assert {who for who, unit in asked.items() if unit in plan.units_of(wave)} == people


def check_units_kept_their_numbers(world):
    known = [plan.waves for plan in world.plans if plan]
    assert all(later[: len(earlier)] == earlier for earlier, later in pairwise(known))


def test_ring_after_ring_is_asked_when_its_time_has_come(make):
    world = make()
    begun = world.clock.now() + timedelta(seconds=10)
    alert = world.run(make.alert)
    check_everybody_was_asked_in_their_wave(world, make)
    started = [
        (event.at, event.facts["wave"]) for event in world.alerts.history[alert.id] if event.type == "wave_started"
    ]
    assert started == [(begun + timedelta(minutes=20), "2"), (begun + timedelta(minutes=40), "3")]
    assert (alert.wave_state.begun, alert.wave_state.next_at) == (3, None)


def test_a_time_longer_than_a_queue_can_wait_is_waited_for_in_parts(make, queues):
    world = make()
    world.run(make.alert)
    waits = [body["wave"] for queue, body in world.taken if queue is QueueName.WAVES]
    assert waits == [2, 2, 3, 3]  # 20 minutes are 15 and 5


def test_a_tip_holds_the_waves_until_a_dispatcher_goes_on(make):
    world = make()
    world.tipped.append(world.clock.now() + timedelta(minutes=3))
    alert = world.run(make.alert)
    assert (alert.wave_state.begun, alert.wave_state.held) == (1, Hold.TIP)
    assert world.in_batches(MessageKind.CALL).keys() == make.expected[1]
    (held,) = [event for event in world.alerts.history[alert.id] if event.type == "waves_held"]
    assert (held.by, held.facts) == ("system", {"why": "tip"})

    world.by_hand.begin_wave(alert.id, ANNA, 2)
    assert world.run(make.alert).wave_state.begun == 3  # that tip was known: the third comes by itself
    check_everybody_was_asked_in_their_wave(world, make)


def test_a_dispatcher_holds_and_goes_on(make):
    world = make()
    hold_at = 9
    world.steps.at, world.steps.happens = hold_at, lambda: attempt(world.by_hand.hold_waves, make.alert, ANNA)
    alert = world.run(make.alert)
    assert (alert.wave_state.begun, alert.wave_state.held) == (1, Hold.DISPATCHER)
    for wave in (2, 3):
        world.by_hand.begin_wave(alert.id, ANNA, wave)
        assert world.by_hand.begin_wave(alert.id, ANNA, wave).wave_state.begun == wave
    world.run(make.alert)
    check_everybody_was_asked_in_their_wave(world, make)


def attempt(do, *args):
    """Where it is too early or too late for that, nothing happens."""
    try:
        do(*args)
    except Conflict:
        return


def how_many_steps(make):
    world = make()
    world.run(make.alert)
    return world.steps.taken


def interrupted(make, happens):
    """A world for each step of a whole run, in which something happens at that step; run until all is quiet."""
    for at in range(1, how_many_steps(make) + 1):
        world = make()
        world.steps.at, world.steps.happens = at, lambda world=world: happens(world)
        world.run(make.alert)
        yield world


def kill(world):
    raise Killed


def test_killed_at_any_step_everybody_is_asked_once_in_their_wave(make):
    for world in interrupted(make, kill):
        check_everybody_was_asked_in_their_wave(world, make)
        check_units_kept_their_numbers(world)


def test_the_next_wave_by_hand_at_any_step_asks_nobody_twice_and_forgets_nobody(make):
    for world in interrupted(make, lambda world: attempt(world.by_hand.begin_wave, make.alert, ANNA, None)):
        check_everybody_was_asked_in_their_wave(world, make)
        check_units_kept_their_numbers(world)


def test_a_stop_at_any_step_ends_the_waves(make):
    def stop(world):
        world.by_hand.stop(make.alert, ANNA)
        world.begun = (world.alerts.get(make.alert).wave_state or NOT_BEGUN).begun

    for world in interrupted(make, stop):
        alert = world.alerts.get(make.alert)
        assert (alert.wave_state or NOT_BEGUN).begun == world.begun
        asked = world.in_batches(MessageKind.CALL).keys()
        assert asked <= set().union(*(make.expected[wave] for wave in range(1, world.begun + 1)))


def test_closed_at_any_step_exactly_those_who_were_asked_hear_how_it_ended(make):
    told = set()
    for world in interrupted(make, lambda world: attempt(close, world, make.alert)):
        if world.alerts.get(make.alert).closed_at is None:
            close(world, make.alert)  # it was too early
            world.run(make.alert)
        assert world.in_batches(MessageKind.OUTCOME).keys() == world.in_batches(MessageKind.CALL).keys()
        told.add(len(world.in_batches(MessageKind.OUTCOME)))
    assert told == {0, 2, 5, 8}


def test_messages_that_come_twice_change_nothing(make):
    world = make()
    world.run(make.alert)
    before = dict(world.ledger.rows)
    for queue, body in list(world.taken):
        if queue is not QueueName.SMS:
            world.queues.send(queue, [body])
    world.run(make.alert)
    assert world.ledger.rows == before
    check_everybody_was_asked_in_their_wave(world, make)


def test_who_paused_left_or_changed_a_number_before_their_wave_is_asked_as_they_are_then(make, somebody):
    world = make()
    rows = {row.participant: key for key, row in world.places.rows.items()}
    paused, moved, gone = sorted(make.expected[2])

    def change():
        for who in (paused, moved):
            world.places.end(*rows[who], epoch(world.clock.now()) * 1000)
        world.places.drop(*rows[gone])
        people = world.participants.rows
        people[participant_id(paused)] = replace(people[participant_id(paused)], paused=True)
        (phone,) = people[participant_id(moved)].contacts
        other = (replace(phone, text="+31687654321"),)
        people[participant_id(moved)] = replace(people[participant_id(moved)], contacts=other, link_version=1)
        del people[participant_id(gone)]

    sent = {}
    dispatch = world.send

    def send(record):
        batch = world.ledger.get(record.body.key)
        sent.update({person.participant: person.contacts[Channel.SMS] for person in batch.people})
        if len(sent) == len(make.expected[1]):
            change()
        dispatch(record)

    world.functions[QueueName.SMS] = (SendMessage, send)
    world.run(make.alert)
    assert set(sent) == make.expected[1] | {moved} | make.expected[3]
    assert sent[moved] == "+31687654321"


def test_progress_tells_the_people_of_each_wave(make):
    world = make()
    world.run(make.alert)
    tallies = Tallies(world.ledger, world.queues)
    plan = world.ledger.plan(make.alert, MessageKind.CALL)
    tallies.recompute(
        [
            Record("m", 1, None, TallyMessage(alert=make.alert, message=MessageKind.CALL, unit=unit))
            for unit in range(plan.units)
        ]
    )
    call = Progress(world.ledger, shipped()).progress(make.alert, ["call"])["call"]
    assert call["waves"] == [{"people": n, "asked": n, "reached": 0} for n in (2, 3, 3)]
    assert (call["people"], call["asked"]) == (8, 8)


near = st.builds(Point, st.floats(5.185, 5.217), st.floats(52.491, 52.509))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    radii=st.lists(st.integers(50, 1_500), min_size=1, max_size=4, unique=True).map(sorted).map(tuple),
    area=st.builds(CircleShape, st.just(Point(5.202, 52.501)), st.floats(300, 1_500)),
    people=st.lists(st.lists(near, min_size=1, max_size=3), min_size=1, max_size=12),
)
def test_over_all_waves_everybody_inside_is_asked_once_by_the_distance_of_their_first_place_inside(
    active, place, radii, area, people
):
    content = replace(
        active.content,
        incident_point=INCIDENT,
        waves=Waves(radii, 5),
        target=Target.of({}, area.to_json(), ("GM9001",)),
    )
    alert = replace(active, content=content)
    places = MemoryPlaceStore()
    for number, points in enumerate(people):
        for rank, (lon, lat) in enumerate(points):
            places.load([place(f"p{number}", rank, lon=lon, lat=lat, earlier=points[:rank])])
    asked = [
        (person.participant, wave)
        for wave in range(1, len(radii) + 2)
        for ranges in units(alert, wave)
        for person in answers(
            asked_by(alert),
            MatchMessage(alert=alert.id, message=MessageKind.CALL, unit=0, ranges=ranges).key_ranges(),
            places,
            alert.ring(wave),
        )
    ]
    expected = [
        (f"p{number}", 1 + sum(distance_m(*INCIDENT, *inside[0]) > radius for radius in radii))
        for number, points in enumerate(people)
        if (inside := [point for point in points if area.contains(point)])
    ]
    assert sorted(asked) == sorted(expected)
