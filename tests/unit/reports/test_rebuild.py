"""Whatever happens to an alert, and however its changes come: what was counted live is what a rebuild finds."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.alerts.content import Category
from chalicelib.alerts.history import EventRecord
from chalicelib.alerts.model import MessageKind
from chalicelib.alerts.outcome import Contribution, Result
from chalicelib.alerts.store import MemoryAlertStore
from chalicelib.alerts.text import Language
from chalicelib.areas.service import AreaService
from chalicelib.areas.store_memory import MemoryAreaStore
from chalicelib.channels.model import Channel
from chalicelib.channels.prices import shipped
from chalicelib.delivery import model as ledger_model
from chalicelib.delivery.messages import CountMessage, TallyMessage
from chalicelib.delivery.model import Batch, BatchKey, Person, Plan
from chalicelib.delivery.store_memory import MemoryLedger
from chalicelib.delivery.tally import Tallies
from chalicelib.platform.batch import Record
from chalicelib.platform.clock import ManualClock
from chalicelib.platform.errors import InvalidInput
from chalicelib.platform.queues import MemoryQueues, QueueName
from chalicelib.reports.costs import Costs
from chalicelib.reports.count import Count, Sources
from chalicelib.reports.figures import AlertRow, Facts, MonthRow, Times
from chalicelib.reports.figures_store import MemoryFiguresStore
from chalicelib.reports.money_store import MemoryMoneyStore
from chalicelib.reports.rebuild import WORK, Rebuild
from chalicelib.tips.model import Tip, TipKind
from chalicelib.tips.store import MemoryTipStore
from tests.unit.reports.alerts import begun, drafted

START = datetime(2026, 11, 23, 20, 15, tzinfo=UTC)
ALERTS = ("0000000ab1", "0000000ab2")
OF_ITS_OWN = dict(zip(ALERTS, ("GM9003", "GM9004"), strict=True))  # what no other alert touches
NEIGHBOURHOODS = ("BU90010101", "BU90010201", "BU90020101")


class Killed(Exception):
    pass


class Mortal(MemoryFiguresStore):
    """Is killed before its ``left``th call from now on that writes; None: it is not."""

    left = None

    def __getattribute__(self, name):
        if name in ("put_alert", "put_month", "put_off", "take_up") and self.left is not None:
            if self.left == 0:
                self.left = None
                raise Killed
            self.left -= 1
        return super().__getattribute__(name)


def running(alert_id, at=START):
    content = {"category": Category.ROBBERY, "channels": (Channel.SMS, Channel.EMAIL)}
    return begun(drafted(at, "GM9001", OF_ITS_OWN[alert_id], id=alert_id, **content), at)


@dataclass
class World:
    """``waiting``: messages on the queues of tally and count, in no order."""

    figures: Mortal = field(default_factory=Mortal)
    waiting: list = field(default_factory=list)

    def __post_init__(self):
        self.clock, self.queues = ManualClock(START), MemoryQueues()
        self.alerts, self.ledger, self.tips = MemoryAlertStore(), MemoryLedger(), MemoryTipStore()
        sources = Sources(self.alerts, self.ledger, self.tips)
        self.tallies = Tallies(self.ledger, MemoryQueues())
        self.money = MemoryMoneyStore()
        costs = Costs(self.tallies, self.money, shipped())
        self.count = Count(sources, self.figures, self.queues, self.clock, None, costs, 20)
        areas = AreaService(MemoryAreaStore(), (3, 50, 8, 54))
        self.rebuild = Rebuild(sources, self.figures, areas, self.clock, costs)

    def put(self, alert):
        standing = self.alerts.get(alert.id).version if alert.id in self.alerts.rows else 0
        self.alerts.put(alert, standing, EventRecord(f"e{alert.version}", alert.changed_at, "changed", "test"))
        self.waiting.append(CountMessage(alert=alert.id))

    def batch(self, alert, unit, size):
        number = sum((key.alert, key.unit) == (alert, unit) for key in self.ledger.rows)
        contacts = {Channel.SMS: "s", Channel.EMAIL: "e"}
        people = tuple(
            Person(f"p{n}", NEIGHBOURHOODS[(unit + n) % len(NEIGHBOURHOODS)], "nl", contacts) for n in range(size)
        )
        self.ledger.add(Batch.new(BatchKey(alert, MessageKind.CALL, unit, number), people))
        self.ledger.put_plan(alert, MessageKind.CALL, Plan(unit + 1, START))
        self.waiting.append(TallyMessage(alert=alert, message=MessageKind.CALL, unit=unit))

    def result(self, pick, channel, index, result):
        if keys := sorted(self.ledger.rows, key=lambda key: (key.alert, key.unit, key.number)):
            key = keys[pick % len(keys)]
            self.ledger.record(self.ledger.rows[key], channel, {index: result}, at_s=int(self.clock.at.timestamp()))
            self.waiting.append(TallyMessage(alert=key.alert, message=key.message, unit=key.unit))

    def tip(self, alert, number):
        tip = Tip(
            id=f"t{number:02d}",
            alert=alert,
            reply=f"r{number}",
            kind=TipKind.NOT_SEEN,
            at=self.clock.at,
            text=None,
            place=None,
            seen_at=None,
            contact_me=False,
            language=Language.NL,
        )
        if (alert, tip.id) not in self.tips.tips:
            self.tips.add(tip, 20)
        self.waiting.append(CountMessage(alert=alert))

    def close(self, alert, result):
        standing = self.alerts.get(alert)
        if standing.result is None:
            self.put(
                standing.close(result=result, contribution=Contribution.DIRECT, text=None, by="anna", at=self.clock.at)
            )

    def deliver(self, pick, *, again=False, killed_after=None):
        """One message to its function. ``again``: it will come once more. ``killed_after``: the function's writes."""
        if not self.waiting:
            return
        body = self.waiting.pop(pick % len(self.waiting))
        if again:
            self.waiting.append(body)
        self.figures.left = killed_after
        try:
            record = [Record("m", 1, START, body)]
            if isinstance(body, TallyMessage):
                self.tallies.recompute(record)
                self.waiting.append(CountMessage(alert=body.alert))  # what the stream of the tally's row brings
            else:
                self.count.recompute(record)
        except Killed:
            self.waiting.append(body)
        self.figures.left = None
        self.waiting += [CountMessage.model_validate(some) for some in self.queues.take(QueueName.COUNT)]

    def drain(self):
        while self.waiting:
            self.clock.advance(seconds=1)
            self.deliver(0)


def moves():
    alert = st.sampled_from(ALERTS)
    change = st.one_of(
        st.tuples(st.just("batch"), alert, st.integers(0, 2), st.integers(1, 4)),
        st.tuples(
            st.just("result"),
            st.integers(0, 9),
            st.sampled_from([Channel.SMS, Channel.EMAIL]),
            st.integers(0, 3),
            st.sampled_from([it for it in ledger_model.Result if it is not ledger_model.Result.NONE]),
        ),
        st.tuples(st.just("tip"), alert, st.integers(0, 99)),
        st.tuples(st.just("close"), alert, st.sampled_from([Result.NONE, Result.SUSPECT_ARRESTED])),
    )
    deliver = st.fixed_dictionaries(
        {"pick": st.integers(0, 9), "again": st.booleans(), "killed_after": st.none() | st.integers(0, 8)}
    )
    return st.lists(st.one_of(change, deliver, deliver), max_size=40)


@settings(max_examples=150)
@given(moves())
def test_counted_live_is_what_a_rebuild_finds(steps):
    world = World()
    for alert in ALERTS:
        world.put(running(alert))
        world.deliver(-1)  # puts their first counts off, so that what is drawn soon meets one
    for step in steps:
        world.clock.advance(seconds=7)
        if isinstance(step, dict):
            world.deliver(**step)
        else:
            name, *given_ = step
            getattr(world, name)(*given_)
    world.drain()
    spent = dict(world.money.kept)
    told = world.rebuild.month("2026-11")
    assert (told["alerts"], told["differed"], told["removed"], told["sums"]) == (2, 0, 0, 0), told
    fresh = MemoryFiguresStore()
    costs = replace(world.rebuild.costs, money=MemoryMoneyStore())
    replace(world.rebuild, store=fresh, costs=costs).month("2026-11")
    assert costs.money.kept == spent
    assert fresh.rows == world.figures.rows
    assert {key: replace(row, version=1) for key, row in world.figures.by_month.items()} == fresh.by_month
    asked = sum(tally.asked for alert in ALERTS for _, tally in world.ledger.tallies(alert, MessageKind.CALL))
    assert fresh.by_month["NL", "2026-11"].sums["NL"].asked == asked


@pytest.fixture
def world():
    made = World()
    made.put(running(ALERTS[0]))
    made.batch(ALERTS[0], 0, 3)
    made.drain()
    return made


def test_what_is_wrong_missing_or_should_not_be_there_is_set_right(world):
    figures = world.figures
    right, months = dict(figures.rows), {key: row.sums for key, row in figures.by_month.items()}
    wrong = figures.rows["GM9001", ALERTS[0]]
    figures.rows["GM9001", ALERTS[0]] = replace(wrong, people={}, version=99)
    del figures.rows["GM9002", ALERTS[0]]
    stray = AlertRow("GM9003", Facts("0000000zzz", START, "Actual", "alert", "robbery", "Past"), Times(), {}, 1)
    figures.rows["GM9003", "0000000zzz"] = stray
    figures.by_month["NL", "2026-11"] = MonthRow.of("NL", "2026-11", 7, [])
    told = world.rebuild.run({"first": "2026-11"})["months"][0]
    assert (told["alerts"], told["differed"], told["removed"]) == (1, 2, 1)
    assert figures.rows == right
    assert {key: row.sums for key, row in figures.by_month.items()} == months
    assert world.rebuild.run({})["months"][0]["which"] == []


def test_a_row_that_was_counted_meanwhile_is_left_to_whoever_did(world, monkeypatch):
    figures = world.figures
    figures.rows["GM9001", ALERTS[0]] = replace(figures.rows["GM9001", ALERTS[0]], people={})
    newer = replace(figures.rows["GM9001", ALERTS[0]], version=50)
    swap = figures.swap_alert

    def after_somebody(*args):
        figures.put_alert(newer)
        return swap(*args)

    monkeypatch.setattr(figures, "swap_alert", after_somebody, raising=False)
    world.rebuild.month("2026-11")
    assert figures.rows["GM9001", ALERTS[0]] == newer


def test_all_months_are_gone_through_from_the_first_alert_on(world):
    world.clock.at = datetime(2027, 2, 3, tzinfo=UTC)
    assert [it["month"] for it in world.rebuild.run({})["months"]] == ["2026-11", "2026-12", "2027-01", "2027-02"]
    assert [it["month"] for it in World().rebuild.run({})["months"]] == ["2026-11"]


def test_a_month_reads_none_of_the_alerts_that_were_let_out_after_it(world, monkeypatch):
    world.put(running(ALERTS[1], datetime(2026, 11, 30, 23, tzinfo=UTC)))  # midnight in Amsterdam
    tallies, read = world.ledger.tallies, set()
    monkeypatch.setattr(world.ledger, "tallies", lambda alert, *rest: read.add(alert) or tallies(alert, *rest))
    assert world.rebuild.month("2026-11")["alerts"] == 1
    assert read == {ALERTS[0]}
    assert world.rebuild.month("2026-12")["alerts"] == 1


def test_where_time_is_up_it_says_where_to_go_on(world, monkeypatch):
    find = world.alerts.page

    def slow(**given_):
        world.clock.at += WORK / 2
        return find(**given_)

    monkeypatch.setattr(world.alerts, "page", slow)
    told = world.rebuild.run({"first": "2026-09", "last": "2026-11"})
    assert ([it["month"] for it in told["months"]], told["next"]) == (["2026-09", "2026-10"], "2026-11")
    assert "next" not in world.rebuild.run({"first": told["next"], "last": "2026-11"})


@pytest.mark.parametrize("month", ["2026", "2026-13", "november", 11])
def test_what_is_no_month_is_refused(world, month):
    with pytest.raises(InvalidInput, match="not_a_month"):
        world.rebuild.run({"first": month})
