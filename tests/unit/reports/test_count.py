"""What an alert meant for each area is made again from its sources, in whatever order the changes come."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.alerts.cap import Status
from chalicelib.alerts.content import Audience
from chalicelib.alerts.history import EventRecord
from chalicelib.alerts.model import MessageKind
from chalicelib.alerts.outcome import Contribution, Result
from chalicelib.alerts.store import MemoryAlertStore
from chalicelib.alerts.text import Language
from chalicelib.areas import codes
from chalicelib.channels.model import Channel
from chalicelib.channels.prices import shipped
from chalicelib.delivery import model as ledger_model
from chalicelib.delivery.family import families, tally_of
from chalicelib.delivery.messages import CountMessage
from chalicelib.delivery.model import AreaTally, Batch, BatchKey, Messages, Person, Plan, Tally
from chalicelib.delivery.store_memory import MemoryLedger
from chalicelib.delivery.tally import Tallies
from chalicelib.platform.batch import Record
from chalicelib.platform.clock import epoch
from chalicelib.platform.queues import MAX_DELAY_S, MemoryQueues, QueueName
from chalicelib.reports.costs import Costs
from chalicelib.reports.count import Count, Sources, rows_of
from chalicelib.reports.figures import Line, Times
from chalicelib.reports.money_store import MemoryMoneyStore
from chalicelib.tips.model import Tip, TipKind
from chalicelib.tips.store import MemoryTipStore
from tests.unit.reports.alerts import begun, drafted

START = datetime(2026, 11, 23, 20, 15, tzinfo=UTC)
KEY = BatchKey("0000000abc", MessageKind.CALL, 0, 0)


EVERY_S = 20


class World:
    """``queue``: what waits to be counted; ``count`` takes it up, delay or not."""

    def __init__(self, figures, clock):
        self.alerts, self.ledger, self.tips = MemoryAlertStore(), MemoryLedger(), MemoryTipStore()
        self.figures = figures
        self.queues, self.clock, self.noted = MemoryQueues(), clock, []
        self.sources = Sources(self.alerts, self.ledger, self.tips)
        self.money = MemoryMoneyStore()
        costs = Costs(Tallies(self.ledger, self.queues), self.money, shipped())
        self.count = Count(self.sources, figures, self.queues, clock, self, costs, EVERY_S)

    def note(self, alert):
        self.noted.append(alert.id)

    def put(self, alert):
        standing = self.alerts.get(alert.id).version if alert.id in self.alerts.rows else 0
        self.alerts.put(alert, standing, EventRecord(f"e{alert.version}", alert.changed_at, "changed", "test"))
        return alert

    def tally(self, unit=0):
        found = families(self.ledger.batches(KEY.alert, "call", unit))
        self.ledger.put_tally(KEY.alert, "call", unit, tally_of(found))

    def tell(self, *bodies):
        bodies = bodies or (CountMessage(alert=KEY.alert),)
        self.count.recompute([Record(f"m{n}", 1, START, body) for n, body in enumerate(bodies)])

    def take(self):
        return [CountMessage.model_validate(body) for body in self.queues.take(QueueName.COUNT)]

    def recount(self):
        self.tally()
        self.tell()
        if waiting := self.take():
            self.tell(*waiting)

    def of(self, area):
        partition = "NL" if area == "NL" else codes.lineage(area)[-1]
        row = self.figures.rows.get((partition, KEY.alert))
        month = self.figures.month(partition, "2026-11")
        if row:
            assert month.sums == row.sums()
        return row.sums().get(area) if row else None


@pytest.fixture
def world(figures, clock):
    return World(figures, clock)


@pytest.fixture
def draft():
    return drafted(START, "GM9001", "GM9002", id=KEY.alert)


@pytest.fixture
def active(world, draft):
    return world.put(begun(draft, START))


def tip(number):
    return Tip(
        id=f"t{number}",
        alert=KEY.alert,
        reply="r",
        kind=TipKind.NOT_SEEN,
        at=START,
        text=None,
        place=None,
        seen_at=None,
        contact_me=False,
        language=Language.NL,
    )


def test_a_draft_means_nothing_to_any_area(world, draft, figures):
    world.put(draft)
    world.recount()
    assert (figures.rows, figures.put_off_until) == ({}, {})


def test_what_is_for_canaries_is_passed_on_and_reported_nowhere(world, active, figures):
    for_canaries = replace(active.content, audience=Audience.CANARIES)
    world.alerts.rows.clear()
    world.put(replace(active, content=for_canaries))
    world.recount()
    assert (world.noted, figures.rows) == ([active.id], {})


def test_each_area_and_all_above_it_get_their_people(world, active):
    people = [Person(f"p{n}", "BU90010101", "nl", {Channel.SMS: f"+316{n:08d}"}) for n in range(3)]
    elsewhere = Person("p9", "BU90010202", "nl", {Channel.SMS: "+31699999999"})
    batch = world.ledger.add(Batch.new(KEY, (*people, elsewhere)))
    news = {0: ledger_model.Result.DELIVERED, 1: ledger_model.Result.SENT, 3: ledger_model.Result.DELIVERED}
    world.ledger.record(batch, Channel.SMS, news)
    world.recount()
    numbers = {area: world.of(area) for area in ("BU90010101", "WK900101", "BU90010202", "GM9001", "NL", "GM9002")}
    assert {area: (row.people, row.asked, row.reached) for area, row in numbers.items()} == {
        "BU90010101": (3, 2, 1),
        "WK900101": (3, 2, 1),
        "BU90010202": (1, 1, 1),
        "GM9001": (4, 3, 2),
        "NL": (4, 3, 2),
        "GM9002": (0, 0, 0),
    }
    assert numbers["GM9001"].messages == {Channel.SMS: Messages(sent=3, delivered=2)}


def test_every_source_moves_the_figures_on(world, active):
    world.recount()
    batch = world.ledger.add(Batch.new(KEY, (Person("p1", "BU90010101", "nl", {Channel.SMS: "+31611111111"}),)))
    world.recount()
    assert (world.of("GM9001").people, world.of("GM9001").asked) == (1, 0)
    world.ledger.record(batch, Channel.SMS, {0: ledger_model.Result.DELIVERED})
    world.recount()
    assert world.of("GM9001").reached == 1
    world.tips.add(tip(1), 20)
    world.recount()
    assert world.of("GM9001").tips == 1
    world.put(
        active.close(
            result=Result.MISSING_PERSON_FOUND, contribution=Contribution.DIRECT, text=None, by="anna", at=START
        )
    )
    world.recount()
    assert world.of("GM9001").results == {"missing_person_found": 1}
    assert world.of("GM9001").contributions == {"direct": 1}


def test_times_are_seconds_since_the_approval(world, active, figures):
    sms = {Channel.SMS: "+31611111111"}
    batch = world.ledger.add(Batch.new(KEY, tuple(Person(f"p{n}", "BU90010101", "nl", sms) for n in range(2))))
    batch = world.ledger.record(batch, Channel.SMS, {0: ledger_model.Result.SENT}, at_s=epoch(START) + 12)
    world.ledger.record(batch, Channel.SMS, {1: ledger_model.Result.SENT}, at_s=epoch(START) + 75)
    world.tips.add(replace(tip(1), at=START + timedelta(seconds=140)), 20)
    closed = active.close(
        result=Result.OTHER, contribution=Contribution.NONE, text=None, by="anna", at=START + timedelta(minutes=30)
    )
    world.put(closed)
    world.recount()
    row = figures.rows["GM9001", KEY.alert]
    assert row.times == Times(first_message=12, last_message=75, first_tip=140, closing=1_800)
    assert figures.month("GM9001", "2026-11").alerts == {KEY.alert: Line(row.version, row.times)}
    assert figures.rows["GM9002", KEY.alert].times == Times(first_tip=140, closing=1_800)


def test_figures_made_from_older_sources_do_not_come_back(world, active, figures):
    world.recount()
    late = world.sources.rows(active)
    world.tips.add(tip(1), 20)
    world.recount()
    for row in late:
        figures.put_alert(row)
    assert world.of("GM9001").tips == 1


def test_an_alerts_cost_is_kept_by_who_bears_it_over_all_its_messages(world, active):
    people = [Person(f"p{n}", f"BU900{1 + n % 2}0101", "nl", {Channel.VOICE: f"+312{n:08d}"}) for n in range(3)]
    delivered = dict.fromkeys(range(3), ledger_model.Result.DELIVERED)
    for message in (MessageKind.CALL, MessageKind.OUTCOME):
        batch = world.ledger.add(Batch.new(replace(KEY, message=message), tuple(people)))
        world.ledger.record(batch, Channel.VOICE, delivered)
        batches = families(world.ledger.batches(KEY.alert, message, 0))
        world.ledger.put_tally(KEY.alert, message, 0, tally_of(batches))
    world.recount()
    shares = {it.municipality: it for it in world.money.shares(2026, None)}
    cents = shipped().price(Channel.VOICE, "NL", START.date()).micros // 10_000
    assert {code: it.cents for code, it in shares.items()} == {"GM9001": 4 * cents, "GM9002": 2 * cents}
    assert {(it.alert, it.opened, it.real) for it in shares.values()} == {(active.id, START, True)}


def test_of_an_alert_that_has_not_begun_there_is_no_cost(world, draft):
    costs = world.count.costs
    costs.keep(draft)
    assert (costs.of(draft).cents, world.money.kept) == (0, {})


def test_a_municipality_whose_people_did_not_change_is_not_written_again(active):
    here, there = ({code: AreaTally(9, 9, 0)} for code in ("BU90010101", "BU90020101"))
    before = rows_of(active, [Tally(areas=here, version=3), Tally(areas=there, version=5)], 0, None)
    after = rows_of(active, [Tally(areas=here, version=3), Tally(areas=there, version=8)], 0, None)
    versions = [{row.area: row.version - active.version for row in rows} for rows in (before, after)]
    assert versions == [{"NL": 8, "GM9001": 3, "GM9002": 5}, {"NL": 11, "GM9001": 3, "GM9002": 8}]


def test_the_rows_of_an_exercise_are_in_no_month(world, active, figures):
    world.alerts.rows.clear()
    world.put(replace(active, content=replace(active.content, status=Status.EXERCISE)))
    world.recount()
    assert {area for area, _ in figures.rows} == {"NL", "GM9001", "GM9002"}
    assert figures.by_month == {}


def test_changes_that_come_while_a_count_is_put_off_are_counted_with_it(world, active, figures, clock):
    world.tell()
    assert (figures.rows, world.queues.sent[0][2]) == ({}, EVERY_S)
    clock.advance(seconds=EVERY_S - 1)
    world.tell()
    (waiting,) = world.take()
    world.tips.add(tip(1), 20)
    world.tell(waiting)
    assert world.of("GM9001").tips == 1
    world.tell()
    assert len(world.take()) == 1


@pytest.mark.parametrize(("units", "delay"), [(0, 20), (20, 20), (21, 40), (400, 400), (20_000, MAX_DELAY_S)])
def test_the_larger_an_alert_the_longer_a_count_is_put_off(world, active, units, delay):
    world.ledger.put_plan(active.id, "call", Plan(units, START))
    world.tell()
    assert world.queues.sent[0][2] == delay


def test_who_is_cut_off_before_the_mark_puts_it_off_again(world, active, figures, monkeypatch):
    def killed(alert, until):
        raise ConnectionError

    with monkeypatch.context() as patch:
        patch.setattr(figures, "put_off", killed)
        with pytest.raises(ConnectionError):
            world.tell()
    world.tell()
    assert len(world.take()) == 2


def test_who_is_cut_off_between_an_alert_and_its_month_makes_up_for_it(world, active, figures, monkeypatch):
    def killed(row):
        raise ConnectionError

    due = CountMessage(alert=KEY.alert, due=True)
    with monkeypatch.context() as patch:
        patch.setattr(figures, "put_month", killed)
        with pytest.raises(ConnectionError):
            world.tell(due)
    assert figures.rows
    assert figures.by_month == {}
    world.tell(due)
    assert world.of("GM9001").alerts == 1


def test_alerts_that_are_counted_together_make_each_month_once(world, active, figures, monkeypatch):
    world.put(replace(active, id="0000000abd"))
    put, made = figures.put_month, []
    monkeypatch.setattr(figures, "put_month", lambda row: made.append(row.area) or put(row))
    world.tell(*(CountMessage(alert=name, due=True) for name in (KEY.alert, "0000000abd")))
    assert sorted(made) == ["GM9001", "GM9002", "NL"]
    assert set(figures.month("NL", "2026-11").alerts) == {KEY.alert, "0000000abd"}


def test_without_a_delay_every_change_is_counted_at_once(world, active):
    world.count = replace(world.count, every_s=0)
    world.tell()
    assert world.of("GM9001").alerts == 1
    assert world.take() == []
