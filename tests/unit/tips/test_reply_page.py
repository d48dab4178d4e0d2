"""What a personal link shows, without a login, and that showing it changes nothing."""

import copy
from dataclasses import replace

import pytest

from chalicelib.alerts.cap import Status
from chalicelib.alerts.content import Photo
from chalicelib.alerts.messages import UpdateType
from chalicelib.alerts.text import Text


def error(response):
    assert set(response.json_body) == {"error"}
    return response.status_code, response.json_body["error"]["code"]


def test_an_active_alert_shows_what_is_asked_in_both_languages(browser, story):
    response = browser.get(f"/tips/{story.link()}")
    assert response.status_code == 200
    shown = response.json_body
    [[ring]] = shown.pop("area")["coordinates"]
    assert (len(ring), ring[0]) == (65, ring[-1])  # a circle
    assert shown == {
        "state": "active",
        "status": "Actual",
        "kind": "alert",
        "category": "missing_child",
        "headline": {"nl": "Vermist: meisje van 6", "en": "Missing: girl of 6"},
        "description": {"nl": "Kwijt op de markt.", "en": "Lost at the market."},
        "instruction": {"nl": "Gezien? Bel 112.", "en": "Seen her? Call 112."},
        "details": {"nl": ["meisje, 6 jaar, rode jas"], "en": ["girl, aged 6, red coat"]},
        "incident_at": "2026-11-23T20:15:00.000Z",
        "call_number": "0800-0011",
        "expires": "2026-11-24T00:15:10.000Z",
    }


def test_who_is_looked_for_is_shown_until_the_alert_is_closed(browser, story):
    photo = Photo("a" * 64, "image/jpeg", Text("Noor met een rode jas"))
    story.put(replace(story.alert, content=replace(story.alert.content, photo=photo)))
    shown = browser.get(f"/tips/{story.link()}").json_body["photo"]
    assert shown["alt"] == {"nl": "Noor met een rode jas"}
    assert shown["url"].endswith(f"{story.alert.id}/{photo.sha256}")
    story.close()
    assert "photo" not in browser.get(f"/tips/{story.link()}").json_body


def test_what_is_asked_shows_the_newest_update(browser, story):
    for text in ("Zij heeft een fiets.", "De fiets is rood."):
        alert = story.alert
        story.put(alert.update(type=UpdateType.CORRECTION, text=Text(text), by="anna", at=alert.activated_at))
    assert browser.get(f"/tips/{story.link()}").json_body["update"] == {
        "type": "correction",
        "text": {"nl": "De fiets is rood."},
        "at": "2026-11-23T20:15:10.000Z",
    }


def test_an_exercise_is_called_one(browser, draft):
    content = replace(draft.alert.content, status=Status.EXERCISE)
    draft.put(replace(draft.alert, id="000000exer", content=content))
    draft.submit()
    draft.approve()
    draft.begin()
    assert browser.get(f"/tips/{draft.link()}").json_body["status"] == "Exercise"


def test_a_closed_alert_shows_its_outcome_and_no_descriptions(browser, story):
    story.close()
    assert browser.get(f"/tips/{story.link()}").json_body == {
        "state": "closed",
        "status": "Actual",
        "kind": "alert",
        "category": "missing_child",
        "headline": {"nl": "Vermist: meisje van 6", "en": "Missing: girl of 6"},
        "outcome": {
            "result": "missing_person_found",
            "contribution": "direct",
            "text": {"nl": "Zij is terecht.", "en": "She has been found."},
            "closed_at": "2026-11-23T20:15:10.000Z",
        },
    }


def test_a_stopped_alert_still_asks(browser, story):
    story.stop()
    assert browser.get(f"/tips/{story.link()}").json_body["state"] == "active"


def test_a_cancelled_alert_is_gone(browser, draft):
    draft.submit()
    draft.approve()
    draft.stop()
    assert error(browser.get(f"/tips/{draft.link()}")) == (410, "alert_cancelled")
    assert error(browser.post(f"/tips/{draft.link()}", {"kind": "not_seen"})) == (410, "alert_cancelled")


def test_before_the_first_message_no_link_is_valid(browser, draft):
    for step in (draft.submit, draft.approve, lambda: None):
        assert error(browser.get(f"/tips/{draft.link()}")) == (404, "link_not_valid")
        step()


def test_looking_changes_nothing(browser, story, store):
    def contents():
        return copy.deepcopy((story.alerts.rows, story.alerts.history, story.alerts.outbox, store))

    before = contents()
    for _ in range(3):
        browser.get(f"/tips/{story.link()}")
    assert contents() == before


@pytest.mark.parametrize("change", [lambda t: t[:-1] + ("0" if t[-1] != "0" else "1"), lambda t: "1" + t[1:]])
def test_a_changed_link_is_no_link(browser, story, change):
    assert error(browser.get(f"/tips/{change(story.link())}")) == (404, "link_not_valid")


@pytest.mark.parametrize("token", ["x", "%00", "%ED%A0%80", "..", "0" * 30, "0" * 120, "%2F", "é", "ILOU"])
def test_what_is_no_link_at_all_is_not_found(browser, story, token):
    assert error(browser.get(f"/tips/{token}")) == (404, "link_not_valid")
    assert error(browser.post(f"/tips/{token}", {"kind": "not_seen"})) == (404, "link_not_valid")


def test_a_link_of_another_purpose_is_no_link(browser, story):
    assert error(browser.get(f"/tips/{story.link(purpose='manage')}")) == (404, "link_not_valid")


def test_a_signed_reference_that_is_too_short_is_no_link(browser, story):
    assert error(browser.get(f"/tips/{story.signer.sign('tip', '0123')}")) == (404, "link_not_valid")


def test_a_link_to_an_alert_that_is_not_there_is_not_found(browser, story):
    assert browser.get(f"/tips/{story.link(alert='zzzzzzzzzz')}").status_code == 404
