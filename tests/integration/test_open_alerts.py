"""No alert stays open: a day and an hour in which nobody closes one, played by the clock."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import pytest

from chalicelib.alerts.outcome import Contribution, Result
from chalicelib.alerts.text import Text
from chalicelib.platform.errors import Conflict, InvalidInput
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


def report(product, token, code):
    return ok(product.request("GET", f"/reports/areas/{code}", token=token("analyst", tenant=code)))


def added(product, token, alert):
    """A dispatcher says how it ended, with a sentence that everybody can hear."""
    body = {"result": "suspect_arrested", "contribution": "indirect", "text": {"nl": "Hij zat in de trein."}}
    path = f"/alerts/{alert['id']}/outcome"
    return product.request("POST", path, body, token=token("dispatcher", "anna"))


def test_an_outcome_that_is_known_a_day_after_it_closed_by_itself_reaches_exactly_those_who_were_asked(
    product, neighbours, token
):
    alert = begin(product, token, status="Actual")
    began = product.clock.now()
    sign_up(product, INSIDE[2:3], phone="+31623456799")  # who was not asked
    product.email.sent.clear()
    asked = {recipient for recipient, *_ in product.sms.sent if recipient != "+31623456799"}
    assert added(product, token, alert).status_code == 409
    product.clock.at += timedelta(hours=24)
    look(product)
    sent = len(product.sms.sent)
    town = alert["municipalities"][0]
    assert report(product, token, town)["results"] == {"unknown": 1}

    product.clock.at += timedelta(hours=30)
    until = read(product, token, alert)["outcome_told_until"]
    assert until > read(product, token, alert)["closed_at"]
    first, again = added(product, token, alert), added(product, token, alert)
    assert [answer.status_code for answer in (first, again)] == [200, 200]
    product.settle()

    ((who, text, *_),) = product.sms.sent[sent:]
    assert who in asked
    assert "Nu weten wij hoe het is afgelopen. De verdachte is aangehouden. Tips van deelnemers hielpen" in text
    assert "Hij zat in de trein." in text
    assert [mail.subject for mail in mails(product, "mail@burgernet.example")][-1].startswith("BURGERNET: Outcome")
    assert "Now we know how it turned out." in mails(product, "mail@burgernet.example")[-1].text
    (desk,) = (mail for mail in mails(product, DESK) if "is nu bekend" in mail.subject)
    assert "Verdachte aangehouden" in desk.text

    after = read(product, token, alert)
    assert (after["result"], after["outcome_by"], after["closed_by"]) == ("suspect_arrested", "anna", "system")
    assert "outcome_told_until" not in after
    assert {name: after["progress"][name]["asked"] for name in after["progress"]} == {
        "call": 2, "outcome": 2, "outcome-late": 2,
    }  # fmt: skip
    counted = report(product, token, town)
    assert (counted["results"], counted["contributions"]) == ({"suspect_arrested": 1}, {"indirect": 1})
    assert counted["success"]["successes"] == 1
    month = f"{began:%Y-%m}"
    wrong = product.invoke("rebuild_reports", {"first": month, "last": month})["months"]
    assert [it["differed"] + it["removed"] + it["sums"] for it in wrong] == [0]
    deeds = entries(product, token, product.clock.now(), alert)
    assert [(deed["action"], deed["actor"]) for deed in deeds if deed["action"] == "alert_outcome_added"] == [
        ("alert_outcome_added", "anna")
    ]


def test_what_is_known_a_month_later_counts_and_disturbs_nobody(product, neighbours, token):
    alert = begin(product, token, status="Actual")
    product.clock.at += timedelta(hours=24)
    look(product)
    messages = len(product.sms.sent), len(mails(product, "mail@burgernet.example"))
    product.clock.at += timedelta(days=30)
    with pytest.raises(InvalidInput):  # nobody would hear the sentence
        product.system.alerts.add_outcome(alert["id"], ANNA, *FOUND[:2], Text("Hij zat in de trein."))
    product.system.alerts.add_outcome(alert["id"], ANNA, *FOUND)
    product.settle()
    assert (len(product.sms.sent), len(mails(product, "mail@burgernet.example"))) == messages
    assert product.system.alerts.get(alert["id"]).result is Result.SUSPECT_ARRESTED


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
