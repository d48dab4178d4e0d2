"""No alert stays open: a day and an hour in which nobody closes one, played by the clock."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import pytest

from chalicelib.alerts.outcome import Contribution, Result
from chalicelib.platform.errors import Conflict
from chalicelib.staff.model import Role, StaffMember
from local.scenarios import BURGLARY
from tests.integration.test_story import INSIDE, ok, read, send, sign_up

CHIEF, DESK = "chief@burgernet.example", "desk@burgernet.example"
QUARTER = timedelta(minutes=15)
ANNA = StaffMember("anna", frozenset({Role.DISPATCHER}), "MK90")
FOUND = Result.SUSPECT_ARRESTED, Contribution.DIRECT, None


@pytest.fixture
def neighbours(product):
    sign_up(product, INSIDE[:1], phone="+31623456781", exercises=True)
    sign_up(product, INSIDE[1:2], email="mail@burgernet.example", language="en", exercises=True)
    organisations = product.system.parts.organisations
    organisations.put(replace(organisations.find("MK90"), mailboxes=(DESK,)))
    for sender in (product.sms, product.email, product.exercise_sms, product.exercise_email):
        sender.sent.clear()


def begin(product, token, **changes):
    alert = send(product, token, replace(BURGLARY, alert=BURGLARY.alert | changes))
    product.settle()
    return alert


def look(product, times=2):
    """The schedule fires, and again."""
    for _ in range(times):
        product.invoke("remind", {})
        product.settle()


def mails(product, to):
    return [mail for recipient, mail in (*product.email.sent, *product.exercise_email.sent) if recipient.address == to]


def reminders(product, to):
    return [mail for mail in mails(product, to) if "staat nog open" in mail.subject]


def closed_events(product, alert):
    events = product.system.alerts.events(alert["id"], after=None, limit=50)
    return [event for event in events if event.type == "closed"]


@pytest.mark.parametrize("status", ["Actual", "Exercise"])
def test_from_the_first_message_to_an_hour_after_it_closed_by_itself(product, neighbours, token, status):
    alert = begin(product, token, status=status)
    sms, email = (product.sms, product.email) if status == "Actual" else (product.exercise_sms, product.exercise_email)
    assert (len(sms.sent), len(email.sent)) == (1, 1)
    begun, seen = product.clock.now(), {}
    while product.clock.now() < begun + timedelta(hours=25):
        product.clock.at += QUARTER
        look(product)
        told = {DESK: len(reminders(product, DESK)), CHIEF: len(mails(product, CHIEF)), "sms": len(sms.sent) - 1}
        for who, number in told.items():
            assert number <= 1
            if number:
                seen.setdefault(who, product.clock.now() - begun)
    assert {who: after // timedelta(hours=1) for who, after in seen.items()} == {DESK: 2, CHIEF: 4, "sms": 24}

    prefix = {"Actual": "BURGERNET", "Exercise": "OEFENING BURGERNET"}[status]
    assert mails(product, DESK)[0].subject.startswith(f"{prefix}: oproep {alert['id']}")
    ended = [mail for mail in mails(product, DESK) if "is afgesloten" in mail.subject]
    assert ["Niemand heeft gemeld hoe het afliep." in mail.text for mail in ended] == [True] * (status == "Actual")
    assert sms.sent[1][1].startswith(prefix)
    assert "Deze oproep is afgerond. Hoe het is afgelopen, weten wij niet." in sms.sent[1][1]
    outcome = mails(product, "mail@burgernet.example")[1]
    assert "We do not know how it turned out." in outcome.text

    after = read(product, token, alert)
    assert (after["state"], after["result"], after["contribution"]) == ("closed", "unknown", "unknown")
    assert after["closed_by"] == "system"
    (line,) = ok(product.request("GET", "/alerts", token=token("dispatcher", "anna")))["alerts"]
    assert line["result"] == "unknown"
    deeds = [deed for day in range(2) for deed in entries(product, token, begun + timedelta(days=day), alert)]
    assert [(deed["action"], deed["actor"]) for deed in deeds if deed["action"] in LOOKED_AFTER] == [
        (action, "system") for action in LOOKED_AFTER
    ]
    counted = [
        ok(product.request("GET", f"/reports/areas/{code}", token=token("analyst", tenant=code)))
        for code in alert["municipalities"]
    ]
    expected = {"unknown": 1} if status == "Actual" else {}
    assert all(report["results"] == report["contributions"] == expected for report in counted)


LOOKED_AFTER = ("alert_reminded", "alert_escalated", "alert_closed")


def entries(product, token, moment, alert):
    path = f"/audit?day={moment.date()}&alert={alert['id']}"
    return ok(product.request("GET", path, token=token("auditor", "olga", "network")))["entries"]


def test_a_dispatcher_who_closes_it_just_then_closes_it_or_is_told_that_it_is_closed(product, neighbours, token):
    for told in range(1, 5):
        alert = begin(product, token)
        product.clock.at += timedelta(hours=24)
        ready = Barrier(2)

        def dispatcher(alert=alert, ready=ready):
            ready.wait()
            try:
                return product.system.alerts.close(alert["id"], ANNA, *FOUND).closed_by
            except Conflict as refused:
                return refused.code

        def schedule(ready=ready):
            ready.wait()
            return product.system.reminders.run()["closed"]

        with ThreadPoolExecutor(2) as pool:
            by_hand, by_itself = pool.submit(dispatcher), pool.submit(schedule)
            result = by_hand.result(), by_itself.result()
        (event,) = closed_events(product, alert)
        assert result == {"anna": ("anna", 0), "system": ("already_closed", 1)}[event.by]
        product.settle()
        assert len(product.sms.sent) == 2 * told  # a call and an outcome each


def test_a_step_that_was_taken_leads_to_its_mail_whatever_becomes_of_the_function(product, neighbours, token):
    alert = begin(product, token)
    product.clock.at += timedelta(hours=2)
    product.invoke("remind", {})  # and nothing after it, until later
    product.clock.at += timedelta(minutes=20)
    assert mails(product, DESK) == []
    look(product)
    assert len(mails(product, DESK)) == 1
    assert read(product, token, alert)["state"] == "active"
