"""What an alert meant for each area is made again from its sources, in whatever order the changes come."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.alerts.approval import Sight
from chalicelib.alerts.cap import Certainty, Severity, Status, Urgency
from chalicelib.alerts.content import Audience, Category, Content, Kind
from chalicelib.alerts.model import Alert, EventRecord, MessageKind
from chalicelib.alerts.outcome import Contribution, Result
from chalicelib.alerts.store import MemoryAlertStore
from chalicelib.alerts.target import Target
from chalicelib.alerts.text import Language, Text
from chalicelib.channels.model import Channel
from chalicelib.channels.prices import shipped
from chalicelib.delivery import model as ledger_model
from chalicelib.delivery.family import families, tally_of
from chalicelib.delivery.messages import CountMessage
from chalicelib.delivery.model import Batch, BatchKey, Person, Tally
from chalicelib.delivery.store_memory import MemoryLedger
from chalicelib.delivery.tally import Tallies
from chalicelib.platform.batch import Record
from chalicelib.platform.queues import MemoryQueues
from chalicelib.reports.costs import Costs
from chalicelib.reports.count import Count, figures
from chalicelib.reports.money_store import MemoryMoneyStore
from chalicelib.tips.model import Tip, TipKind
from chalicelib.tips.store import MemoryTipStore

START = datetime(2026, 11, 23, 20, 15, tzinfo=UTC)
KEY = BatchKey("0000000abc", MessageKind.CALL, 0, 0)


class World:
    def __init__(self, reports):
        self.alerts, self.ledger, self.tips, self.reports = (
            MemoryAlertStore(),
            MemoryLedger(),
            MemoryTipStore(),
            reports,
        )
        self.tallies = Tallies(self.ledger, MemoryQueues())
        self.noted = []
        self.money = MemoryMoneyStore()
        costs = Costs(self.tallies, self.money, shipped())
        self.count = Count(self.alerts, self.tallies, self.tips, reports, self, costs)

    def note(self, alert):
        self.noted.append(alert.id)

    def put(self, alert):
        standing = self.alerts.get(alert.id).version if alert.id in self.alerts.rows else 0
        self.alerts.put(alert, standing, EventRecord(f"e{alert.version}", alert.changed_at, "changed", "test"))
        return alert

    def recount(self):
        self.ledger.put_tally(KEY.alert, "call", 0, tally_of(families(self.ledger.batches(KEY.alert, "call", 0))))
        self.count.recompute([Record("m1", 1, START, CountMessage(alert=KEY.alert))])

    def of(self, area):
        return next(self.reports.alerts(area, START - timedelta(days=1), START + timedelta(days=1)), None)


@pytest.fixture
def world(reports):
    return World(reports)


@pytest.fixture
def draft():
    content = Content(
        kind=Kind.ALERT,
        category=Category.MISSING_CHILD,
        status=Status.ACTUAL,
        urgency=Urgency.IMMEDIATE,
        severity=Severity.SEVERE,
        certainty=Certainty.OBSERVED,
        headline=Text("Vermist: Noor, 7 jaar"),
        description=Text("Rode jas, gele laarzen."),
        instruction=Text("Ziet u haar? Bel 112."),
        target=Target.of({}, {}, ("GM9001", "GM9002")),
        channels=(Channel.SMS,),
    )
    return Alert.draft(id=KEY.alert, tenant="MK90", content=content, by="anna", at=START, life=timedelta(hours=4))


@pytest.fixture
def active(world, draft):
    submitted = draft.submit(by="anna", at=START)
    sight = Sight(typed="fewer than ten")
    approved = submitted.approve(by="bram", seen=submitted.version, at=START, countdown=timedelta(), sight=sight)
    return world.put(approved.begin(at=START))


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


def test_a_draft_means_nothing_to_any_area(world, draft, reports):
    world.put(draft)
    world.recount()
    assert reports.rows == {}


def test_what_is_for_canaries_is_passed_on_and_reported_nowhere(world, active, reports):
    for_canaries = replace(active.content, audience=Audience.CANARIES)
    world.alerts.rows.clear()
    world.put(replace(active, content=for_canaries))
    world.recount()
    assert (world.noted, reports.rows) == ([active.id], {})


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
    assert (world.of("GM9001").result, world.of("GM9001").contribution) == ("missing_person_found", "direct")


def test_figures_made_from_older_sources_do_not_come_back(world, active, reports):
    world.recount()
    late = list(figures(active, Tally(), 0))
    world.tips.add(tip(1), 20)
    world.recount()
    for row in late:
        reports.put_alert(row)
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
