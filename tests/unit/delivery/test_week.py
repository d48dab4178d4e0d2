"""Which alerts of the week count for the cap."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.alerts.cap import Status
from chalicelib.alerts.content import Category, Kind, Occasion
from chalicelib.alerts.history import EventRecord
from chalicelib.alerts.listing import PAGE
from chalicelib.alerts.model import Alert
from chalicelib.alerts.states import State
from chalicelib.channels.model import Channel
from chalicelib.delivery.model import NO_CAP, Cap
from chalicelib.delivery.week import COUNTED, Week, beginning

NOW = datetime(2026, 11, 25, 20, tzinfo=UTC)  # a Wednesday
HERE = Occasion(Kind.ALERT, Category.ROBBERY, Status.ACTUAL, municipalities=("GM9001",))


@pytest.fixture
def approved(alerts, scheduled):
    """Writes an alert that was approved so long before now."""
    del alerts.rows[scheduled.id]

    def approved(name, municipalities=("GM9001",), kind=Kind.ALERT, state=State.ACTIVE, **before):
        at = NOW - timedelta(**before)
        target = replace(scheduled.content.target, municipalities=municipalities)
        channels = (Channel.EMAIL,)
        content = replace(scheduled.content, kind=kind, category=Category.ROBBERY, target=target, channels=channels)
        made = Alert.draft(id=name, tenant="MK90", content=content, by="anna", at=at, life=timedelta(hours=4))
        alert = replace(made, state=state, approved_at=at)
        alerts.put(alert, 0, EventRecord(f"e{name}", at, "made", "test"))
        return name

    return approved


def test_earlier_alerts_of_this_week_in_one_of_the_municipalities_count(alerts, approved):
    counted = [
        approved("0000000001", hours=1),
        approved("0000000002", municipalities=("GM9001", "GM9002"), days=2, state=State.CLOSED),
        approved("0000000003", days=2, hours=20, minutes=59, state=State.SCHEDULED),
    ]
    approved("0000000004", days=2, hours=21, minutes=1)  # Sunday
    approved("0000000005", municipalities=("GM9002",), hours=1)
    approved("0000000006", hours=2, state=State.CANCELLED)
    approved("0000000007", hours=-1)
    approved("0000000008", hours=3, kind=Kind.PREVENTION)
    assert Week(alerts, 3).cap(HERE, NOW) == Cap(3, tuple(counted))
    assert Week(alerts, 4).cap(HERE, NOW) is NO_CAP


def test_an_alert_counts_in_the_week_of_its_approval_however_old_its_draft_was(alerts, approved):
    approved("0000000001", days=30)
    made = alerts.get("0000000001")
    let_out = replace(made, approved_at=NOW - timedelta(hours=1), version=2)
    alerts.put(let_out, 1, EventRecord("e2", NOW, "approved", "test"))
    assert Week(alerts, 1).cap(HERE, NOW) == Cap(1, ("0000000001",))


def test_for_what_is_not_urgent_everything_counts(alerts, approved):
    approved("0000000001", hours=1)
    approved("0000000002", hours=2, kind=Kind.INQUIRY)
    occasion = replace(HERE, kind=Kind.PREVENTION)
    assert Week(alerts, 2).cap(occasion, NOW) == Cap(2, ("0000000001", "0000000002"))
    assert [alert.id for alert in Week(alerts, 2).before(Cap(2, ("0000000002",)))] == ["0000000002"]


def test_no_cap_and_an_override_look_at_nothing(approved):
    approved("0000000001", hours=1)
    assert Week(None, 0).cap(HERE, NOW) is NO_CAP
    assert Week(None, 1).cap(replace(HERE, overrides=True), NOW) is NO_CAP


def test_many_alerts_are_read_in_pages_and_the_newest_count(alerts, approved):
    names = [approved(f"{number:010d}", minutes=number + 1) for number in range(PAGE + 20)]
    found = Week(alerts, 1).cap(HERE, NOW)
    assert set(found.before) <= set(names)
    assert len(found.before) == COUNTED
    assert found.before[0] == names[0]


@pytest.mark.parametrize(
    ("moment", "monday"),
    [
        (datetime(2026, 11, 22, 23, 0, tzinfo=UTC), datetime(2026, 11, 22, 23, 0, tzinfo=UTC)),
        (datetime(2026, 11, 22, 22, 59, tzinfo=UTC), datetime(2026, 11, 15, 23, 0, tzinfo=UTC)),
        (datetime(2026, 10, 25, 12, 0, tzinfo=UTC), datetime(2026, 10, 18, 22, 0, tzinfo=UTC)),
    ],
)
def test_a_week_begins_on_monday_by_the_clock_on_the_wall(moment, monday):
    assert beginning(moment) == monday
