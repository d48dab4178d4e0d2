"""How the control room reads tips and works through them."""

from dataclasses import replace

import pytest

from chalicelib.alerts.withdrawal import without_tips
from chalicelib.tips.model import sort_key, tip_id

ALERT = "/alerts/0000000abc/tips"


def error(response):
    assert set(response.json_body) == {"error"}
    return response.status_code, response.json_body["error"]["code"]


@pytest.fixture
def tip(browser, story):
    body = {"kind": "seen", "text": "Bij de toren.", "place": {"lon": 5.4129, "lat": 52.7766}}
    return browser.post(f"/tips/{story.link(3)}", body).json_body["id"]


def listed(browser, query=""):
    return browser.get(f"{ALERT}{query}", "dispatcher").json_body


def test_a_dispatcher_sees_what_and_how_far_but_not_who(browser, tip):
    (shown,) = listed(browser)["tips"]
    assert shown == {
        "id": tip,
        "kind": "seen",
        "at": "2026-11-23T20:15:10.000Z",
        "text": "Bij de toren.",
        "place": {"lon": 5.4129, "lat": 52.7766},
        "distance_m": 391,
        "contact_me": False,
        "language": "nl",
        "photos": 0,
        "status": "new",
    }


def test_a_tip_without_a_place_has_no_distance(browser, story):
    browser.post(f"/tips/{story.link()}", {"kind": "not_seen"})
    assert "distance_m" not in listed(browser)["tips"][0]


@pytest.mark.parametrize(("role", "status"), [("approver", 200), ("analyst", 403), ("admin", 403), ("", 403)])
def test_only_the_control_room_reads_tips(browser, tip, role, status):
    assert browser.get(ALERT, role).status_code == status
    assert browser.patch(f"{ALERT}/{tip}", {"status": "read"}, role).status_code == status


def test_a_tip_is_triaged(browser, tip, clock):
    clock.advance(minutes=1)
    answer = browser.patch(f"{ALERT}/{tip}", {"status": "useful", "note": "Doorgegeven\x00 aan 12-03"}, "dispatcher")
    assert answer.status_code == 200
    assert answer.json_body == listed(browser)["tips"][0]
    expected = {
        "status": "useful",
        "note": "Doorgegeven aan 12-03",
        "triaged_by": "anna",
        "triaged_at": "2026-11-23T20:16:10.000Z",
    }
    assert expected.items() <= answer.json_body.items()


def test_a_note_stays_where_none_is_given(browser, tip):
    browser.patch(f"{ALERT}/{tip}", {"status": "read", "note": "Bellen"}, "dispatcher")
    answer = browser.patch(f"{ALERT}/{tip}", {"status": "not_useful"}, "dispatcher")
    assert (answer.json_body["status"], answer.json_body["note"]) == ("not_useful", "Bellen")


def test_nothing_is_noted_on_a_tip_whose_words_were_removed(browser, tip, story, store):
    story.close()
    story.put(without_tips(story.alert, story.clock.now()))
    answer = browser.patch(f"{ALERT}/{tip}", {"status": "read", "note": "Het was Jan"}, "dispatcher")
    assert error(answer) == (410, "tips_withdrawn")
    assert listed(browser)["tips"][0]["status"] == "new"


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        "read",
        {"status": "seen"},
        {"status": None},
        {"status": "read", "note": ""},
        {"status": "read", "note": "x" * 501},
        {"status": "read", "text": "mine"},
    ],
)
def test_a_wrong_triage_is_refused(browser, tip, body):
    assert error(browser.patch(f"{ALERT}/{tip}", body, "dispatcher")) == (422, "invalid_fields")
    assert listed(browser)["tips"][0]["status"] == "new"


@pytest.mark.parametrize("other", ["0" * 16, "x", "z" * 16, "%00", "é", "0" * 120])
def test_an_unknown_tip_is_not_found(browser, tip, other):
    assert error(browser.patch(f"{ALERT}/{other}", {"status": "read"}, "dispatcher")) == (404, "tip_not_found")


@pytest.mark.parametrize("other", ["zzzzzzzzzz", "x", "%00", "0" * 120])
def test_tips_of_an_unknown_alert_are_not_found(browser, tip, other):
    path = f"/alerts/{other}/tips"
    assert error(browser.get(path, "dispatcher")) == (404, "alert_not_found")
    assert error(browser.patch(f"{path}/{tip}", {"status": "read"}, "dispatcher")) == (404, "alert_not_found")


def test_an_organisation_without_areas_reads_no_tips(browser, tip, organisations):
    """As an administrator leaves it whose accounts may be in other hands."""
    room = organisations.find("MK90")
    organisations.put(replace(room, areas=()))
    for answer in (
        browser.get(ALERT, "dispatcher"),
        browser.patch(f"{ALERT}/{tip}", {"status": "read"}, "dispatcher"),
        browser.get(f"{ALERT}/{tip}/photos", "dispatcher"),
    ):
        assert error(answer) == (403, "no_areas")
    organisations.put(room)
    assert [it["status"] for it in listed(browser)["tips"]] == ["new"]


@pytest.mark.parametrize("query", ["?limit=0", "?limit=501", "?limit=x", "?after=", "?after=x", "?newest=2", "?page=1"])
def test_a_wrong_query_is_refused(browser, story, query):
    assert error(browser.get(f"{ALERT}{query}", "dispatcher")) == (422, "invalid_fields")


def test_who_follows_the_cursor_sees_every_tip(browser, story, clock):
    given = []
    for index in range(7):
        clock.advance(seconds=20)
        given.append(browser.post(f"/tips/{story.link(index)}", {"kind": "not_seen"}).json_body["id"])
    clock.advance(seconds=30)
    read, query = [], "?limit=3"
    while page := listed(browser, query)["tips"]:
        read += [tip["id"] for tip in page]
        query = f"?limit=3&after={page[-1]['id']}"
    assert read == given


def test_who_asks_for_the_newest_gets_the_last_and_where_to_go_on(browser, story, clock):
    given = []
    for index in range(5):
        clock.advance(seconds=20)
        given.append(browser.post(f"/tips/{story.link(index)}", {"kind": "not_seen"}).json_body["id"])
    page = listed(browser, "?limit=3&newest=true")
    assert ([tip["id"] for tip in page["tips"]], page["cursor"]) == (given[2:], given[2])


def test_the_cursor_waits_for_tips_that_may_still_be_under_way(browser, story, clock, store):
    old = browser.post(f"/tips/{story.link(0)}", {"kind": "not_seen"}).json_body["id"]
    clock.advance(seconds=29)
    new = browser.post(f"/tips/{story.link(1)}", {"kind": "not_seen"}).json_body["id"]
    assert "cursor" not in listed(browser)
    clock.advance(seconds=1)
    page = listed(browser)
    assert ([tip["id"] for tip in page["tips"]], page["cursor"]) == ([old, new], old)
    assert [tip["id"] for tip in listed(browser, f"?after={old}")["tips"]] == [new]
    assert listed(browser, f"?after={old}")["cursor"] == old


def test_polling_slows_down_when_the_alert_is_closed(browser, story):
    assert listed(browser)["next_poll_ms"] == 2_000
    story.close()
    assert listed(browser)["next_poll_ms"] == 10_000


def test_an_id_holds_its_time(clock):
    tip = tip_id(clock.now(), "0123456")
    assert sort_key(tip) == f"2026-11-23T20:15:00.000Z#{tip}"
    assert tip < tip_id(clock.now().replace(microsecond=1000), "0000000")
