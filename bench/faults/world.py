"""One alert from approval to outcome, in one process and in virtual time, with faults where they are asked for."""

import json
import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, fields, replace
from datetime import datetime, timedelta
from functools import cached_property, partial
from typing import Any, cast, get_type_hints

import app
from bench.faults import everybody
from bench.faults.cloud import CONTEXT, Cloud, CloudQueues
from bench.faults.people import START, Neighbour, bounces, content, neighbours
from bench.faults.points import KILLS, Asked, Gate, Kind, Wrapped
from bench.faults.providers import NEWS, OTHER_NEWS, Handover, contacts, words
from bench.faults.scheduler import Scheduler, Task
from bench.faults.streams import Streams
from chalicelib import wiring
from chalicelib.alerts.approval import Sight
from chalicelib.alerts.cap import Status
from chalicelib.alerts.handover import handed_over
from chalicelib.alerts.history import EventRecord
from chalicelib.alerts.messages import UpdateType
from chalicelib.alerts.model import LAPSED, Alert
from chalicelib.alerts.outcome import Contribution, Result
from chalicelib.alerts.states import State
from chalicelib.alerts.text import Text
from chalicelib.channels.model import Accepted, Answer, Channel
from chalicelib.channels.social import Network, SocialPoster
from chalicelib.delivery.claims import MemoryClaims
from chalicelib.delivery.dispatch import Dispatch
from chalicelib.delivery.opened import Opened
from chalicelib.participants.changes import changing, joining
from chalicelib.platform.clock import ManualClock
from chalicelib.platform.errors import Conflict
from chalicelib.platform.queues import QueueName
from chalicelib.platform.settings import TABLES, Settings
from chalicelib.staff.model import Kind as OrganisationKind
from chalicelib.staff.model import Organisation, Role, StaffMember
from chalicelib.tips.model import Tip, TipKind
from chalicelib.topics.store_memory import MemoryTopicStore
from local.in_process import STREAMS

ALERT = "0000000abc"
TABLE_OF = {"ledger": "deliveries"}  # where a port is not called as its table
LATE_S = 400
TOLD_S, CLOSED_S = 1_500, 3_000  # by then all is settled that a fault has led to
ENDED_S, KNOWN_S = 86_500, 20_000  # it has closed by itself; and all is settled that this has led to
UPDATE = "Jas nummer {}, niet rood."
FOUND = "Zij zat bij de eendjes."
ROOM = Organisation("MK90", OrganisationKind.CONTROL_ROOM, "Meldkamer Noord", ("GM9001",))
ANNA = StaffMember("anna", frozenset({Role.DISPATCHER}), ROOM.id)


@dataclass
class VirtualClock:
    scheduler: Scheduler

    def now(self) -> datetime:
        return self.scheduler.now

    def sleep(self, seconds: float) -> None:
        self.scheduler.sleep(seconds)


def settings(rate: float, *, public: bool, other: bool) -> Settings:
    return Settings(
        stage="test",
        tables={table: table for table in TABLES},
        queue_urls={queue: f"https://sqs.example/{queue}" for queue in QueueName},
        web_url="https://burgernet.example",
        link_secret="l" * 32,
        contact_secret="c" * 32,
        push_secret="p" * 32,
        jwks_url="https://staff.burgernet.example/jwks.json",  # type: ignore[arg-type]
        token_issuer="https://staff.burgernet.example",
        token_audience="burgernet",
        geocoder_url="https://addresses.burgernet.example",  # type: ignore[arg-type]
        sms_rate=rate,
        email_rate=rate,
        voice_rate=rate,
        push_rate=rate,
        sms_provider="end_user_messaging" if other else "sns",
        social_networks=tuple(map(str, Network)) if public else (),  # type: ignore[arg-type]
    )


@dataclass
class World:
    """``faults``: point -> what happens there. ``seed``: also draws faults, disorder and who runs next.

    ``rate``: messages a second that every provider grants. ``waves``: the nearest are asked first.
    ``late``: SES's events come when a lease has long ended. ``public``: everybody may know, so networks and browsers
    hear too. ``other``: texts go by End User Messaging, and Connect plays a recording. ``status``: whether it is meant.
    ``unanswered``: nobody closes it, so it closes by itself, and ``known_s`` later somebody says how it ended.
    ``withdrawals``: after so many seconds these participants take part in no exercise any more.
    """

    faults: Mapping[str, Kind] = field(default_factory=dict)
    seed: int | None = None
    rate: float = 1_000
    late: bool = False
    waves: bool = False
    public: bool = False
    other: bool = False
    unanswered: bool = False
    known_s: float = KNOWN_S
    status: Status = Status.ACTUAL
    withdrawals: Mapping[float, Sequence[str]] = field(default_factory=dict)
    people: Sequence[Neighbour] = field(default_factory=neighbours)
    taken: list[Handover] = field(default_factory=list)
    browsers: list[tuple[str, str, str]] = field(default_factory=list)
    stopped_at: int | None = None
    closed_at: int | None = None
    known_at: int | None = None

    def __post_init__(self) -> None:
        dice = random.Random(self.seed) if self.seed is not None else None
        if dice:
            self.rate = dice.choice((20, 1_000))
            self.late = dice.random() < 0.1
            self.waves = dice.random() < 0.3
            self.public = dice.random() < 0.3
            self.other = dice.random() < 0.2
            self.unanswered = dice.random() < 0.3
            self.known_s = dice.choice((0.5, 3, 30, KNOWN_S))
        self.scheduler = Scheduler(START, crowd=dice)
        clock = VirtualClock(self.scheduler)
        self.twins: Any = wiring.memory_parts(ManualClock(START), lambda _: {})
        self.twins.organisations.put(ROOM)
        self.twins = replace(
            self.twins, topics=MemoryTopicStore(clock), posters=everybody.posters(clock) if self.public else {}
        )
        if self.public:
            everybody.move_in(self.twins.areas, self.twins.topics)
        self.gate = Gate(self.scheduler, self, self.faults)
        if dice:
            self.gate.crowd = dice.choice((0, 0.05, 0.3))
            self.gate.random_faults = _dice(dice)
        self.cloud = Cloud(self.scheduler, self._invoke, disorder=dice)
        self.streams = Streams({part.name: getattr(self.twins, part.name) for part in fields(self.twins)})
        queues = CloudQueues(self.cloud, self.gate)
        how = settings(self.rate, public=self.public, other=self.other)
        self.room = wiring.System(how, replace(self.twins, clock=clock, queues=queues))
        wrapped: dict[str, Any] = {
            name: Wrapped(self.gate, name, protocol, getattr(self.twins, name))
            for name, protocol in get_type_hints(wiring.Parts).items()
            if getattr(protocol, "_is_protocol", False)
        }
        # A claim is two calls: somebody may be killed, or the alert be stopped, between them.
        wrapped["claims"] = MemoryClaims(wrapped["ledger"], wrapped["alerts"])
        posters = {
            network: Wrapped(self.gate, network.value, SocialPoster, poster)
            for network, poster in self.twins.posters.items()
        }
        parts = replace(self.twins, **(wrapped | {"clock": clock, "queues": queues, "posters": posters}))
        self.system = _one_by_one(wiring.System(how, parts))

    def run(self) -> None:
        """Approve, get a tip, correct, close with an outcome; each until everything is quiet. Or nobody closes it."""
        random.seed(self.seed or 0)  # the pacer's
        for who in self.people:
            step = joining(who.participant, START - timedelta(days=1))
            self.twins.participants.commit([replace(step, subscribe=who.device)])
        for seconds, ids in self.withdrawals.items():
            self.scheduler.after(seconds, partial(self._withdraw, ids))
        self._approve()
        if self.public:  # never quiet while a post stands: somebody looks whether it has expired
            self.scheduler.after(TOLD_S, self._tip_and_update)
            self._end(CLOSED_S)
        else:
            self.scheduler.run()
            self._tip_and_update()
            self.scheduler.run()
            self._end(0)
        self.scheduler.run()

    def _end(self, seconds: float) -> None:
        if self.unanswered:
            self.scheduler.at(START + timedelta(seconds=ENDED_S), self._look_after)
            self.scheduler.at(START + timedelta(seconds=ENDED_S + self.known_s), self._know)
        elif seconds:
            self.scheduler.after(seconds, self.close)
        else:
            self.close()

    def _look_after(self) -> None:
        """As the schedule does, every five minutes."""
        if self.alert.state is State.ACTIVE:
            self.cloud.start("remind", {})
            self.scheduler.after(300, self._look_after)

    def _know(self) -> None:
        self.known()
        if self.alert.state is State.ACTIVE:
            self.scheduler.after(300, self._know)

    def _tip_and_update(self) -> None:
        self.twins.tips.add(Tip(id="t" * 16, alert=ALERT, reply="r", kind=TipKind.SEEN, at=self.scheduler.now), 9)
        self.changed("tips")
        self.update()

    def contact_of(self, reference: str, channel: Channel) -> str:
        """The contact of a person whom the ledger only knows by reference."""
        who = next(who for who in self.people if who.participant.reference == reference)
        return who.has[channel]

    @property
    def alert(self) -> Alert:
        alert: Alert = self.twins.alerts.get(ALERT)
        return alert

    @property
    def kills(self) -> int:
        return sum(kind in KILLS for _, kind in self.gate.struck)

    @property
    def known_at_once(self) -> bool:
        """Whether somebody said how it ended while people were still told that nobody knows."""
        at_a_point = any(kind in (Kind.KNOWN, Kind.KILL_KNOWN) for _, kind in self.gate.struck)
        return self.known_at is not None and (at_a_point or self.known_s < KNOWN_S)

    @property
    def cut_short(self) -> bool:
        """Whether it was stopped or closed, or its approval had lapsed, before everybody could be told."""
        struck = {kind for _, kind in self.gate.struck}
        early = self.alert.returned_reason == LAPSED or not struck.isdisjoint({Kind.CLOSE, Kind.KILL_CLOSE})
        return self.stopped_at is not None or early

    def _approve(self) -> None:
        asked = content(waves=self.waves, status=self.status, public=self.public, recorded=self.other)
        draft = Alert.draft(id=ALERT, tenant="MK90", content=asked, by="anna", at=START, life=timedelta(hours=4))
        submitted = draft.submit(by="anna", at=START)
        self.twins.alerts.put(submitted, 0, EventRecord("e1", START, "submitted", "anna"))
        countdown, sight = timedelta(seconds=10), Sight(typed="fewer than ten")
        alert = submitted.approve(by="bram", seen=submitted.version, at=START, countdown=countdown, sight=sight)
        event = EventRecord("e2", START, "approved", "bram")
        self.twins.alerts.put(alert, submitted.version, event, handed_over(submitted, alert))
        self.changed("alerts")

    def _withdraw(self, ids: Sequence[str]) -> None:
        for before in map(self.twins.participants.get, ids):
            step = changing(before, replace(before, exercises=False), self.scheduler.now)
            self.twins.participants.commit([step])

    def stop(self) -> None:
        if self.stopped_at is None and self.alert.state is not State.CLOSED:
            self.room.alerts.stop(ALERT, ANNA)
            self.stopped_at = len(self.gate.trace)
            self.changed("alerts")

    def update(self) -> None:
        text = self.news(len(self.alert.updates) + 1)
        with suppress(Conflict):  # it is not active
            self.room.alerts.update(ALERT, ANNA, UpdateType.CORRECTION, Text(text, text))
            self.changed("alerts")

    def news(self, number: int) -> str:
        """What the dispatcher tells in an update."""
        return UPDATE.format(number)

    def close(self) -> None:
        if self.closed_at is not None:
            return
        with suppress(Conflict):  # it never went out
            self.room.alerts.close(ALERT, ANNA, Result.MISSING_PERSON_FOUND, Contribution.DIRECT, None)
            self.closed_at = len(self.gate.trace)
            self.changed("alerts")

    def known(self) -> None:
        """Somebody says how it ended, if it has closed by itself and nobody said so before."""
        if self.known_at is not None:
            return
        with suppress(Conflict):
            found = Result.MISSING_PERSON_FOUND, Contribution.DIRECT
            self.room.alerts.add_outcome(ALERT, ANNA, *found, Text(FOUND, FOUND))
            self.known_at = len(self.gate.trace)
            self.changed("alerts")

    def again(self, task: Task) -> Task | None:
        return self.cloud.again(task)

    def changed(self, port: str) -> None:
        function = STREAMS.get(TABLE_OF.get(port, port))
        if function == "relay" and (news := list(self.streams.news(port))):
            self.cloud.changed(function, news)

    def handed(self, port: str, task: Task, asked: Asked, answers: list[Answer]) -> None:
        news = OTHER_NEWS if self.other else NEWS
        for number, (contact, answer) in enumerate(zip(contacts(asked), answers, strict=True)):
            if isinstance(answer, Accepted):
                message = _message_of(task)
                said = words(asked)
                if task.function == "send_topics":
                    self.browsers.append((message, contact, said))
                    continue
                self.taken.append(Handover(port, contact, message, said, len(self.gate.trace), task.number))
                delivered = not bounces(contact)
                for seconds, door, body in news.get(port, _nothing)(asked, answer, number, delivered):
                    self._tell(seconds, door, body)

    def _tell(self, seconds: float, door: str, body: Any) -> None:
        if self.late and door == "receipts":
            seconds += LATE_S
        if door == "receipts":
            self.cloud.put(QueueName.RECEIPTS, body, seconds)
        else:
            self.cloud.log(door, body, seconds)

    def _invoke(self, function: str, event: Mapping[str, Any]) -> Any:
        with wiring.using(self.system):
            return getattr(app, function)(event, CONTEXT)


def _nothing(*_: Any) -> Iterable[Any]:
    return ()


def _message_of(task: Task) -> str:
    """Which message of the alert an invocation sends; of another kind of message, the function that does."""
    assert isinstance(task.event, dict)
    message: str = json.loads(task.event["Records"][0]["body"]).get("message", task.function)
    return message


def _one_by_one(system: wiring.System) -> wiring.System:
    """With functions that do one thing at a time, so that every state between two calls is visited."""
    for name, made in vars(wiring.System).items():
        if not isinstance(made, cached_property) or not isinstance(dispatch := getattr(system, name), Dispatch):
            continue
        opened = cast(Opened, dispatch.lot)
        if hasattr(opened.lot, "at_once"):
            slow = replace(opened, lot=replace(cast(Any, opened.lot), at_once=1))
            vars(system)[name] = replace(dispatch, lot=slow)
    vars(system)["topics"] = replace(system.topics, sender=replace(system.topics.sender, at_once=1))
    vars(system)["matcher"] = replace(system.matcher, threads=0)
    return system


def _dice(dice: random.Random) -> Callable[[], Kind | None]:
    """Up to three faults, somewhere in the first so many calls."""
    kinds = dice.choices(list(Kind), k=dice.randrange(4))
    at = {dice.randrange(600): kind for kind in kinds}
    calls = iter(range(1_000_000))
    return lambda: at.get(next(calls))
