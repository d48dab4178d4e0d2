"""The trail over a whole story: what stands in it, what does not, and a chain that was broken by hand is found."""

import json

import pytest

from chalicelib.platform import aws
from local.scenarios import MISSING_CHILD


@pytest.fixture(scope="module")
def product(make_product):
    with make_product() as product:
        yield product


@pytest.fixture(scope="module")
def auditor(token):
    return token("auditor", "otto", "network")


@pytest.fixture(scope="module")
def story(product, token):
    """An alert returned, approved, undone and cancelled, with looks, refusals and a change of areas around it."""
    anna, bram, eva = token("dispatcher", "anna"), token("approver", "bram"), token("analyst", "eva")
    alert = product.request("POST", "/alerts", MISSING_CHILD.alert, token=anna).json_body
    one = f"/alerts/{alert['id']}"

    def ok(method, path, body=None, by=anna):
        answer = product.request(method, path, body, token=by)
        assert answer.status_code == 200, answer.json_body
        return answer.json_body

    ok("POST", f"{one}/submit", {})
    ok("POST", f"{one}/return", {"reason": "De kleur klopt niet."}, bram)
    ok("POST", f"{one}/stop", {})
    ok("GET", f"{one}/tips", by=bram)
    ok("GET", f"{one}/tips", by=bram)
    organisation = {"kind": "police_team", "name": "Team Noord", "areas": ["WK900100"]}
    ok("PUT", "/organisations/T7", organisation, token("admin", "ada", "network"))
    assert product.request("GET", "/alerts", token=eva).status_code == 403
    assert product.request("GET", "/reports/areas/GM9003", token=eva).status_code == 403
    for _ in range(12):
        product.request("GET", "/alerts", headers={"Authorization": "Bearer x.y.z"})
    product.settle()
    return alert["id"]


def read(product, auditor, query=""):
    answer = product.request("GET", f"/audit?limit=200{query}", token=auditor)
    assert answer.status_code == 200, answer.json_body
    return answer.json_body["entries"]


def verdict(product, auditor, query=""):
    answer = product.request("GET", f"/audit/verify{query}", token=auditor)
    assert answer.status_code == 200, answer.json_body
    return answer.json_body


def test_every_decision_look_refusal_and_change_stands_in_it(product, auditor, story):
    entries = read(product, auditor)
    told = [(it["actor"], it["action"], it["subject"]) for it in entries if it["action"].startswith("alert_")]
    assert told == [
        ("anna", "alert_created", story),
        ("anna", "alert_submitted", story),
        ("bram", "alert_returned", story),
        ("anna", "alert_stopped", story),
    ]
    by_action = {
        action: [it for it in entries if it["action"] == action] for action in {it["action"] for it in entries}
    }
    assert [it["facts"] for it in by_action["alert_returned"]] == [{"reason": "De kleur klopt niet."}]
    assert [(it["actor"], it["subject"]) for it in by_action["get_alerts_alert_tips"]] == [("bram", story)]
    (change,) = by_action["put_organisations_id"]
    assert (change["actor"], change["subject"], change["facts"]) == (
        "ada",
        "T7",
        {"kind": "police_team", "areas": "WK900100", "supervisors": "0", "mailboxes": "0"},
    )
    refused = {(it["actor"], it["facts"]["route"], it["facts"]["why"]) for it in by_action["refused"]}
    assert refused == {
        ("eva", "GET /alerts", "role_missing"),
        ("eva", "GET /reports/areas/{code}", "not_your_area"),
    }
    assert [it["facts"] for it in by_action["sign_in_refused"]] == [
        {"why": "token_invalid", "times": "1"},
        {"why": "token_invalid", "times": "10"},
    ]
    assert {it["tenant"] for it in entries if it["actor"] == "anna"} == {"MK90"}


def test_it_can_be_read_by_alert_and_by_actor(product, auditor, story):
    assert {it["subject"] for it in read(product, auditor, f"&alert={story}")} == {story}
    assert {it["actor"] for it in read(product, auditor, "&actor=bram")} == {"bram"}
    assert read(product, auditor, "&day=2020-01-01") == []


def test_it_holds_no_text_of_the_alert(product, auditor, story):
    text = json.dumps(read(product, auditor), ensure_ascii=False)
    for written in ("headline", "description", "instruction"):
        assert MISSING_CHILD.alert[written]["nl"] not in text


def test_reading_the_trail_is_in_the_trail(product, auditor, story):
    read(product, auditor)
    product.settle()
    assert ("otto", "get_audit") in [(it["actor"], it["action"]) for it in read(product, auditor)]


@pytest.fixture
def table(product):
    """The rows of the table as they are; put back afterwards."""
    client, name = aws.client("dynamodb"), product.settings.tables["audit"]
    rows = client.scan(TableName=name)["Items"]
    yield client, name, sorted(rows, key=lambda row: int(row["n"]["N"]))
    for row in rows:
        client.put_item(TableName=name, Item=row)


def test_an_untouched_chain_is_whole(product, auditor, story):
    found = verdict(product, auditor)
    assert (found["ok"], found["complete"], found["faults"]) == (True, True, [])
    assert found["entries"] == int(found["head"].partition(":")[0])
    assert verdict(product, auditor, f"?head={found['head']}")["ok"]


def test_a_chain_broken_by_hand_is_found_and_named(product, auditor, story, table):
    client, name, rows = table

    def found():
        answer = verdict(product, auditor)
        assert not answer["ok"]
        return [(fault["n"], fault["code"]) for fault in answer["faults"]]

    client.put_item(TableName=name, Item={**rows[2], "actor": {"S": "anna"}})
    assert found() == [(3, "altered")]
    client.put_item(TableName=name, Item=rows[2])
    key = {"d": rows[4]["d"], "n": rows[4]["n"]}
    client.delete_item(TableName=name, Key=key)
    assert found()[0] == (5, "missing")
    client.put_item(TableName=name, Item=rows[4])
    last = rows[-1]
    client.delete_item(TableName=name, Key={"d": last["d"], "n": last["n"]})
    assert found() == [(len(rows), "missing")]


def test_an_end_that_was_written_down_finds_a_chain_that_was_made_anew(product, auditor, story):
    head = verdict(product, auditor)["head"]
    n = int(head.partition(":")[0])
    faults = verdict(product, auditor, f"?head={n}:{'0' * 64}")["faults"]
    assert [(fault["n"], fault["code"]) for fault in faults] == [(n, "replaced")]
    faults = verdict(product, auditor, f"?head={n + 1000}:{'0' * 64}")["faults"]
    assert [(fault["n"], fault["code"]) for fault in faults] == [(n + 1000, "missing")]
