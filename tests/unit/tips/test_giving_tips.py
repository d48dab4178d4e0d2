"""Which tips are taken, and which are not."""

from datetime import timedelta

import pytest

from chalicelib.alerts.text import Language
from chalicelib.platform.clock import rfc3339
from chalicelib.platform.errors import TooManyRequests
from chalicelib.tips.model import TipKind
from chalicelib.tips.service import TIPS_PER_LINK, Sighting, readable


def error(response):
    assert set(response.json_body) == {"error"}
    return response.status_code, response.json_body["error"]["code"]


SEEN = {
    "kind": "seen",
    "text": "Bij de toren, op de trap.",
    "place": {"lon": 5.4129, "lat": 52.7766},
    "contact_me": True,
    "language": "en",
}


def test_a_tip_is_kept_with_the_reference_of_its_link(browser, story, store, clock):
    seen_at = rfc3339(clock.now() - timedelta(minutes=3))
    response = browser.post(f"/tips/{story.link(7, unit=1, batch=2)}", SEEN | {"seen_at": seen_at})
    assert response.status_code == 201
    (tip,) = store.tips.values()
    assert response.json_body == {"id": tip.id, "at": rfc3339(clock.now())}
    assert (tip.alert, tip.reply) == ("0000000abc", "0000000abc" + "001" + "002" + "07")
    assert (tip.kind, tip.text, tip.place, tip.contact_me) == (SEEN["kind"], SEEN["text"], (5.4129, 52.7766), True)
    assert (tip.language, tip.status, tip.seen_at) == ("en", "new", clock.now() - timedelta(minutes=3))


@pytest.mark.parametrize(
    "body",
    [
        {"kind": "not_seen"},
        {"kind": "not_seen", "text": "\x00"},
        {"kind": "seen", "text": "ja"},
        {"kind": "seen", "place": {"lon": 5, "lat": 52}},
        {"kind": "info", "text": "x" * 2000},
        {"kind": "info", "text": "een\ntwee\tdrie 👩‍👧", "seen_at": None, "place": None},
    ],
)
def test_little_is_enough(browser, story, body):
    assert browser.post(f"/tips/{story.link()}", body).status_code == 201


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"kind": "seen"}, "text_missing"),
        ({"kind": "info", "text": ""}, "text_missing"),
        ({"kind": "info", "text": " \n\t\r "}, "text_missing"),
        ({"kind": "seen", "text": "\u202e\u200b\x07"}, "text_missing"),
        ({"kind": "seen", "place": {"lon": 52.7, "lat": 5.4}}, "outside_bounds"),
        ({"kind": "seen", "place": {"lon": 0, "lat": 0}}, "outside_bounds"),
        ({}, "invalid_fields"),
        ([], "invalid_fields"),
        (None, "invalid_fields"),
        ({"kind": "SEEN"}, "invalid_fields"),
        ({"kind": None}, "invalid_fields"),
        ({"kind": "seen", "text": "x" * 2001}, "invalid_fields"),
        ({"kind": "seen", "text": 5}, "invalid_fields"),
        ({"kind": "seen", "text": "a", "place": {"lon": 5}}, "invalid_fields"),
        ({"kind": "seen", "text": "a", "place": {"lon": "5", "lat": 52}}, "invalid_fields"),
        ({"kind": "seen", "text": "a", "place": {"lon": 1e308, "lat": 52}}, "invalid_fields"),
        ({"kind": "seen", "text": "a", "place": [5, 52]}, "invalid_fields"),
        ({"kind": "seen", "text": "a", "contact_me": "yes"}, "invalid_fields"),
        ({"kind": "seen", "text": "a", "language": "de"}, "invalid_fields"),
        ({"kind": "seen", "text": "a", "seen_at": 1795464900}, "invalid_fields"),
        ({"kind": "seen", "text": "a", "seen_at": "2026-11-23T20:00:00"}, "invalid_fields"),
        ({"kind": "seen", "text": "a", "seen_at": "9999-12-31T23:59:59-14:00"}, "invalid_fields"),
        ({"kind": "seen", "text": "a", "seen_at": "soon"}, "invalid_fields"),
        ({"kind": "seen", "text": "a", "phone": "+31612345678"}, "invalid_fields"),
        ({"kind": "seen", "text": "a", "status": "useful"}, "invalid_fields"),
    ],
)
def test_a_wrong_tip_is_refused_and_nothing_is_kept(browser, story, store, body, code):
    assert error(browser.post(f"/tips/{story.link()}", body)) == (422, code)
    assert store.tips == {}
    assert not store.links


@pytest.mark.parametrize(
    "raw",
    [b"", b"{", b"\xff", b'{"kind": "seen", "text": "\\ud800"}', b'{"kind": "seen", "place": {"lon": NaN, "lat": 5}}'],
)
def test_a_body_that_is_no_json_is_refused(browser, story, raw):
    status, _ = error(browser.post(f"/tips/{story.link()}", raw))
    assert status in (400, 422)


def test_a_sighting_is_not_of_the_future_nor_of_last_week(browser, story, clock):
    def answer(**since):
        moment = rfc3339(clock.now() + timedelta(**since))
        return browser.post(f"/tips/{story.link()}", {"kind": "seen", "text": "a", "seen_at": moment})

    assert answer(minutes=5).status_code == 201
    assert answer(days=-7).status_code == 201
    assert error(answer(minutes=5, seconds=1)) == (422, "seen_in_future")
    assert error(answer(days=-7, seconds=-1)) == (422, "seen_too_long_ago")


def test_a_closed_alert_takes_no_tips(browser, story, store):
    story.close()
    assert error(browser.post(f"/tips/{story.link()}", SEEN)) == (410, "alert_closed")
    assert store.tips == {}


def test_a_stopped_alert_takes_tips_until_it_is_closed(browser, story):
    story.stop()
    assert browser.post(f"/tips/{story.link()}", SEEN).status_code == 201


def test_one_link_gives_at_most_twenty_tips(browser, story, store):
    for _ in range(TIPS_PER_LINK):
        assert browser.post(f"/tips/{story.link()}", SEEN).status_code == 201
    assert error(browser.post(f"/tips/{story.link()}", SEEN)) == (429, "too_many_tips")
    assert browser.post(f"/tips/{story.link(1)}", SEEN).status_code == 201
    assert len(store.tips) == TIPS_PER_LINK + 1


def test_the_same_idempotency_key_gives_the_same_tip(browser, story, store):
    answers = [browser.post(f"/tips/{story.link()}", SEEN, **{"Idempotency-Key": "a" * 16}) for _ in range(3)]
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json_body["id"] for answer in answers}) == len(store.tips) == 1


def test_the_same_key_of_another_link_is_another_tip(browser, story, store):
    for index in (0, 1):
        browser.post(f"/tips/{story.link(index)}", SEEN, **{"Idempotency-Key": "a" * 16})
    assert len(store.tips) == 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (None, None),
        ("", None),
        ("  rode jas \x00\x1b[31m\u202egniht\u2066 ", "rode jas [31mgniht"),
        ("een\r\ntwee\tdrie\x7f\x85", "een\ntweedrie"),
        ("cafe\u0301", "café"),
        ("👩‍👧", "👩‍👧"),
        ("a\ud800b", "ab"),
    ],
)
def test_a_text_is_made_readable(text, expected):
    assert readable(text) == expected


def test_a_flood_from_one_network_is_held_back_and_other_networks_are_heard(service, story, store):
    sighting = Sighting(
        kind=TipKind.SEEN, text="Bij de brug.", place=None, seen_at=None, contact_me=False, language=Language.NL
    )
    for number in range(50):
        service.give(story.link(number), sighting, f"203.0.113.{number}")
    with pytest.raises(TooManyRequests) as refused:
        service.give(story.link(50), sighting, "203.0.113.99")
    assert (refused.value.code, len(store.tips)) == ("too_many_tips_at_once", 50)
    service.give(story.link(50), sighting, "203.0.114.1")
    service.clock.advance(minutes=10)
    service.give(story.link(51), sighting, "203.0.113.99")


def test_a_link_of_an_alert_that_ended_a_month_ago_has_ended_too(browser, story, clock):
    story.close()
    clock.advance(days=30)
    assert browser.get(f"/tips/{story.link()}").status_code == 200
    clock.advance(hours=5)  # it was to run for four hours
    assert error(browser.get(f"/tips/{story.link()}")) == (410, "link_expired")
