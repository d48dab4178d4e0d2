"""One alert from sign-up to report, every step through the entry points that are deployed."""

import base64
import gzip
import json
import re
import zlib
from dataclasses import replace
from datetime import UTC, datetime

import jsonschema
import pytest

from chalicelib.channels.model import Refusal, Refused
from chalicelib.delivery.store import DynamoLedger
from chalicelib.platform import aws, openapi
from local.carrier.devices import Device
from local.in_process import sqs_event
from local.scenarios import BURGLARY

INSIDE = [{"lon": 5.4336, "lat": 52.7783}, {"lon": 5.4446, "lat": 52.7779}, {"lon": 5.4402, "lat": 52.7801}]
OUTSIDE = {"lon": 5.4105, "lat": 52.7734}


def ok(response):
    assert response.status_code < 300, response.json_body
    return response.json_body


def to_participants(product):
    """E-mail but for that to staff, who read how alerts ended."""
    return [(recipient, mail) for recipient, mail in product.email.sent if "summary" not in recipient.tags]


def sign_up(product, places, *, phone=None, email=None, language="nl", hours=(), **wishes):
    """A participant with proved contacts; the token of the manage link. ``hours``: of the first place."""
    body = {
        "places": [{"kind": "home", "point": point} for point in places],
        **wishes,
        "channels": (["sms"] if phone else []) + (["email"] if email else []),
        "language": language,
        "birth_year": 1980,
        "consent": {"version": "1"},
        "source": "web",
        **({"phone": phone} if phone else {}),
        **({"email": email} if email else {}),
    }
    body["places"][0]["hours"] = list(hours)
    accepted = ok(product.request("POST", "/sign-ups", body))
    product.settle()
    for kind in accepted["verify"]:
        sent = [text for to, text in product.sms.sent if to == phone]
        sent += [mail.text for recipient, mail in product.email.sent if recipient.address == email]
        texts = sent[:1] if kind == "phone" else sent[-1:]
        code = re.search(r"\b\d{6}\b", texts[0])[0]
        proved = ok(
            product.request("POST", f"/sign-ups/{accepted['id']}/verification", {"contact": kind, "code": code})
        )
    product.settle()
    return proved["manage_token"]


@pytest.fixture
def neighbours(product):
    people = {
        "both": sign_up(product, INSIDE[:2], phone="+31623456781", email="both@burgernet.example"),
        "mail": sign_up(product, INSIDE[2:], email="mail@burgernet.example", language="en"),
        "sms": sign_up(product, INSIDE[1:2], phone="+31623456783"),
        "away": sign_up(product, [OUTSIDE], phone="+31623456784", email="away@burgernet.example"),
    }
    product.sms.sent.clear()
    product.email.sent.clear()
    return people


def send(product, token, scenario=BURGLARY, approve=True):
    alert = ok(product.request("POST", "/alerts", scenario.alert, token=token("dispatcher", "anna")))
    alert = ok(product.request("POST", f"/alerts/{alert['id']}/submit", {}, token=token("dispatcher", "anna")))
    if approve:
        body = {"version": alert["version"], "reach": reach(product, token, alert)}
        alert = ok(product.request("POST", f"/alerts/{alert['id']}/approve", body, token=token("approver", "bram")))
    return alert


def reach(product, token, alert):
    """The word that the approver reads, and types."""
    told = ok(product.request("POST", f"/alerts/{alert['id']}/preview", {}, token=token("approver", "bram")))
    return told["band"]["label"]["nl"]


def read(product, token, alert):
    return ok(product.request("GET", f"/alerts/{alert['id']}", token=token("dispatcher", "anna")))


def receipts(product, ses=(), sms=()):
    """What the providers say: ``ses`` mail -> event type, ``sms`` provider id -> status."""
    events = [
        {
            "eventType": event,
            "mail": {"messageId": "m", "tags": {name: [value] for name, value in recipient.tags.items()}},
        }
        for recipient, event in ses
    ]
    if events:
        assert product.invoke("receipts", sqs_event(events, product.clock.now())) == {"batchItemFailures": []}
    lines = [
        {
            "message": json.dumps(
                {
                    "notification": {"messageId": name, "timestamp": "2026-11-23 20:15:34.558"},
                    "delivery": {"destination": "+31600000000", "providerResponse": "accepted"},
                    "status": status,
                }
            )
        }
        for name, status in sms
    ]
    if lines:
        data = base64.b64encode(gzip.compress(json.dumps({"logEvents": lines}).encode())).decode()
        product.invoke("sms_log", {"awslogs": {"data": data}})
    product.settle()


def test_the_whole_story(product, neighbours, token):
    alert = send(product, token)
    assert alert["state"] == "scheduled"
    product.settle()

    assert sorted(to for to, _ in product.sms.sent) == ["+31623456781", "+31623456783"]
    assert sorted(recipient.address for recipient, _ in product.email.sent) == [
        "both@burgernet.example",
        "mail@burgernet.example",
    ]
    live = read(product, token, alert)
    assert live["state"] == "active"
    assert live["progress"]["call"]["channels"]["sms"]["sent"] == 2

    by_address = {recipient.address: recipient for recipient, _ in product.email.sent}
    receipts(
        product,
        ses=[(by_address["both@burgernet.example"], "Delivery"), (by_address["mail@burgernet.example"], "Bounce")],
        sms=[("sms-1", "SUCCESS"), ("sms-2", "SUCCESS")],
    )
    call = read(product, token, alert)["progress"]["call"]
    assert (call["people"], call["asked"], call["reached"]) == (3, 3, 2)
    assert call["channels"]["email"] == {
        "queued": 0,
        "sent": 0,
        "delivered": 1,
        "failed": 1,
        "opted_out": 0,
        "spared": 0,
    }

    link = re.search(r"/t/(\w+)", product.sms.sent[0][1])[1]
    asked = ok(product.request("GET", f"/tips/{link}"))
    assert BURGLARY.alert["headline"]["nl"] in json.dumps(asked, ensure_ascii=False)
    ok(product.request("POST", f"/tips/{link}", BURGLARY.tips[0]))
    tips = ok(product.request("GET", f"/alerts/{alert['id']}/tips", token=token("dispatcher", "anna")))["tips"]
    assert [tip["text"] for tip in tips] == [BURGLARY.tips[0]["text"]]

    product.sms.sent.clear()
    product.email.sent.clear()
    path = f"/alerts/{alert['id']}/close"
    closed = ok(product.request("POST", path, BURGLARY.closing, token=token("dispatcher", "anna")))
    assert closed["state"] == "closed"
    product.settle()
    assert sorted(to for to, _ in product.sms.sent) == ["+31623456781", "+31623456783"]
    assert [recipient.address for recipient, _ in to_participants(product)] == ["both@burgernet.example"]
    assert product.request("POST", f"/tips/{link}", BURGLARY.tips[0]).status_code == 410

    reports = {}
    for code in alert["municipalities"]:
        reports[code] = ok(product.request("GET", f"/reports/areas/{code}", token=token("analyst", tenant=code)))
    assert sum(report["people"]["asked"] for report in reports.values()) == 3
    assert sum(report["people"]["reached"] for report in reports.values()) == 2
    assert sum(report["participants"]["participants"] for report in reports.values()) == 4
    assert all(report["results"] == {"suspect_arrested": 1} for report in reports.values())
    assert all(report["alerts"]["by_category"] == {"residential_burglary": 1} for report in reports.values())


def test_a_countdown_that_is_undone_sends_nothing(product, neighbours, token):
    alert = send(product, token)
    body = {"reason": "verkeerd gebied"}
    undone = ok(product.request("POST", f"/alerts/{alert['id']}/return", body, token=token("dispatcher", "anna")))
    assert undone["state"] == "draft"
    product.settle()
    assert (product.sms.sent, product.email.sent) == ([], [])


def test_an_alert_that_was_stopped_in_its_countdown_never_goes_out(product, neighbours, token):
    alert = send(product, token)
    stopped = ok(product.request("POST", f"/alerts/{alert['id']}/stop", {}, token=token("dispatcher", "anna")))
    assert stopped["state"] == "cancelled"
    product.settle()
    assert (product.sms.sent, product.email.sent) == ([], [])


def test_who_lets_an_alert_out_alone_is_known_to_the_supervisors_at_once(product, neighbours, token):
    alert = send(product, token, replace(BURGLARY, alert=BURGLARY.alert | {"severity": "Extreme"}), approve=False)
    alone = {"version": alert["version"], "reach": reach(product, token, alert), "reason": "Schutter op straat."}
    ok(product.request("POST", f"/alerts/{alert['id']}/break-glass", alone, token=token("dispatcher", "anna")))
    product.settle()
    told = [mail for to, mail in product.email.sent if to.address == "chief@burgernet.example"]
    assert len(told) == 1
    assert "Schutter op straat." in told[0].text
    assert read(product, token, alert)["progress"]["call"]["people"] == 3


def test_a_control_room_says_who_its_supervisors_are(product, neighbours, token):
    path, admin = "/organisations/MK90", token("admin", "ada", "network")
    standing = ok(product.request("GET", "/organisations", token=admin))["organisations"]
    room = next(it for it in standing if it.pop("id") == "MK90")
    for wrong in ("chief", "chief@localhost", "a@b.example,c@d.example", "a@b.example\nBcc: c@d.example"):
        refused = product.request("PUT", path, room | {"supervisors": [wrong]}, token=admin)
        assert refused.status_code == 422, wrong
    own = ok(product.request("PUT", path, room | {"supervisors": ["room@burgernet.example"]}, token=admin))
    assert own["supervisors"] == ["room@burgernet.example"]
    alert = send(product, token, replace(BURGLARY, alert=BURGLARY.alert | {"severity": "Extreme"}), approve=False)
    alone = {"version": alert["version"], "reach": reach(product, token, alert), "reason": "Schutter op straat."}
    ok(product.request("POST", f"/alerts/{alert['id']}/break-glass", alone, token=token("dispatcher", "anna")))
    product.settle()
    told = [to.address for to, mail in product.email.sent if "Schutter op straat." in mail.text]
    assert told == ["room@burgernet.example"]


def test_nobody_approves_their_own_alert(product, token):
    alert = send(product, token, approve=False)
    path, body = f"/alerts/{alert['id']}/approve", {"version": alert["version"]}
    for role in ("dispatcher", "approver"):
        response = product.request("POST", path, body, token=token(role, "anna"))
        assert (response.status_code, response.json_body["error"]["code"]) == (403, "self_approval")
    product.settle()
    assert read(product, token, alert)["state"] == "submitted"


def test_who_leaves_is_not_asked_and_leaves_no_row(product, neighbours, token):
    assert product.request("DELETE", "/me", token=neighbours["sms"]).status_code == 204
    product.settle()
    send(product, token)
    product.settle()
    assert [to for to, _ in product.sms.sent] == ["+31623456781"]
    assert product.request("GET", "/me", token=neighbours["sms"]).status_code == 404


def test_who_leaves_between_the_call_and_the_outcome_is_told_nothing_and_no_table_knows_their_number(
    product, neighbours, token
):
    alert = send(product, token)
    product.settle()
    assert product.request("DELETE", "/me", token=neighbours["sms"]).status_code == 204
    product.settle()
    product.sms.sent.clear()
    path = f"/alerts/{alert['id']}/close"
    product.request("POST", path, BURGLARY.closing, token=token("dispatcher", "anna"))
    product.settle()
    assert [to for to, _ in product.sms.sent] == ["+31623456781"]
    client = aws.client("dynamodb")
    for table in product.settings.tables.values():
        for row in client.scan(TableName=table)["Items"]:
            packed = [zlib.decompress(row[name]["B"]).decode() for name in ("p", "t") if "B" in row.get(name, {})]
            assert "+31623456783" not in f"{row} {packed}"
    ledger = DynamoLedger(product.settings.tables["deliveries"], product.clock)
    batches = [batch for message in ("call", "outcome") for batch in ledger.batches(alert["id"], message, 0)]
    assert len(batches) == 2
    assert not any(person.contacts for batch in batches for person in batch.people)


def test_a_correction_after_a_stop_reaches_exactly_those_who_were_asked(product, neighbours, token):
    alert = send(product, token)
    product.settle()
    asked = sorted(to for to, _ in product.sms.sent), [to.address for to, _ in product.email.sent]
    product.sms.sent.clear()
    product.email.sent.clear()
    ok(product.request("POST", f"/alerts/{alert['id']}/stop", {}, token=token("dispatcher", "anna")))
    news = {"type": "correction", "text": {"nl": "De man is gehoord en gaat vrijuit.", "en": "The man is cleared."}}
    path, key = f"/alerts/{alert['id']}/updates", {"Idempotency-Key": "een-pet-en-geen-jas"}
    for _ in range(2):
        again = product.request("POST", path, news, token=token("approver", "bram"), headers=key)
        assert (again.status_code, again.json_body["updates"][0]["message"]) == (201, "update-1")
    product.settle()
    assert (sorted(to for to, _ in product.sms.sent), [to.address for to, _ in product.email.sent]) == asked
    assert all("Correct" in text for _, text in product.sms.sent)
    assert all("Correct" in mail.subject for _, mail in product.email.sent)
    progress = read(product, token, alert)["progress"]
    assert progress["update-1"]["asked"] == progress["call"]["asked"] == 3


def test_a_mail_that_bounces_for_good_is_not_tried_again_and_its_reader_hears_so_by_sms(product, neighbours, token):
    alert = send(product, token)
    product.settle()
    both = next(recipient for recipient, _ in product.email.sent if recipient.address == "both@burgernet.example")
    product.sms.sent.clear()
    product.email.sent.clear()
    tags = {name: [value] for name, value in both.tags.items()}
    event = {"eventType": "Bounce", "mail": {"messageId": "m", "tags": tags}, "bounce": {"bounceType": "Permanent"}}
    product.invoke("receipts", sqs_event([event, event], product.clock.now()))
    product.settle()
    ((to, text),) = product.sms.sent
    assert (to, "niet meer bereiken per e-mail" in text) == ("+31623456781", True)
    suppressed = product.request("GET", "/me", token=neighbours["both"]).json_body["suppressed"]
    assert [(held["channel"], held["reason"]) for held in suppressed] == [("email", "bounced")]
    ok(product.request("POST", f"/alerts/{alert['id']}/close", BURGLARY.closing, token=token("dispatcher", "anna")))
    product.settle()
    product.sms.sent.clear()
    product.email.sent.clear()
    send(product, token)
    product.settle()
    assert [recipient.address for recipient, _ in to_participants(product)] == ["mail@burgernet.example"]
    assert sorted(to for to, _ in product.sms.sent) == ["+31623456781", "+31623456783"]


def test_who_cannot_be_texted_is_mailed_once_counted_once_and_told_by_mail_how_it_ended(product, neighbours, token):
    ok(product.request("PATCH", "/me", {"channels": ["sms"]}, token=neighbours["both"]))
    product.sms.refusals["+31623456781"] = [Refused(Refusal.PERMANENT, "InvalidParameter")]
    scenario = replace(BURGLARY, alert={**BURGLARY.alert, "channels": ["sms", "email"]})
    alert = send(product, token, scenario)
    product.settle()
    assert [to for to, _ in product.sms.sent] == ["+31623456783"]
    mailed = {recipient.address: mail for recipient, mail in product.email.sent}
    assert sorted(mailed) == ["both@burgernet.example", "mail@burgernet.example"]
    assert len(product.email.sent) == 2
    receipts(product, ses=[(recipient, "Delivery") for recipient, _ in product.email.sent], sms=[("sms-1", "SUCCESS")])
    call = read(product, token, alert)["progress"]["call"]
    assert (call["people"], call["asked"], call["reached"]) == (3, 3, 3)
    assert (call["channels"]["sms"]["failed"], call["channels"]["email"]["delivered"]) == (1, 2)
    link = re.search(r"/t/(\w+)", mailed["both@burgernet.example"].text)[1]
    ok(product.request("POST", f"/tips/{link}", BURGLARY.tips[0]))
    product.sms.sent.clear()
    product.email.sent.clear()
    ok(product.request("POST", f"/alerts/{alert['id']}/close", BURGLARY.closing, token=token("dispatcher", "anna")))
    product.settle()
    assert sorted(recipient.address for recipient, _ in to_participants(product)) == sorted(mailed)
    assert [to for to, _ in product.sms.sent] == ["+31623456783"]
    areas = [f"/reports/areas/{code}" for code in alert["municipalities"]]
    reports = [
        ok(product.request("GET", area, token=token("analyst", tenant=area.split("/")[-1].split("?")[0])))
        for area in areas
    ]
    assert sum(report["people"]["asked"] for report in reports) == 3
    rebuilt = product.invoke("rebuild_reports", {})["months"]
    assert sum(month["alerts"] for month in rebuilt) == 1
    assert [month["which"] for month in rebuilt] == [[] for _ in rebuilt]


def test_signing_up_twice_makes_one_participant(product, neighbours, token):
    product.clock.advance(minutes=1)
    sign_up(product, INSIDE[:1], phone="+31623456783")
    product.sms.sent.clear()
    send(product, token)
    product.settle()
    assert sorted(to for to, _ in product.sms.sent) == ["+31623456781", "+31623456783"]


def test_an_exercise_says_so_and_counts_nowhere(product, neighbours, token):
    exercise = type(BURGLARY)(BURGLARY.name, {**BURGLARY.alert, "status": "Exercise"}, (), BURGLARY.closing)
    for name in ("both", "sms"):
        product.clock.advance(seconds=1)
        ok(product.request("PATCH", "/me", {"exercises": True}, token=neighbours[name]))
    alert = send(product, token, exercise)
    product.settle()
    texts, mails = product.exercise_sms.sent, product.exercise_email.sent
    assert sorted(to for to, _ in texts) == ["+31623456781", "+31623456783"]
    assert [recipient.address for recipient, _ in mails] == ["both@burgernet.example"]
    assert product.sms.sent == product.email.sent == []
    call = read(product, token, alert)["progress"]["call"]
    assert (call["people"], call["suppressed"]["no_exercises"]) == (2, 1)
    assert all(text.startswith("OEFENING") for _, text in texts)
    assert all(mail.subject.startswith(("OEFENING", "EXERCISE")) for _, mail in mails)
    product.request("POST", f"/alerts/{alert['id']}/close", BURGLARY.closing, token=token("dispatcher", "anna"))
    product.settle()
    for code in alert["municipalities"]:
        report = ok(product.request("GET", f"/reports/areas/{code}", token=token("analyst", tenant=code)))
        assert (report["alerts"]["total"], report["people"]["asked"]) == (0, 0)


def test_waves_ask_the_nearest_first_and_everybody_hears_how_it_ended(product, neighbours, token):
    waves = {"radii_m": [200, 600], "minutes": 20}
    alert = send(
        product, token, type(BURGLARY)(BURGLARY.name, {**BURGLARY.alert, "waves": waves}, (), BURGLARY.closing)
    )
    product.settle()
    live = read(product, token, alert)
    assert live["waves"] == waves
    assert live["wave_state"] == {"begun": 3}
    assert live["progress"]["call"]["waves"] == [{"people": 1, "asked": 1, "reached": 0}] * 3
    assert [to for to, _ in product.sms.sent] == ["+31623456781", "+31623456783"]  # home, and 740 m away
    path = f"/alerts/{alert['id']}"
    events = ok(product.request("GET", f"{path}/events", token=token("dispatcher", "anna")))["events"]
    assert [event["facts"] for event in events if event["type"] == "wave_started"] == [{"wave": "2"}, {"wave": "3"}]
    product.sms.sent.clear()
    product.email.sent.clear()
    ok(product.request("POST", f"{path}/close", BURGLARY.closing, token=token("dispatcher", "anna")))
    product.settle()
    assert (len(product.sms.sent), len(to_participants(product))) == (2, 2)


DAYTIME = {"days": ["mon", "tue", "wed", "thu", "fri"], "start": "09:00", "end": "17:00"}  # it is Monday, 21:15


def test_who_does_not_want_to_be_disturbed_now_is_not_and_is_counted_by_reason(product, neighbours, token):
    sign_up(product, INSIDE[:1], phone="+31623456785", hours=[DAYTIME])
    sign_up(product, INSIDE[:2], phone="+31623456786", hours=[DAYTIME])  # but the second place is always open
    sign_up(product, INSIDE[:1], phone="+31623456787", declined=["residential_burglary"])
    sign_up(product, INSIDE[:1], phone="+31623456788", declined=["robbery", "prevention"])
    product.sms.sent.clear()
    alert = send(product, token)
    product.settle()
    asked = ["+31623456781", "+31623456783", "+31623456786", "+31623456788"]
    assert sorted(to for to, _ in product.sms.sent) == asked
    call = read(product, token, alert)["progress"]["call"]
    assert call["people"] == 5
    assert call["suppressed"] == {"no_exercises": 0, "category": 1, "hours": 1, "cap": 0}


def test_a_missing_child_wakes_everybody_where_somebody_says_why(product, neighbours, token):
    sign_up(product, INSIDE[:1], phone="+31623456785", hours=[DAYTIME])
    child = {**BURGLARY.alert, "category": "missing_child"}
    quiet = send(product, token, type(BURGLARY)(BURGLARY.name, child, (), {}))
    product.settle()
    assert read(product, token, quiet)["progress"]["call"]["suppressed"]["hours"] == 1
    product.sms.sent.clear()
    why = {"reason": "kind van 6, het vriest"}
    alert = send(product, token, type(BURGLARY)(BURGLARY.name, {**child, "override": why}, (), {}))
    product.settle()
    assert "+31623456785" in {to for to, _ in product.sms.sent}
    told = ok(product.request("GET", f"/alerts/{alert['id']}/events", token=token("dispatcher", "anna")))
    assert told["progress"]["call"]["suppressed"]["hours"] == 0
    assert [event["facts"]["override"] for event in told["events"] if event["type"] == "approved"] == [why["reason"]]


def test_nobody_is_asked_more_often_than_the_cap_in_one_week(product, neighbours, token):
    most = product.settings.weekly_cap
    for number in range(most + 1):
        product.clock.advance(minutes=10)
        product.sms.sent.clear()
        alert = send(product, token)
        product.settle()
        call = read(product, token, alert)["progress"]["call"]
        assert (call["people"], call["suppressed"]["cap"]) == ((3, 0) if number < most else (0, 3))
    assert product.sms.sent == []
    product.clock.at = datetime(2026, 11, 30, 8, tzinfo=UTC)
    send(product, token)
    product.settle()
    assert len(product.sms.sent) == 2


def test_the_monthly_summary_goes_to_each_joined_municipality_once(product, neighbours, token):
    alert = send(product, token)
    product.settle()
    product.request("POST", f"/alerts/{alert['id']}/close", BURGLARY.closing, token=token("dispatcher", "anna"))
    product.settle()
    product.email.sent.clear()
    product.clock.advance(days=14)
    assert product.invoke("summarise", {}) == {"sent": 2, "failed": 0}
    assert product.invoke("summarise", {}) == {"sent": 0, "failed": 0}
    assert len(product.email.sent) == 2
    recipient, mail = product.email.sent[0]
    assert recipient.address.startswith("gm90")
    assert "Woninginbraak" in mail.text
    assert "Verdachte aangehouden" in mail.html


def test_answers_are_what_the_published_document_says(product, neighbours, token):
    document = json.loads(openapi.COMMITTED.read_text())
    alert = send(product, token)
    product.settle()
    answers = [
        ("/me", product.request("GET", "/me", token=neighbours["sms"])),
        ("/me", product.request("GET", "/me", token=neighbours["mail"])),
        ("/me/export", product.request("GET", "/me/export", token=neighbours["both"])),
        ("/alerts/{alert}", product.request("GET", f"/alerts/{alert['id']}", token=token("dispatcher"))),
        ("/alerts", product.request("GET", "/alerts", token=token("dispatcher"))),
        ("/alerts/{alert}/events", product.request("GET", f"/alerts/{alert['id']}/events", token=token("dispatcher"))),
        ("/areas/{code}", product.request("GET", "/areas/GM9001", token=token("analyst"))),
        ("/municipalities", product.request("GET", "/municipalities")),
        ("/reports/areas/{code}", product.request("GET", "/reports/areas/GM9001", token=token("analyst"))),
    ]
    for path, answer in answers:
        schema = document["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        jsonschema.validate(ok(answer), {**schema, "components": document["components"]})


def test_a_call_an_update_and_the_outcome_go_to_every_device_and_one_that_has_ended_is_taken_off(
    product, neighbours, token
):
    names = {}
    for who in ("sms", "away"):
        for device in (Device(f"{who}-phone"), Device(f"{who}-laptop")):
            given = device.subscription("https://web.push.apple.com")
            names[device.name] = ok(product.request("PUT", "/me/push", given, token=neighbours[who]))["id"]
    ended = "https://web.push.apple.com/push/sms-laptop"
    product.push.refusals[ended] = [Refused(Refusal.PERMANENT, "410")]
    alert = send(product, token)
    product.settle()
    (pushed,) = product.push.sent
    assert (pushed.device.endpoint, pushed.topic) == ("https://web.push.apple.com/push/sms-phone", alert["id"])
    shown = json.loads(pushed.payload)
    assert BURGLARY.alert["headline"]["nl"] in shown["title"]
    ok(product.request("GET", f"/tips/{shown['url'].rpartition('/')[2]}"))
    call = read(product, token, alert)["progress"]["call"]
    assert call["channels"]["push"] == {
        "queued": 0,
        "sent": 1,
        "delivered": 0,
        "failed": 0,
        "opted_out": 0,
        "spared": 0,
    }
    assert ok(product.request("GET", "/me", token=neighbours["sms"]))["devices"] == [names["sms-phone"]]

    body = {"type": "update", "text": {"nl": "Hij draagt nu een gele jas."}}
    ok(product.request("POST", f"/alerts/{alert['id']}/updates", body, token=token("dispatcher", "anna")))
    product.settle()
    ok(product.request("POST", f"/alerts/{alert['id']}/close", BURGLARY.closing, token=token("dispatcher", "anna")))
    product.settle()
    assert [json.loads(it.payload)["alert"] for it in product.push.sent] == [alert["id"]] * 3
    assert {it.device.endpoint for it in product.push.sent} == {"https://web.push.apple.com/push/sms-phone"}
    assert "gele jas" in json.loads(product.push.sent[1].payload)["body"]


def test_whose_only_device_has_ended_gets_the_call_by_text_message(product, neighbours, token):
    me = neighbours["sms"]
    given = Device("old").subscription("https://web.push.apple.com")
    ok(product.request("PUT", "/me/push", given, token=me))
    ok(product.request("PATCH", "/me", {"channels": ["push"]}, token=me))
    product.push.refusals[given["endpoint"]] = [Refused(Refusal.PERMANENT, "410")]
    send(product, token)
    product.settle()
    told = [text for to, text in product.sms.sent if to == "+31623456783"]
    assert sum("met pushberichten" in text for text in told) == 1
    assert sum(BURGLARY.alert["headline"]["nl"] in text for text in told) == 1
    assert ok(product.request("GET", "/me", token=me))["devices"] == []


def test_a_public_alert_is_posted_corrected_and_withdrawn_with_how_it_ended_in_its_place(product, neighbours, token):
    alert = send(product, token)
    assert alert["posts"]["x"]["text"].startswith("BURGERNET 23-11 21:15 ")
    assert alert["posts"]["x"]["posts"] == []
    product.settle()

    def standing():
        return {network: [kept.texts[-1] for kept in poster.standing] for network, poster in product.posters.items()}

    for network, told in read(product, token, alert)["posts"].items():
        assert standing()[network] == [told["text"]]
        assert [post["state"] for post in told["posts"]] == ["posted"]

    path, by = f"/alerts/{alert['id']}", token("dispatcher", "anna")
    news = {"type": "correction", "text": {"nl": "Het zijn er drie."}}
    ok(product.request("POST", f"{path}/updates", news, token=by))
    product.settle()
    assert all("Correctie: Het zijn er drie." in text for (text,) in standing().values())
    states = {
        name: [post["state"] for post in told["posts"]] for name, told in read(product, token, alert)["posts"].items()
    }
    assert states == {"x": ["withdrawn", "posted"], "mastodon": ["posted"]}

    ok(product.request("POST", f"{path}/close", BURGLARY.closing, token=by))
    product.settle()
    for (text,) in standing().values():
        assert "aangehouden" in text
        assert "zwarte jas" not in text


def test_an_alert_that_is_not_public_is_posted_nowhere(product, token):
    for changes in ({"scope": "Restricted"}, {"status": "Exercise"}):
        scenario = replace(BURGLARY, alert={**BURGLARY.alert, **changes})
        assert "posts" not in send(product, token, scenario)
    product.settle()
    assert all(poster.posts == [] for poster in product.posters.values())


def listen(product, name, *areas):
    given = Device(name).subscription("https://web.push.apple.com")
    return ok(product.request("POST", "/push/topics", {**given, "areas": list(areas)}))["id"]


def test_who_listens_without_an_account_hears_of_a_public_alert_once_and_how_it_ended(product, neighbours, token):
    districts = ok(product.request("GET", "/push/areas/GM9001"))["areas"]
    below = [area for it in districts for area in ok(product.request("GET", f"/push/areas/{it['code']}"))["areas"]]
    listen(product, "all", "GM9001", *(area["code"] for area in [*districts, *below][:10]))
    left = listen(product, "left", "GM9001")
    listen(product, "ended", "GM9001")
    product.push.refusals["https://web.push.apple.com/push/ended"] = [Refused(Refusal.PERMANENT, "410")]
    alert = send(product, token, replace(BURGLARY, alert={**BURGLARY.alert, "scope": "Public"}))
    product.settle()
    assert sorted(it.device.endpoint.rpartition("/")[2] for it in product.push.sent) == ["all", "left"]
    call = read(product, token, alert)["progress"]["call"]
    assert call["topics"] == {"sent": 2, "failed": 0, "gone": 1}
    assert (call["asked"], call["channels"].get("push")) == (3, None)

    assert product.request("DELETE", f"/push/topics/{left}").status_code == 204
    product.push.sent.clear()
    by = token("dispatcher", "anna")
    body = {"type": "correction", "text": {"nl": "Hij draagt een gele jas."}}
    ok(product.request("POST", f"/alerts/{alert['id']}/updates", body, token=by))
    product.settle()
    ok(product.request("POST", f"/alerts/{alert['id']}/close", BURGLARY.closing, token=by))
    product.settle()
    shown = [json.loads(it.payload) for it in product.push.sent]
    assert [it["url"] for it in shown] == ["https://burgernet.example/meldingen"] * 2
    assert "gele jas" in shown[0]["body"]
    told = read(product, token, alert)["progress"]
    assert [told[name]["topics"]["sent"] for name in ("update-1", "outcome")] == [1, 1]


def test_who_listens_without_an_account_hears_nothing_of_other_alerts_and_areas(product, token):
    listen(product, "town", "GM9001")
    restricted = replace(BURGLARY, alert={**BURGLARY.alert, "scope": "Restricted"})
    alert = send(product, token, restricted)
    product.settle()
    assert product.push.sent == []
    assert "topics" not in read(product, token, alert)["progress"]["call"]


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"areas": ["GM0000"]}, "areas.0", "no_such_area"),
        ({"endpoint": "https://attacker.example/push/x"}, "endpoint", "push_service_unknown"),
        ({"areas": []}, "areas", None),
        ({"areas": ["GM9001"] * 21}, "areas", None),
    ],
)
def test_what_nobody_can_listen_to_is_refused(product, changes, field, code):
    given = {**Device("x").subscription("https://web.push.apple.com"), "areas": ["GM9001"], **changes}
    answer = product.request("POST", "/push/topics", given)
    assert answer.status_code == 422
    (wrong,) = answer.json_body["error"]["fields"]
    assert wrong["field"] == field
    assert code in (None, wrong["code"])
