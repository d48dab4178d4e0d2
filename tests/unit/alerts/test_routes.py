"""Alerts over HTTP: what is taken, what is refused, and who may."""

import json
from datetime import timedelta

import pytest
from chalice.app import AuthResponse, Chalice
from chalice.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.alerts.budget import BudgetWarning, Strain
from chalicelib.alerts.routes import AlertRoutes
from chalicelib.platform import http, openapi
from chalicelib.platform.clock import rfc3339
from chalicelib.platform.idempotency import MemoryIdempotency

SPEC = {"geometry": {"type": "Polygon", "coordinates": [[[5.19, 52.49], [5.21, 52.49], [5.21, 52.51], [5.19, 52.49]]]}}
APPROVAL = {"version": 2, "reach": "honderden"}
ANNA, BRAM, CARLA = "anna dispatcher", "bram approver", "carla dispatcher"


class HalfWay:
    def progress(self, alert_id, messages):
        return {"alert": alert_id, "asked": 750, "messages": list(messages)}


class OnX:
    def posts(self, alert):
        posts = [{"name": "call", "state": "posted", "url": "https://x.com/i/web/status/1"}]
        return {"x": {"text": alert.content.headline.nl, "posts": posts}} if alert.content.is_public else None


@pytest.fixture
def routes(service, approvals, budget_watch):
    return AlertRoutes(lambda: service, HalfWay, lambda: approvals, OnX, lambda: budget_watch)


@pytest.fixture
def http_client(routes):
    app = Chalice("alerts", configure_logs=False)

    @app.authorizer()
    def guard(request):
        user, _, roles = request.token.partition(" ")
        return AuthResponse(routes=["*"], principal_id=user, context={"user": user, "roles": roles, "tenant": "MK90"})

    idempotency = MemoryIdempotency()
    http.mount(app, routes.endpoints(), authorizer=guard, idempotency=lambda: idempotency)
    with Client(app) as client:
        yield client.http


@pytest.fixture
def call(http_client):
    def call(method, path, body=None, by=ANNA):
        headers = {"Authorization": by, "Content-Type": "application/json"}
        raw = body if isinstance(body, bytes) else json.dumps(body).encode() if body is not None else b""
        return http_client.request(method, path, headers=headers, body=raw)

    return call


@pytest.fixture
def body():
    def body(**changes):
        given = {
            "kind": "alert",
            "category": "robbery",
            "status": "Actual",
            "headline": {"nl": "Beroving Kerkstraat"},
            "description": {"nl": "Een man is beroofd."},
            "instruction": {"nl": "Ziet u hem? Bel 112."},
            "persons": [{"sex": "male", "age_from": 20, "clothing": {"nl": "zwarte jas"}}],
            "vehicles": [{"kind": "scooter", "colour": "red", "plate": "d-123-bc"}],
            "incident_point": {"lon": 5.2, "lat": 52.5},
            "area": SPEC,
        }
        merged = given | changes
        return {name: value for name, value in merged.items() if value is not ...}

    return body


@pytest.fixture
def draft(call, body):
    """The JSON of a new draft by anna."""
    return call("POST", "/alerts", body()).json_body


@pytest.fixture
def act(call, draft):
    """Does something to the draft."""

    def act(what, content=None, by=ANNA):
        return call("POST", f"/alerts/{draft['id']}/{what}", content, by)

    return act


@pytest.fixture
def begun(act, service, draft, clock):
    act("submit")
    act("approve", APPROVAL, BRAM)
    clock.advance(seconds=10)
    service.begin(draft["id"])


def error(response):
    assert set(response.json_body) == {"error"}
    return response.status_code, response.json_body["error"]["code"]


def fields(response):
    return [(item["field"], item["code"]) for item in response.json_body["error"]["fields"]]


def test_a_draft_shows_what_was_written_and_what_follows_from_it(call, body, clock):
    response = call("POST", "/alerts", body())
    alert = response.json_body
    assert (response.status_code, alert["state"], alert["version"]) == (201, "draft", 1)
    assert alert["headline"] == {"nl": "Beroving Kerkstraat"}
    assert alert["persons"] == [{"sex": "male", "age_from": 20, "clothing": {"nl": "zwarte jas"}}]
    assert alert["vehicles"] == [{"kind": "scooter", "colour": "red", "plate": "D-123-BC"}]
    assert (alert["urgency"], alert["severity"], alert["certainty"]) == ("Immediate", "Severe", "Observed")
    assert (alert["msg_type"], alert["scope"]) == ("Alert", "Restricted")
    assert alert["channels"] == ["sms", "voice", "email", "push"]
    assert (alert["incident_point"], alert["area"]) == ({"lon": 5.2, "lat": 52.5}, SPEC)
    assert (alert["shape"]["type"], alert["municipalities"]) == ("MultiPolygon", ["GM9001"])
    assert (alert["authors"], alert["tenant"], alert["call_number"]) == (["anna"], "MK90", "0800-0011")
    assert alert["expires"] == rfc3339(clock.now() + timedelta(hours=4))
    assert "progress" not in alert
    assert call("GET", f"/alerts/{alert['id']}").json_body == alert


def test_a_preview_shows_each_language(draft):
    dutch, english = draft["preview"]["nl"], draft["preview"]["en"]
    assert dutch["sms"].startswith("BURGERNET: Beroving Kerkstraat. Signalement: man, 20 jaar of ouder, zwarte jas;")
    assert dutch["parts"] == {"encoding": "GSM-7", "units": len(dutch["sms"]), "parts": 2}
    assert dutch["email_subject"] == "BURGERNET: Beroving Kerkstraat"
    assert "man, 20 jaar of ouder, zwarte jas" in dutch["email_text"]
    assert english["sms"].startswith("BURGERNET (text in Dutch): ")
    assert dutch["push"]["title"] == dutch["email_subject"]
    assert "man, 20 jaar of ouder, zwarte jas" in dutch["push"]["body"]


def test_the_whole_story(act, call, draft, service, clock):
    assert act("submit").json_body["state"] == "submitted"
    scheduled = act("approve", APPROVAL, BRAM).json_body
    assert (scheduled["state"], scheduled["due"]) == ("scheduled", rfc3339(clock.now() + timedelta(seconds=10)))
    clock.advance(seconds=10)
    service.begin(draft["id"])
    active = call("GET", f"/alerts/{draft['id']}").json_body
    assert (active["state"], active["progress"]) == (
        "active",
        {"alert": draft["id"], "asked": 750, "messages": ["call", "outcome"]},
    )
    assert act("stop", by=BRAM).json_body["stopped_by"] == "bram"
    outcome = {"result": "suspect_arrested", "contribution": "direct", "text": {"nl": "Gepakt."}}
    closed = act("close", outcome)
    assert (closed.status_code, closed.json_body["state"], closed.json_body["result"]) == (
        200,
        "closed",
        "suspect_arrested",
    )
    assert act("close", outcome).json_body == closed.json_body
    assert error(act("close", outcome | {"contribution": "none"})) == (409, "already_closed")


def test_approval_needs_another_person_and_the_version_that_was_read(act):
    act("submit")
    assert error(act("approve", APPROVAL, ANNA)) == (403, "self_approval")
    assert error(act("approve", APPROVAL | {"version": 1}, BRAM)) == (409, "version_changed")
    assert act("approve", APPROVAL, CARLA).json_body["approved_by"] == "carla"


def test_a_countdown_is_undone_with_a_reason(act):
    act("submit")
    act("approve", APPROVAL, BRAM)
    assert error(act("return", {})) == (422, "invalid_fields")
    returned = act("return", {"reason": "Verkeerd gebied"}).json_body
    assert (returned["state"], returned["returned_reason"]) == ("draft", "Verkeerd gebied")
    assert "due" not in returned


def test_a_draft_changes_only_where_it_is_told_to(call, draft):
    path = f"/alerts/{draft['id']}"
    changed = call("PATCH", path, {"version": 1, "headline": {"nl": "Overval Kerkstraat"}, "persons": []}).json_body
    assert (changed["version"], changed["headline"], changed["persons"]) == (2, {"nl": "Overval Kerkstraat"}, [])
    assert changed["vehicles"] == draft["vehicles"]
    cleared = call("PATCH", path, {"version": 2, "incident_point": None, "channels": ["email"]}).json_body
    assert "incident_point" not in cleared
    assert "sms" not in cleared["preview"]["nl"]
    area = {"geometry": SPEC["geometry"] | {"bbox": [5, 52, 6, 53]}}
    assert call("PATCH", path, {"version": 3, "area": area}).json_body["area"] == area


def test_a_change_needs_the_newest_version_of_a_draft(call, draft, act):
    path = f"/alerts/{draft['id']}"
    call("PATCH", path, {"version": 1, "persons": []})
    assert error(call("PATCH", path, {"version": 1, "vehicles": []})) == (409, "version_changed")
    act("submit")
    edited = call("PATCH", path, {"version": 3, "vehicles": []}).json_body
    assert (edited["state"], "submitted_digest" in edited) == ("draft", False)
    act("stop")
    assert error(call("PATCH", path, {"version": 5, "persons": []})) == (409, "wrong_state")


def test_an_approver_types_the_reach_of_a_live_alert(act, draft, clock):
    submitted = act("submit").json_body
    assert submitted["approval_until"] == rfc3339(clock.now() + timedelta(minutes=15))
    assert len(submitted["submitted_digest"]) == 64
    for typed, code in [(None, "reach_missing"), ("duizenden", "reach_wrong")]:
        refused = act("approve", {"version": 2} | ({"reach": typed} if typed else {}), BRAM)
        assert error(refused) == (422, code)
        assert "honderden" not in refused.body.decode()
    assert act("approve", APPROVAL, BRAM).json_body["approved_reach"] == "hundreds"


def test_the_broken_glass_is_seen_wherever_the_alert_is(act, call, body):
    one = f"/alerts/{call('POST', '/alerts', body(category='missing_child')).json_body['id']}"
    call("POST", f"{one}/submit")
    alone = APPROVAL | {"reason": "Zij staat op het ijs."}
    broken = call("POST", f"{one}/break-glass", alone).json_body
    assert (broken["break_glass"], broken["approved_by"]) == ("Zij staat op het ijs.", "anna")
    assert "without a second person" in broken["note"]
    events = call("GET", f"{one}/events").json_body
    assert (events["break_glass"], events["events"][-1]["type"]) == (True, "glass_broken")
    listed = {alert["id"]: alert["break_glass"] for alert in call("GET", "/alerts").json_body["alerts"]}
    assert listed[one.split("/")[-1]]


def test_the_status_is_for_good_and_has_its_colour_everywhere(call, body):
    alert = call("POST", "/alerts", body(status="Exercise")).json_body
    one = f"/alerts/{alert['id']}"
    refused = call("PATCH", one, {"version": 1, "status": "Actual"})
    assert (error(refused), fields(refused)) == ((422, "invalid_fields"), [("status", "extra_forbidden")])
    seen = [
        call("GET", one).json_body,
        call("GET", f"{one}/events").json_body,
        call("GET", "/alerts").json_body["alerts"][0],
    ]
    assert [(it["status"], it["colour"]) for it in seen] == [("Exercise", "blue")] * 3


def test_what_threatens_no_life_waits_for_a_second_person(act):
    act("submit")
    assert error(act("break-glass", APPROVAL | {"reason": "Haast."})) == (409, "not_life_threatening")


@pytest.mark.parametrize("name", ["headline", "area", "persons", "channels", "kind", "call_number"])
def test_what_an_alert_must_have_cannot_be_taken_away(call, draft, name):
    refused = call("PATCH", f"/alerts/{draft['id']}", {"version": 1, name: None})
    assert error(refused) == (422, "invalid_fields")
    assert fields(refused) == [("", "null_not_allowed")]


def test_a_status_is_for_ever(call, draft):
    refused = call("PATCH", f"/alerts/{draft['id']}", {"version": 1, "status": "Exercise"})
    assert fields(refused) == [("status", "extra_forbidden")]


def test_an_inquiry_goes_by_email(call, body):
    inquiry = body(kind="inquiry", category="residential_burglary")
    assert call("POST", "/alerts", inquiry).json_body["channels"] == ["email"]
    refused = call("POST", "/alerts", inquiry | {"channels": ["sms", "email"]})
    assert error(refused) == (422, "sms_only_for_alerts")
    assert fields(refused) == [("channels", "sms_only_for_alerts")]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"status": "Draft"}, "status"),
        ({"status": ...}, "status"),
        ({"msg_type": "Ack"}, "msg_type"),
        ({"msg_type": "Cancel"}, "msg_type"),
        ({"scope": "Private"}, "scope"),
        ({"urgency": "immediate"}, "urgency"),
        ({"severity": "Dire"}, "severity"),
        ({"certainty": 1}, "certainty"),
        ({"category": "theft"}, "category"),
        ({"kind": None}, "kind"),
        ({"headline": "Beroving"}, "headline"),
        ({"headline": {"en": "Robbery"}}, "headline.nl"),
        ({"headline": {"nl": "   "}}, "headline.nl"),
        ({"headline": {"nl": "x" * 121}}, "headline.nl"),
        ({"headline": {"nl": "a\nb"}}, "headline.nl"),
        ({"headline": {"nl": "a\u202eb"}}, "headline.nl"),
        ({"headline": {"nl": "a\u0000b"}}, "headline.nl"),
        ({"description": {"nl": "x" * 2001}}, "description.nl"),
        ({"instruction": {"nl": 5}}, "instruction.nl"),
        ({"instruction": {"nl": "Bel 112", "en": "Call 112"}}, "headline.en"),
        ({"persons": [{}]}, "persons.0"),
        ({"persons": [{"age_from": -1}]}, "persons.0.age_from"),
        ({"persons": [{"age_from": 20.5}]}, "persons.0.age_from"),
        ({"persons": [{"name": "Jan"}]}, "persons.0.name"),
        ({"persons": [{"sex": "male"}] * 6}, "persons"),
        ({"vehicles": [{"plate": "D<123>"}]}, "vehicles.0.plate"),
        ({"incident_point": {"lon": 5.2, "lat": 91}}, "incident_point.lat"),
        ({"incident_point": [5.2, 52.5]}, "incident_point"),
        ({"incident_at": "2026-11-23T20:00:00"}, "incident_at"),
        ({"incident_at": 1_700_000_000}, "incident_at"),
        ({"incident_at": "0001-01-01T00:00:00+01:00"}, "incident_at"),
        ({"incident_at": "9999-12-31T23:59:59-01:00"}, "incident_at"),
        ({"expires": "2026-11-23T20:15:00Z"}, "expires"),
        ({"expires": "2026-11-25T20:15:00Z"}, "expires"),
        ({"call_number": "bel ons"}, "call_number"),
        ({"channels": []}, "channels"),
        ({"channels": ["fax"]}, "channels.0"),
        ({"area": ...}, "area"),
        ({"area": []}, "area"),
        ({"area": {"somewhere": 1}}, "area"),
        ({"reviewed": True}, "reviewed"),
    ],
)
def test_a_wrong_field_is_named(call, body, store, change, field):
    refused = call("POST", "/alerts", body(**change))
    assert refused.status_code == 422
    assert field in [name for name, _ in fields(refused)]
    assert store.rows == {}


@pytest.mark.parametrize(
    ("number", "status"), [("NaN", 201), ("-Infinity", 201), ("1e999", 201), ("9" * 4_200, 201), ("9" * 5_000, 400)]
)
def test_numbers_beyond_reason_break_nothing(call, body, number, status):
    """They stand where an area is not read: whoever reads it refuses them by name."""
    raw = json.dumps(body(area={"geometry": {"bbox": ["number"]}})).replace('"number"', number)
    response = call("POST", "/alerts", raw.encode())
    assert response.status_code == status
    if status == 201:
        assert call("GET", f"/alerts/{response.json_body['id']}").status_code == 200


@pytest.mark.parametrize(
    "raw",
    [b"", b"[]", b"null", b'"x"', b"{", b'{"kind": "\xff"}', b'{"headline": {"nl": "\\ud800"}}', b"[" * 50_000],
)
def test_a_body_that_is_no_alert_is_refused(call, raw):
    assert call("POST", "/alerts", raw).status_code in (400, 422)


@pytest.mark.parametrize("alert_id", ["0000000000", "0", "0" * 11, "ABCDEFGHIJ", "..%2F", "%00", "é" * 10, "a" * 120])
def test_an_unknown_alert_is_not_found(call, alert_id):
    paths = [("GET", ""), ("GET", "/events"), ("POST", "/submit"), ("POST", "/stop")]
    for method, rest in paths:
        assert error(call(method, f"/alerts/{alert_id}{rest}")) == (404, "alert_not_found")
    assert error(call("PATCH", f"/alerts/{alert_id}", {"version": 1})) == (404, "alert_not_found")
    assert error(call("POST", f"/alerts/{alert_id}/approve", {"version": 1}, BRAM)) == (404, "alert_not_found")


@pytest.mark.parametrize(
    "outcome", [{}, {"result": "none"}, {"contribution": "none"}, {"result": "won", "contribution": "none"}]
)
def test_closing_needs_result_and_contribution(act, begun, outcome):
    assert error(act("close", outcome)) == (422, "invalid_fields")


def test_a_draft_cannot_be_closed(act):
    assert error(act("close", {"result": "none", "contribution": "none"})) == (409, "wrong_state")


NEWS = {"type": "correction", "text": {"nl": "Hij draagt een groene jas.", "en": "He wears a green coat."}}


def test_an_update_is_kept_as_cap_wants_it_and_is_in_the_history(call, act, begun, draft):
    response = act("updates", NEWS, BRAM)
    alert = response.json_body
    assert response.status_code == 201
    (update,) = alert["updates"]
    assert update == {
        "message": "update-1",
        "msg_type": "Update",
        "references": f"MK90,{draft['id']},{alert['activated_at']}",
        **NEWS,
        "at": "2026-11-23T20:15:10.000Z",
        "by": "bram",
    }
    assert alert["progress"]["messages"] == ["call", "update-1", "outcome"]
    assert call("GET", f"/alerts/{draft['id']}").json_body["updates"] == [update]
    event = call("GET", f"/alerts/{draft['id']}/events").json_body["events"][-1]
    assert (event["type"], event["facts"]) == ("updated", {"message": "update-1", "type": "correction"})


def test_a_double_click_on_update_gives_the_same_answer(act, begun):
    assert act("updates", NEWS).json_body == act("updates", NEWS).json_body


@pytest.mark.parametrize(
    "news",
    [
        {"type": "cancel", "text": {"nl": "Klaar."}},
        {"type": "update"},
        {"type": "update", "text": {"en": "News"}},
        {"type": "update", "text": {"nl": ""}},
        {"type": "update", "text": {"nl": "x" * 301}},
    ],
)
def test_an_update_that_is_none_is_refused(act, begun, news):
    assert error(act("updates", news)) == (422, "invalid_fields")


def test_an_update_that_makes_the_sms_too_long_is_refused(act, begun):
    smileys = {"type": "update", "text": {"nl": "😀" * 300}}
    refused = act("updates", smileys)
    assert (error(refused), fields(refused)) == ((422, "sms_too_long"), [("text", "sms_too_long")])


def test_only_an_alert_that_runs_can_be_updated(act, begun):
    act("close", {"result": "none", "contribution": "none"})
    assert error(act("updates", NEWS)) == (409, "wrong_state")


def test_stop_cancels_a_draft(act):
    assert act("stop").json_body["state"] == "cancelled"
    assert act("stop").json_body["state"] == "cancelled"


WAVES = {"radii_m": [300, 900], "minutes": 5}


@pytest.fixture
def in_waves(call, body, service, clock):
    """Does something to an active alert in three waves."""
    point = {"lon": 5.205, "lat": 52.495}
    draft = call("POST", "/alerts", body(waves=WAVES, incident_point=point)).json_body
    assert draft["waves"] == WAVES
    call("POST", f"/alerts/{draft['id']}/submit")
    call("POST", f"/alerts/{draft['id']}/approve", APPROVAL, BRAM)
    clock.advance(seconds=10)
    service.begin(draft["id"])
    return lambda **order: call("POST", f"/alerts/{draft['id']}/waves", order)


def test_waves_are_held_and_go_on_when_a_dispatcher_says_so(in_waves, clock):
    assert in_waves(action="hold").json_body["wave_state"] == {"begun": 1, "held": "dispatcher"}
    state = {"begun": 2, "next_at": rfc3339(clock.now() + timedelta(minutes=5))}
    assert in_waves(action="next", wave=2).json_body["wave_state"] == state
    assert in_waves(action="next", wave=2).json_body["wave_state"] == state
    assert in_waves(action="next").json_body["wave_state"] == {"begun": 3}
    assert error(in_waves(action="next")) == (409, "no_wave_left")


def test_an_order_about_waves_that_makes_no_sense_is_refused(in_waves, act, begun):
    assert in_waves(action="more").status_code == 422
    assert in_waves(action="next", wave=1).status_code == 422
    assert error(in_waves(action="next", wave=3)) == (409, "wave_not_next")
    assert error(act("waves", {"action": "next"})) == (409, "no_waves")


def test_waves_can_be_taken_away_from_a_draft(call, body):
    draft = call("POST", "/alerts", body(waves=WAVES, incident_point={"lon": 5.205, "lat": 52.495})).json_body
    assert "waves" not in call("PATCH", f"/alerts/{draft['id']}", {"version": 1, "waves": None}).json_body


def test_events_are_followed_from_a_cursor(call, act, draft, begun):
    path = f"/alerts/{draft['id']}/events"
    news = call("GET", f"{path}?limit=3").json_body
    assert [event["type"] for event in news["events"]] == ["created", "submitted", "approved"]
    assert (news["state"], news["version"], news["next_poll_ms"]) == ("active", 4, 2_000)
    assert news["progress"]["asked"] == 750
    news = call("GET", f"{path}?after={news['cursor']}").json_body
    assert [(event["type"], event["by"]) for event in news["events"]] == [("activated", "system")]
    quiet = call("GET", f"{path}?after={news['cursor']}").json_body
    assert (quiet["events"], quiet["cursor"]) == ([], news["cursor"])
    act("close", {"result": "none", "contribution": "none"})
    assert call("GET", f"{path}?after={news['cursor']}").json_body["next_poll_ms"] == 10_000


def test_alerts_are_listed_newest_first(call, body, clock):
    names = []
    for _ in range(3):
        names.insert(0, call("POST", "/alerts", body()).json_body["id"])
        clock.advance(seconds=1)
    call("POST", f"/alerts/{names[1]}/stop")
    first = call("GET", "/alerts?limit=2").json_body
    assert [alert["id"] for alert in first["alerts"]] == names[:2]
    rest = call("GET", f"/alerts?limit=2&cursor={first['cursor']}").json_body
    assert ([alert["id"] for alert in rest["alerts"]], "cursor" in rest) == (names[2:], False)
    cancelled = call("GET", "/alerts?state=cancelled").json_body
    assert [(alert["id"], alert["headline"]) for alert in cancelled["alerts"]] == [(names[1], "Beroving Kerkstraat")]


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=101", "limit=x", "state=open", "cursor=x", "cursor=2026", "offset=1", "cursor=%00"]
)
def test_a_wrong_question_for_a_list_is_refused(call, query):
    assert call("GET", f"/alerts?{query}").status_code == 422


@pytest.mark.parametrize("query", ["after=x", "after=%23", "limit=0", "after=2026-11-23T20:15:00.000Z_short"])
def test_a_wrong_question_for_events_is_refused(call, draft, query):
    assert call("GET", f"/alerts/{draft['id']}/events?{query}").status_code == 422


WRITES = ["submit", "approve", "break-glass", "return", "stop", "updates", "waves", "close", "outcome"]


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        ("dispatcher", {"create", "edit", "list", "get", "events", *WRITES}),
        ("approver", {"list", "get", "events", "approve", "break-glass", "return", "stop", "updates"}),
        ("analyst", set()),
        ("admin", set()),
        ("nobody", set()),
    ],
)
def test_each_role_may_do_its_part(call, body, draft, role, allowed):
    by, one = f"eva {role}", f"/alerts/{draft['id']}"
    bodies = {
        "approve": {"version": 1},
        "return": {"reason": "nog eens"},
        "updates": NEWS,
        "waves": {"action": "next"},
        "close": {"result": "none", "contribution": "none"},
    }
    answers = {
        "create": call("POST", "/alerts", body(), by),
        "edit": call("PATCH", one, {"version": 1}, by),
        "list": call("GET", "/alerts", by=by),
        "get": call("GET", one, by=by),
        "events": call("GET", f"{one}/events", by=by),
    } | {write: call("POST", f"{one}/{write}", bodies.get(write), by) for write in WRITES}
    missing = {
        name for name, answer in answers.items() if answer.json_body.get("error", {}).get("code") == "role_missing"
    }
    assert answers.keys() - missing == allowed


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=8,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200, deadline=None)
@given(data=st.data())
def test_no_body_makes_it_fail(call, body, data):
    given = body(expires="2026-11-23T21:00:00Z", incident_at="2026-11-23T20:00:00Z", urgency="Immediate")
    names = data.draw(st.lists(st.sampled_from([*sorted(given), "surprise"]), min_size=1, max_size=3))
    changed = given | {name: data.draw(JSON) for name in names}
    assert call("POST", "/alerts", changed).status_code in (201, 400, 422)


def test_the_routes_describe_themselves(routes):
    document = openapi.document(routes.endpoints())
    assert set(document["paths"]) == {
        "/alerts",
        "/alerts/{alert}",
        "/alerts/{alert}/events",
        *(f"/alerts/{{alert}}/{write}" for write in WRITES),
    }
    schemas = document["components"]["schemas"]
    assert schemas["AlertReply"]["properties"]["due"]["anyOf"][0]["format"] == "date-time"
    assert set(document["paths"]["/alerts/{alert}/approve"]["post"]["responses"]) >= {"200", "403", "404", "409", "422"}


def test_an_override_is_shown_approved_and_kept_with_its_reason_and_can_be_taken_away(call, body, clock):
    why = {"reason": "kind van 6, het vriest"}
    alert = call("POST", "/alerts", body(category="missing_child", override=why)).json_body
    one = f"/alerts/{alert['id']}"
    assert alert["override"] == why
    assert "override" not in call("PATCH", one, {"version": 1, "override": None}).json_body
    assert call("PATCH", one, {"version": 2, "override": why}).json_body["override"] == why
    call("POST", f"{one}/submit", {})
    assert call("POST", f"{one}/approve", APPROVAL | {"version": 4}, BRAM).json_body["override"] == why
    events = call("GET", f"{one}/events").json_body["events"]
    facts = {event["type"]: event["facts"].get("override") for event in events}
    assert facts == {"created": None, "edited": None, "submitted": why["reason"], "approved": why["reason"]}


@pytest.mark.parametrize("override", [{}, {"reason": ""}, {"reason": "x" * 301}, True, "levensgevaar"])
def test_an_override_needs_its_reason(call, body, override):
    status, _ = error(call("POST", "/alerts", body(category="missing_child", override=override)))
    assert status == 422


def test_a_robbery_does_not_override(call, body):
    response = call("POST", "/alerts", body(override={"reason": "spoed"}))
    assert fields(response) == [("override", "override_not_life_threatening")]


def test_what_everybody_will_read_stands_in_a_public_alert_and_in_no_other(call, body):
    assert "posts" not in call("POST", "/alerts", body()).json_body
    public = call("POST", "/alerts", body(scope="Public")).json_body
    assert public["posts"]["x"]["text"] == public["headline"]["nl"]
    assert public["posts"]["x"]["posts"][0]["url"] == "https://x.com/i/web/status/1"


def test_whoever_submits_and_whoever_lets_out_is_told_what_it_does_to_budgets(act, purse):
    purse.found = [BudgetWarning("GM9001", "Sluisveen", Strain.NEAR, 100_000, 79_000, 5_400)]
    told = {
        "code": "GM9001",
        "name": "Sluisveen",
        "strain": "near",
        "budget_cents": 100_000,
        "spent_cents": 79_000,
        "alert_cents": 5_400,
        "currency": "EUR",
    }
    assert act("submit").json_body["budget"] == [told]
    assert act("approve", APPROVAL, BRAM).json_body["budget"] == [told]


def test_budgets_that_cannot_be_read_are_left_out_of_the_answer_and_the_alert_goes_on(act, purse, draft, call):
    purse.broken = True
    submitted = act("submit")
    assert (submitted.status_code, "budget" in submitted.json_body) == (200, False)
    assert act("approve", APPROVAL, BRAM).json_body["state"] == "scheduled"
    assert "budget" not in call("GET", f"/alerts/{draft['id']}").json_body
