"""Who let an alert out alone is known to the supervisors at once."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from chalicelib.alerts.content import Category
from chalicelib.alerts.store import cursor_of
from chalicelib.alerts.supervisors import SupervisorMessage, Supervisors
from chalicelib.alerts.text import Text
from chalicelib.channels.email import MemoryEmailSender
from chalicelib.channels.model import Refusal, Refused
from chalicelib.platform.batch import Record, TryLater
from chalicelib.staff.supervisors import SupervisorBook

CHIEF, DEPUTY = "chief@burgernet.example", "deputy@burgernet.example"


@pytest.fixture
def sender():
    return MemoryEmailSender()


@pytest.fixture
def supervisors(store, sender, organisations):
    return Supervisors(store, sender, SupervisorBook(organisations, (CHIEF, DEPUTY)))


@pytest.fixture
def record(service, approvals, content, anna):
    headline = Text("Vermist: {{reply}} Noor", "Missing: Noor")
    alert = service.create(content(category=Category.MISSING_CHILD, headline=headline), anna)
    alert = service.submit(alert.id, anna)
    approvals.break_glass(alert.id, anna, alert.version, "honderden", "Zij staat op het ijs.")
    cursor = cursor_of(service.events(alert.id, after=None, limit=9)[-1])
    return Record("m", 1, datetime.now(UTC), SupervisorMessage(alert=alert.id, event=cursor))


def test_each_supervisor_reads_who_why_and_how_many(supervisors, sender, record):
    supervisors.tell(record)
    assert [to.address for to, _ in sender.sent] == [CHIEF, DEPUTY]
    mail = sender.sent[0][1]
    for said in ("anna", "Zij staat op het ijs.", "honderden", "hundreds", "{ {reply}} Noor", "23-11-2026 om 21:15:00"):
        assert said in mail.text
        assert said in mail.html
    assert "zonder tweede persoon" in mail.subject


def test_a_control_room_has_supervisors_of_its_own(supervisors, sender, organisations, record):
    room = organisations.find("MK90")
    organisations.put(replace(room, supervisors=("room@burgernet.example",)))
    organisations.put(replace(room, id="MK91", supervisors=("neighbours@burgernet.example",)))
    supervisors.tell(record)
    assert [to.address for to, _ in sender.sent] == ["room@burgernet.example"]


def test_it_is_told_even_if_the_alert_was_taken_back_meanwhile(service, supervisors, sender, record, bram):
    service.return_to_draft(record.body.alert, bram, "eerst overleggen")
    supervisors.tell(record)
    assert "Zij staat op het ijs." in sender.sent[0][1].text


@pytest.mark.parametrize(
    ("refusals", "again"),
    [
        ({CHIEF: Refusal.TEMPORARY}, True),
        ({CHIEF: Refusal.THROTTLED, DEPUTY: Refusal.PERMANENT}, True),
        ({CHIEF: Refusal.PERMANENT}, False),  # the other one has it
        ({CHIEF: Refusal.PERMANENT, DEPUTY: Refusal.PERMANENT}, True),  # nobody has it: an alarm, in the end
    ],
)
def test_it_comes_back_until_somebody_has_it(supervisors, sender, record, refusals, again):
    sender.refusals |= {to: [Refused(why, "x")] for to, why in refusals.items()}
    if again:
        with pytest.raises(TryLater):
            supervisors.tell(record)
    else:
        supervisors.tell(record)
