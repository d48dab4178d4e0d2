"""Who must know of an alert by e-mail: that somebody let it out alone, and that it stays open."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.alerts.cap import Status
from chalicelib.alerts.content import Category
from chalicelib.alerts.outcome import Contribution, Result
from chalicelib.alerts.reminders import Patience, Step
from chalicelib.alerts.staff_mail import StaffMail, StaffMailMessage
from chalicelib.alerts.store import cursor_of
from chalicelib.alerts.text import Text
from chalicelib.channels.email import MemoryEmailSender
from chalicelib.channels.model import Refusal, Refused
from chalicelib.platform.batch import Record, TryLater
from chalicelib.staff.supervisors import SupervisorBook

CHIEF, DEPUTY, ROOM = "chief@burgernet.example", "deputy@burgernet.example", "room@burgernet.example"
PATIENCE = Patience(timedelta(hours=2), timedelta(hours=4), timedelta(hours=24))


@pytest.fixture
def sender():
    return MemoryEmailSender()


class Ends:
    """Which alerts were told to have ended."""

    def __init__(self):
        self.told = []

    def tell(self, alert):
        self.told.append(alert.id)


@pytest.fixture
def ends():
    return Ends()


@pytest.fixture
def staff_mail(store, sender, organisations, ends):
    book = SupervisorBook(organisations, (CHIEF, DEPUTY))
    return StaffMail(store, sender, book, PATIENCE, "https://burgernet.example", ends)


@pytest.fixture
def record(service, approvals, content, anna):
    headline = Text("Vermist: {{reply}} Noor", "Missing: Noor")
    alert = service.create(content(category=Category.MISSING_CHILD, headline=headline), anna)
    alert = service.submit(alert.id, anna)
    approvals.break_glass(alert.id, anna, alert.version, "honderden", "Zij staat op het ijs.")
    return of_last_event(service, alert)


def of_last_event(service, alert):
    cursor = cursor_of(service.events(alert.id, after=None, limit=50)[-1])
    return Record("m", 1, datetime.now(UTC), StaffMailMessage(alert=alert.id, event=cursor))


def test_each_supervisor_reads_who_why_and_how_many(staff_mail, sender, record):
    staff_mail.tell(record)
    assert [to.address for to, _ in sender.sent] == [CHIEF, DEPUTY]
    mail = sender.sent[0][1]
    for said in ("anna", "Zij staat op het ijs.", "honderden", "hundreds", "{ {reply}} Noor", "23-11-2026 om 21:15:00"):
        assert said in mail.text
        assert said in mail.html
    assert "zonder tweede persoon" in mail.subject


def test_a_control_room_has_supervisors_of_its_own(staff_mail, sender, organisations, record):
    room = organisations.find("MK90")
    organisations.put(replace(room, supervisors=("room@burgernet.example",)))
    organisations.put(replace(room, id="MK91", supervisors=("neighbours@burgernet.example",)))
    staff_mail.tell(record)
    assert [to.address for to, _ in sender.sent] == ["room@burgernet.example"]


def test_it_is_told_even_if_the_alert_was_taken_back_meanwhile(service, staff_mail, sender, record, bram):
    service.return_to_draft(record.body.alert, bram, "eerst overleggen")
    staff_mail.tell(record)
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
def test_it_comes_back_until_somebody_has_it(staff_mail, sender, record, refusals, again):
    sender.refusals |= {to: [Refused(why, "x")] for to, why in refusals.items()}
    if again:
        with pytest.raises(TryLater):
            staff_mail.tell(record)
    else:
        staff_mail.tell(record)


@pytest.fixture
def left_open(service, content, anna, bram, clock):
    """An alert whose step was taken: the message that leads from it."""

    def left_open(step, status=Status.EXERCISE, stop=False):
        clock.at = datetime(2026, 11, 23, 20, 15, tzinfo=UTC)
        draft = service.create(content(status=status), anna)
        service.approve(draft.id, bram, service.submit(draft.id, anna).version)
        clock.advance(seconds=10)
        alert = service.begin(draft.id)
        clock.advance(minutes=5)
        if stop:
            service.stop(alert.id, anna)
        clock.advance(hours=4)
        for due in (Step.REMIND, Step.ESCALATE):
            assert service.take_step(alert.id, due, PATIENCE)
            if due is step:
                break
        return of_last_event(service, alert)

    return left_open


def addresses(sender):
    return [to.address for to, _ in sender.sent]


def test_the_control_room_is_reminded_first_and_its_supervisors_later(staff_mail, sender, organisations, left_open):
    organisations.put(replace(organisations.find("MK90"), mailboxes=(ROOM,)))
    staff_mail.tell(left_open(Step.REMIND))
    assert addresses(sender) == [ROOM]
    staff_mail.tell(left_open(Step.ESCALATE))
    assert addresses(sender) == [ROOM, CHIEF, DEPUTY]


def test_for_a_control_room_without_a_mailbox_its_supervisors_are(staff_mail, sender, left_open):
    staff_mail.tell(left_open(Step.REMIND))
    assert addresses(sender) == [CHIEF, DEPUTY]


def test_where_nobody_can_be_reminded_an_alarm_rings_and_nothing_is_tried_again(
    staff_mail, sender, organisations, left_open, caplog
):
    replace(staff_mail, book=SupervisorBook(organisations, ())).tell(left_open(Step.REMIND))
    assert sender.sent == []
    assert "staff_mail.nobody" in caplog.text


def test_of_what_was_closed_meanwhile_nobody_is_reminded(staff_mail, sender, service, anna, left_open):
    record = left_open(Step.REMIND)
    service.close(record.body.alert, anna, Result.NONE, Contribution.NONE, None)
    staff_mail.tell(record)
    assert sender.sent == []


def test_what_was_closed_is_told_to_whom_it_touched(staff_mail, sender, service, anna, left_open, ends):
    alert = left_open(Step.REMIND).body.alert
    service.close(alert, anna, Result.NONE, Contribution.NONE, None)
    staff_mail.tell(of_last_event(service, service.get(alert)))
    assert (ends.told, sender.sent) == ([alert], [])


def test_a_reminder_says_which_since_when_and_what_happens_else_and_nothing_of_anybody(staff_mail, sender, left_open):
    record = left_open(Step.REMIND)
    staff_mail.tell(record)
    mail = sender.sent[0][1]
    url = f"https://burgernet.example/console#/alerts/{record.body.alert}"
    for said in (
        "23-11-2026 om 21:15 uur",
        "23-11-2026 at 21:15",
        "24-11-2026 om 21:15 uur",
        "24-11-2026 at 21:15",
        record.body.alert,
        "MK90",
        url,
    ):
        assert said in mail.text
        assert said in mail.html
    but_for_the_id = f"{mail.subject} {mail.text} {mail.html}".replace(record.body.alert, "")
    assert not any(word in but_for_the_id for word in ("Kerkstraat", "jas", "anna", "bram"))
    assert '<html lang="nl">' in mail.html
    assert '<h1 lang="en">' in mail.html
    assert "Gestopt" not in mail.text


@pytest.mark.parametrize(
    ("status", "subject", "english"),
    [
        (Status.EXERCISE, "OEFENING BURGERNET: oproep", "EXERCISE BURGERNET: this alert is still open"),
        (Status.TEST, "TEST BURGERNET: oproep", "TEST BURGERNET: this alert is still open"),
    ],
)
def test_a_reminder_of_what_is_not_meant_says_so_first(staff_mail, sender, left_open, status, subject, english):
    staff_mail.tell(left_open(Step.ESCALATE, status))
    mail = sender.sent[0][1]
    assert mail.subject.startswith(subject)
    assert english in mail.text


def test_a_reminder_of_a_stopped_alert_says_who_still_waits(staff_mail, sender, left_open):
    staff_mail.tell(left_open(Step.REMIND, stop=True))
    mail = sender.sent[0][1]
    assert "- Gestopt om 21:20 uur. Wie toen al gevraagd was, wacht nog op bericht." in mail.text
    assert "- Stopped at 21:20. People asked by then are still waiting to hear." in mail.text
