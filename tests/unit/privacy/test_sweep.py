"""What is kept long enough goes, by a fake clock; what lies elsewhere of somebody is found again."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from bench.example_alert import example_content
from chalicelib.alerts.approval import Sight
from chalicelib.alerts.content import Category
from chalicelib.alerts.history import EventRecord
from chalicelib.alerts.model import Alert
from chalicelib.alerts.outcome import Contribution, Result
from chalicelib.alerts.photo_store import MemoryAlertPhotos
from chalicelib.alerts.reply import ReplyRef, reply_reference
from chalicelib.alerts.service import AlertService
from chalicelib.alerts.states import State
from chalicelib.alerts.store import MemoryAlertStore
from chalicelib.alerts.withdrawal import KEPT, TAKEN_OUT
from chalicelib.areas.model import CircleShape, Point
from chalicelib.channels.model import Channel
from chalicelib.delivery.model import Batch, BatchKey, LaneState, Person, Plan
from chalicelib.delivery.model import Result as Sent
from chalicelib.delivery.store_memory import MemoryLedger
from chalicelib.participants.model import Place, PlaceKind
from chalicelib.photos.picture import Picture
from chalicelib.platform.clock import ManualClock
from chalicelib.platform.errors import Conflict
from chalicelib.privacy.own_data import OwnData
from chalicelib.privacy.sweep import Sweep
from chalicelib.tips.model import Tip, TipKind, tip_id
from chalicelib.tips.photo_store import MemoryPhotos, PhotoKey
from chalicelib.tips.store import MemoryTipStore
from tests.made import participant

START = datetime(2026, 11, 23, 20, 15, tzinfo=UTC)
SEEN = Sight(typed="fewer than ten")
CALL, OUTCOME = "call", "outcome"
KEY = BatchKey("0000000abc", CALL, 0, 0)
JAN = participant(places=(Place(PlaceKind.HOME, Point(5.2, 52.5), "GM9001", "GM9001"),), created_at=START)


class NobodyDue:
    def run(self):
        return {"asked": 0, "paused": 0, "gone": 0}


@dataclass
class Desk:
    """Alerts, tips and ledger in memory, and a clock."""

    clock: ManualClock = field(default_factory=lambda: ManualClock(START))
    alerts: MemoryAlertStore = field(default_factory=MemoryAlertStore)
    tips: MemoryTipStore = field(default_factory=MemoryTipStore)
    photos: MemoryPhotos = field(default_factory=MemoryPhotos)
    alert_photos: MemoryAlertPhotos = field(default_factory=MemoryAlertPhotos)
    ledger: MemoryLedger = field(default_factory=MemoryLedger)

    @property
    def sweep(self):
        service = AlertService(self.alerts, None, self.clock, 10, 4, "https://burgernet.example/t/0", None)
        return Sweep(service, self.tips, self.photos, self.alert_photos, NobodyDue(), self.clock)

    @property
    def own_data(self):
        return OwnData(self.alerts, self.ledger, self.tips, self.photos, self.clock)

    def put(self, alert, name=KEY.alert):
        alert = replace(alert, id=name)
        self.alerts.put(alert, 0, EventRecord(name + "e", alert.changed_at, "put", "test"))

    def add_tip(self, reference, alert=KEY.alert):
        at = self.clock.now()
        given = {"text": "Bij de toren", "place": Point(5.2, 52.5)}
        self.tips.add(
            Tip(id=tip_id(at, "0000001"), alert=alert, reply=reference, kind=TipKind.SEEN, at=at, **given), 20
        )

    def done(self, **advance):
        self.clock.advance(**advance)
        return {what: number for what, number in self.sweep.run().items() if number}


@pytest.fixture
def desk():
    return Desk()


def draft(category=Category.ROBBERY):
    content = example_content(CircleShape(Point(5.2, 52.5), 500), category=category)
    return Alert.draft(id=KEY.alert, tenant="MK90", content=content, by="a", at=START, life=timedelta(hours=4))


def scheduled(category=Category.ROBBERY):
    submitted = draft(category).submit(by="a", at=START)
    return submitted.approve(by="b", seen=2, at=START, countdown=timedelta(0), sight=SEEN)


def active(category=Category.ROBBERY):
    return scheduled(category).begin(at=START)


def closed(category=Category.ROBBERY):
    return active(category).close(result=Result.NONE, contribution=Contribution.NONE, text=None, by="a", at=START)


@pytest.mark.parametrize("category", [Category.MISSING_CHILD, Category.ROBBERY])
def test_descriptions_go_first_and_tips_later_as_the_category_says(desk, category):
    kept = KEPT[category]
    desk.put(closed(category))
    desk.add_tip("0000000abc00000100")
    assert desk.done(seconds=kept.description.total_seconds() - 60) == {}
    assert desk.done(minutes=1) == {"descriptions": 1}
    assert desk.alerts.get(KEY.alert).content.description == TAKEN_OUT
    assert desk.tips.page(KEY.alert, after=None, limit=1)[0].text == "Bij de toren"
    assert desk.done(seconds=(kept.tips - kept.description).total_seconds()) == {"tips": 1}
    (tip,) = desk.tips.page(KEY.alert, after=None, limit=10)
    assert (tip.kind, tip.text, tip.place, tip.reply) == (TipKind.SEEN, None, None, "-")
    assert desk.done(days=1) == {}
    assert [event.type for event in desk.alerts.events(KEY.alert, after=None, limit=9)] == [
        "put",
        "withdrawn",
        "tips_withdrawn",
    ]


def test_who_was_shown_goes_with_the_text(desk):
    desk.put(closed())
    for alert in (KEY.alert, "0000000abd"):
        desk.alert_photos.keep(alert, "a" * 64, Picture(b"pixels", "image/jpeg", 4, 3))
    assert desk.done(days=29) == {}
    assert len(desk.alert_photos.lies) == 2
    assert desk.done(days=1) == {"descriptions": 1}
    assert list(desk.alert_photos.lies) == [("0000000abd", "a" * 64)]


def test_photos_go_with_their_tips(desk):
    desk.put(closed())
    desk.add_tip("0000000abc00000100")
    picture = Picture(b"pixels", "image/jpeg", 4, 3)
    desk.photos.show(PhotoKey(KEY.alert, "t", 1), picture)
    desk.photos.show(PhotoKey("0000000abd", "t", 1), picture)
    assert desk.done(days=89) == {"descriptions": 1}
    assert len(desk.photos.kept) == 2
    assert desk.done(days=1) == {"tips": 1, "photos": 1}
    assert [key.alert for key in desk.photos.kept] == ["0000000abd"]


def test_what_runs_keeps_all_of_it_and_a_forgotten_draft_nothing(desk):
    desk.put(active(), "0000000abd")
    desk.put(draft(), "0000000abe")
    desk.put(draft().submit(by="a", at=START).stop(by="a", at=START), "0000000abf")
    assert desk.done(days=29) == {}
    assert desk.done(days=1) == {"descriptions": 2}
    assert desk.alerts.get("0000000abe").state is State.CANCELLED
    assert desk.alerts.get("0000000abd").content.description != TAKEN_OUT


def test_what_nobody_closes_loses_its_description_and_tips_all_the_same(desk):
    desk.put(active())
    desk.put(scheduled(), "0000000abd")
    desk.add_tip("0000000abc00000100")
    assert desk.done(days=30) == {}
    assert desk.done(hours=4) == {"descriptions": 2}  # it was to run for four hours
    assert desk.alerts.get(KEY.alert).state is State.ACTIVE
    assert desk.alerts.get("0000000abd").state is State.CANCELLED
    assert desk.done(days=60) == {"tips": 1}
    assert desk.done(days=30) == {"tips": 1}  # of what never began, a month after it was cancelled
    assert desk.tips.page(KEY.alert, after=None, limit=1)[0].text is None


def test_from_which_network_staff_asked_for_it_goes_with_the_description(desk):
    desk.put(closed())
    desk.alerts.history[KEY.alert] = [replace(it, address="192.0.2.7") for it in desk.alerts.history[KEY.alert]]
    desk.done(days=29)
    assert [event.address for event in desk.alerts.events(KEY.alert, after=None, limit=9)] == ["192.0.2.7"]
    desk.done(days=1)
    assert {event.address for event in desk.alerts.events(KEY.alert, after=None, limit=9)} == {""}


def test_more_alerts_than_a_page_holds_are_swept(desk):
    for number in range(120):
        desk.put(closed(), f"{number:010d}")
    assert desk.done(days=90) == {"descriptions": 120, "tips": 120}


def test_an_alert_that_somebody_changes_just_then_is_swept_an_hour_later(desk):
    desk.put(closed())

    class Overtaken:
        def __getattr__(self, name):
            return getattr(desk.alerts, name)

        def put(self, *_):
            raise Conflict("version_changed", "")

    desk.clock.advance(days=31)
    healthy = desk.sweep
    assert replace(healthy, alerts=replace(healthy.alerts, store=Overtaken())).run()["descriptions"] == 0
    assert healthy.run()["descriptions"] == 1


def call(*people):
    return Batch.new(KEY, tuple(Person(name, "GM9001", "nl", {Channel.SMS: "+31612345678"}) for name in people))


def test_messages_and_tips_of_somebody_are_found_with_the_alerts_of_their_town(desk):
    desk.put(closed())
    desk.ledger.put_plan(KEY.alert, CALL, Plan(1, START))
    desk.ledger.put_plan(KEY.alert, OUTCOME, Plan(1, START))
    batch = desk.ledger.add(call("somebodyelse0", JAN.reference))
    desk.ledger.record(batch, Channel.SMS, {0: Sent.FAILED, 1: Sent.DELIVERED}, LaneState.DONE)
    desk.ledger.add(replace(call("somebodyelse0", JAN.reference), key=replace(KEY, message=OUTCOME)))
    desk.add_tip(reply_reference(ReplyRef(KEY.alert, 0, 0, 0)))
    desk.clock.advance(seconds=1)
    desk.add_tip(reply_reference(ReplyRef(KEY.alert, 0, 0, 1)))
    desk.tips.add_photo(desk.tips.page(KEY.alert, after=None, limit=2)[1], 2)
    held = desk.own_data.held(JAN)
    assert [(it.message, dict(it.results)) for it in held.messages] == [
        (CALL, {"sms": "delivered"}),
        (OUTCOME, {"sms": "queued"}),
    ]
    assert [(tip.kind, tip.text, tip.at) for tip in held.tips] == [("seen", "Bij de toren", desk.clock.now())]
    (photo,) = held.tips[0].photos
    assert photo == desk.photos.address(PhotoKey(KEY.alert, tip_id(desk.clock.now(), "0000001"), 2))
    nobody = replace(JAN, id="zzzzzzzzzzzz")
    assert desk.own_data.held(nobody).messages == ()


def test_an_alert_that_was_begun_long_before_it_was_sent_is_looked_through_as_long_as_its_messages_are_held(desk):
    sent = START + timedelta(days=29)
    desk.clock.advance(days=29)
    submitted = replace(draft(), expires=sent + timedelta(hours=4)).submit(by="a", at=sent)
    alert = submitted.approve(by="b", seen=2, at=sent, countdown=timedelta(0), sight=SEEN).begin(at=sent)
    desk.put(alert.close(result=Result.NONE, contribution=Contribution.NONE, text=None, by="a", at=sent))
    desk.ledger.put_plan(KEY.alert, CALL, Plan(1, sent))
    desk.ledger.add(call(JAN.reference))
    assert len(desk.own_data.held(JAN).messages) == 1
    desk.clock.advance(days=30)
    assert len(desk.own_data.held(JAN).messages) == 1
    desk.clock.advance(days=8)  # a late outcome has its own rows
    assert desk.own_data.held(JAN).messages == ()


def test_of_another_town_or_another_month_nothing_is_looked_for(desk):
    desk.put(closed())
    desk.ledger.put_plan(KEY.alert, CALL, Plan(1, START))
    desk.ledger.add(call(JAN.reference))
    elsewhere = replace(JAN, places=(replace(JAN.places[0], municipality="GM9002"),))
    assert desk.own_data.held(elsewhere).messages == ()
    desk.clock.advance(days=38)
    assert desk.own_data.held(JAN).messages == ()
