"""Over HTTP, as a browser would: the story, and everything that can be wrong with a request."""

import json
from dataclasses import replace

import pytest
from chalice.app import AuthResponse, Chalice
from chalice.test import Client

from chalicelib.participants.model import ContactKind
from chalicelib.participants.place_finder import PlaceFinder
from chalicelib.participants.routes import ParticipantRoutes
from chalicelib.platform import http, openapi
from chalicelib.platform.errors import Unavailable
from chalicelib.platform.idempotency import MemoryIdempotency

SIGN_UP = {
    "phone": "06 12345678",
    "email": "Jan@Example.org",
    "places": [
        {"kind": "home", "point": {"lon": 5.05, "lat": 52.05}},
        {"kind": "work", "address": "Dorpsstraat 1, Lindestad"},
    ],
    "channels": ["sms", "email"],
    "language": "nl",
    "birth_year": 1990,
    "consent": {"version": "2026-01"},
    "source": "municipality",
}


class Browser:
    def __init__(self, house):
        self.house = house
        self.services = house.sign_up_service, house.participant_service
        routes = ParticipantRoutes(lambda: self.services[0], lambda: self.services[1], lambda: "BKey")
        app = Chalice("test", configure_logs=False)
        idempotency = MemoryIdempotency()

        @app.authorizer()
        def staff(request):
            return AuthResponse(routes=[], principal_id="nobody")

        http.mount(app, routes.endpoints(), authorizer=staff, idempotency=lambda: idempotency)
        self.client = Client(app)

    def ask(self, method, path, body=None, token=None, **headers):
        headers = {"Content-Type": "application/json", **{name.replace("_", "-"): it for name, it in headers.items()}}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        raw = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        answer = self.client.http.request(method, path, headers=headers, body=raw)
        return answer.status_code, json.loads(answer.body) if answer.body else None

    def signed_up(self, **changes):
        status, answer = self.ask("POST", "/sign-ups", {**SIGN_UP, **changes})
        assert status == 202
        return answer["id"]

    def proved(self, sign_up, contact="phone"):
        code = self.house.codes.code(self.house.sign_ups.get(sign_up), ContactKind(contact))
        return self.ask("POST", f"/sign-ups/{sign_up}/verification", {"contact": contact, "code": code})

    def token(self):
        return self.proved(self.signed_up())[1]["manage_token"]


@pytest.fixture
def browser(house):
    return Browser(house)


def refused(answer):
    status, body = answer
    assert 400 <= status < 500
    assert set(body) == {"error"}
    assert set(body["error"]) == {"code", "message", "fields", "request_id"}
    return status, body["error"]["code"], [field["field"] for field in body["error"]["fields"]]


def test_from_sign_up_to_leaving(browser):
    status, answer = browser.ask("POST", "/sign-ups", SIGN_UP)
    assert status == 202
    assert answer == {"id": answer["id"], "verify": ["phone", "email"], "expires_at": "2026-11-23T20:25:00.000Z"}
    status, answer = browser.proved(answer["id"])
    assert status == 200
    assert (answer["verified"], answer["pending"]) == (["phone"], ["email"])
    token = answer["manage_token"]
    status, me = browser.ask("GET", "/me", token=token)
    assert status == 200
    assert me == {
        "phone": "+31612345678",
        "places": [
            {
                "kind": "home",
                "point": {"lon": 5.05, "lat": 52.05},
                "area": "BU90010101",
                "municipality": "GM9001",
                "hours": [],
            },
            {
                "kind": "work",
                "point": {"lon": 5.07, "lat": 52.07},
                "address": "Dorpsstraat 1, Lindestad",
                "area": "GM9001",
                "municipality": "GM9001",
                "hours": [],
            },
        ],
        "channels": ["sms", "email"],
        "devices": [],
        "language": "nl",
        "paused": False,
        "declined": [],
        "exercises": False,
        "active": True,
        "suppressed": [],
        "no_mail": False,
        "consent": {"version": "2026-01", "given_at": "2026-11-23T20:15:00.000Z", "renew": True},
        "still_here_asked": False,
        "source": "municipality",
        "created_at": "2026-11-23T20:15:00.000Z",
    }
    change = {"language": "en", "paused": True, "places": SIGN_UP["places"][:1], "channels": ["sms"]}
    status, changed = browser.ask("PATCH", "/me", change, token)
    assert status == 200
    assert changed == {**me, **change, "places": me["places"][:1], "active": False}
    assert browser.ask("GET", "/me", token=token) == (200, changed)
    assert browser.ask("DELETE", "/me", token=token) == (204, None)
    for method, path in [("DELETE", "/me"), ("GET", "/me"), ("GET", "/me/export")]:
        assert refused(browser.ask(method, path, token=token)) == (404, "link_not_valid", [])


NIGHTS = {"days": ["mon", "sun"], "start": "22:00", "end": "07:15"}


def test_wishes_are_taken_at_sign_up_shown_changed_and_exported(browser):
    home, work = SIGN_UP["places"]
    wishes = {"places": [{**home, "hours": [NIGHTS]}, work], "declined": ["prevention", "robbery"], "exercises": True}
    _, answer = browser.proved(browser.signed_up(**wishes))
    token = answer["manage_token"]
    _, me = browser.ask("GET", "/me", token=token)
    assert (me["declined"], me["exercises"]) == (["robbery", "prevention"], True)
    assert [place["hours"] for place in me["places"]] == [[NIGHTS], []]
    _, changed = browser.ask("PATCH", "/me", {"declined": [], "exercises": False, "places": [home]}, token)
    assert (changed["declined"], changed["exercises"]) == ([], False)
    assert [place["hours"] for place in changed["places"]] == [[]]
    _, same = browser.ask("PATCH", "/me", {"language": "en"}, token)
    assert same == {**changed, "language": "en"}
    _, export = browser.ask("GET", "/me/export", token=token)
    assert export["profile"] == same
    assert export["sign_ups"][0]["declined"] == ["robbery", "prevention"]
    assert export["sign_ups"][0]["places"][0]["hours"] == [NIGHTS]


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("declined.0", {"declined": ["missing_child"]}),
        ("declined.0", {"declined": ["theft"]}),
        ("exercises", {"exercises": "yes"}),
        ("places.0.hours", {"places": [{**SIGN_UP["places"][0], "hours": [NIGHTS] * 3}]}),
        ("places.0.hours.0.days", {"places": [{**SIGN_UP["places"][0], "hours": [{**NIGHTS, "days": []}]}]}),
        ("places.0.hours.0.days.0", {"places": [{**SIGN_UP["places"][0], "hours": [{**NIGHTS, "days": ["zon"]}]}]}),
        ("places.0.hours.0.start", {"places": [{**SIGN_UP["places"][0], "hours": [{**NIGHTS, "start": "22:05"}]}]}),
        ("places.0.hours.0.end", {"places": [{**SIGN_UP["places"][0], "hours": [{**NIGHTS, "end": "24:00"}]}]}),
    ],
)
def test_a_wish_that_cannot_be_is_refused_by_name(browser, field, change):
    token = browser.token()
    for answer in (browser.ask("POST", "/sign-ups", {**SIGN_UP, **change}), browser.ask("PATCH", "/me", change, token)):
        status, _, fields = refused(answer)
        assert (status, fields) == (422, [field])


def test_what_is_shown_can_be_sent_back(browser):
    token = browser.token()
    _, me = browser.ask("GET", "/me", token=token)
    places = [{"kind": place["kind"], "point": place["point"]} for place in me["places"]]
    status, changed = browser.ask("PATCH", "/me", {"places": places}, token)
    assert status == 200
    assert [place["point"] for place in changed["places"]] == [place["point"] for place in me["places"]]


def test_the_export_holds_everything(browser):
    token = browser.token()
    status, export = browser.ask("GET", "/me/export", token=token)
    assert status == 200
    assert export["profile"] == browser.ask("GET", "/me", token=token)[1]
    assert len(export["rows"]) == 2
    assert export["sign_ups"][0]["email"] == "Jan@example.org"


def test_the_answer_does_not_show_whether_a_contact_is_known(browser):
    first = browser.ask("POST", "/sign-ups", SIGN_UP)
    browser.proved(first[1]["id"])
    second = browser.ask("POST", "/sign-ups", SIGN_UP)
    assert first[0] == second[0]
    assert {**first[1], "id": ""} == {**second[1], "id": ""}


def test_a_repeated_sign_up_with_the_same_key_is_one_sign_up(browser):
    answers = [browser.ask("POST", "/sign-ups", SIGN_UP, Idempotency_Key="sign-up-of-jan-1") for _ in range(2)]
    assert answers[0] == answers[1]
    assert len(browser.house.sign_ups.rows) == 1


def without(name):
    return {key: value for key, value in SIGN_UP.items() if key != name}


def place(**changes):
    return {**SIGN_UP, "places": [{"kind": "home", **changes}]}


BAD_SIGN_UPS = [
    *[(without(name), [name]) for name in ["places", "channels", "language", "birth_year", "consent", "source"]],
    ({**SIGN_UP, "phone": None, "email": None}, ["phone"]),
    ({**SIGN_UP, "phone": 612345678}, ["phone"]),
    ({**SIGN_UP, "phone": ""}, ["phone"]),
    ({**SIGN_UP, "phone": "0" * 500}, ["phone"]),
    ({**SIGN_UP, "phone": "06\u000012345678"}, ["phone"]),
    ({**SIGN_UP, "phone": "0900-8844"}, ["phone"]),
    ({**SIGN_UP, "email": "jan@example.org\r\nBcc: piet@example.org"}, ["email"]),
    ({**SIGN_UP, "email": ["jan@example.org"]}, ["email"]),
    ({**SIGN_UP, "email": "a" * 400 + "@example.org"}, ["email"]),
    ({**SIGN_UP, "channels": []}, ["channels"]),
    ({**SIGN_UP, "channels": ["sms", "voice", "email", "push", "sms"]}, ["channels"]),
    ({**SIGN_UP, "channels": ["fax"]}, ["channels.0"]),
    ({**SIGN_UP, "channels": "sms"}, ["channels"]),
    ({**SIGN_UP, "language": "fr"}, ["language"]),
    ({**SIGN_UP, "source": ""}, ["source"]),
    ({**SIGN_UP, "birth_year": 2015}, ["birth_year"]),
    ({**SIGN_UP, "birth_year": "1990"}, ["birth_year"]),
    ({**SIGN_UP, "birth_year": 1990.5}, ["birth_year"]),
    ({**SIGN_UP, "birth_year": 10**60}, ["birth_year"]),
    ({**SIGN_UP, "birth_year": True}, ["birth_year"]),
    ({**SIGN_UP, "consent": True}, ["consent"]),
    ({**SIGN_UP, "consent": {}}, ["consent.version"]),
    ({**SIGN_UP, "consent": {"version": "x\n"}}, ["consent.version"]),
    ({**SIGN_UP, "consent": {"version": "v" * 33}}, ["consent.version"]),
    ({**SIGN_UP, "name": "Jan"}, ["name"]),
    ({**SIGN_UP, "places": []}, ["places"]),
    ({**SIGN_UP, "places": SIGN_UP["places"] * 3}, ["places"]),
    ({**SIGN_UP, "places": SIGN_UP["places"][:1] * 2}, ["places.1"]),
    (place(), ["places.0"]),
    (place(point=None, address=None), ["places.0"]),
    (place(point={"lon": 5.05, "lat": 52.05}, address="Dorpsstraat 1"), ["places.0"]),
    (place(point={"lon": 5.05, "lat": 52.05}, kind="moon"), ["places.0.kind"]),
    (place(point={"lon": 5.05}), ["places.0.point.lat"]),
    (place(point={"lon": "5.05", "lat": 52.05}), ["places.0.point.lon"]),
    (place(point={"lon": 1e308, "lat": 52.05}), ["places.0.point.lon"]),
    (place(point={"lon": 10**400, "lat": 52.05}), ["places.0.point.lon"]),
    (place(point={"lon": float("nan"), "lat": 52.05}), ["places.0.point.lon"]),
    (place(point={"lon": float("inf"), "lat": 52.05}), ["places.0.point.lon"]),
    (place(point={"lon": 52.05, "lat": 5.05}), ["places.0"]),
    (place(point=[5.05, 52.05]), ["places.0.point"]),
    (place(point={"lon": 5.15, "lat": 52.05}), ["places.0"]),
    (place(address="x" * 201), ["places.0.address"]),
    (place(address="Dorps\u0000straat"), ["places.0.address"]),
    (place(address="Nergenslaan 9"), ["places.0"]),
    (place(address="   "), ["places.0"]),
]


@pytest.mark.parametrize(("body", "fields"), BAD_SIGN_UPS)
def test_a_wrong_sign_up_names_the_field_and_leaves_nothing(browser, body, fields):
    status, _, named = refused(browser.ask("POST", "/sign-ups", body))
    assert (status, named) == (422, fields)
    assert browser.house.sign_ups.rows == {}
    assert browser.house.queues.sent == []


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b"", 422),
        (b"{", 400),
        (b"null", 422),
        (b"[]", 422),
        (b'"text"', 422),
        (b"\xff\xfe", 400),
        (b'{"phone": "\\ud800"}', 400),
        (b'{"a":' * 10_000, 400),
        (b'{"phone": "' + b"0" * 300_000 + b'"}', 413),
    ],
)
def test_a_body_that_is_no_sign_up_is_refused(browser, raw, status):
    assert refused(browser.ask("POST", "/sign-ups", raw))[0] == status


def test_other_methods_and_content_types_are_refused(browser):
    assert refused(browser.ask("POST", "/sign-ups", b"a=1", Content_Type="text/plain"))[0] == 415
    assert refused(browser.ask("PUT", "/me", {}, "x"))[0] == 405


def test_a_municipality_that_has_not_joined_is_refused_by_name(browser):
    status, body = browser.ask("POST", "/sign-ups", place(point={"lon": 5.15, "lat": 52.05}))
    assert status == 422
    assert body["error"]["code"] == "municipality_not_joined"
    assert "Wilgendam" in body["error"]["message"]


def test_a_geocoder_that_is_away_is_503(browser):
    class Away:
        def find(self, query, limit=5):
            raise Unavailable("geocoder_unavailable", "Try again.")

    finder = PlaceFinder(browser.house.areas, Away())
    browser.services = replace(browser.services[0], finder=finder), browser.services[1]
    status, body = browser.ask("POST", "/sign-ups", SIGN_UP)
    assert (status, body["error"]["code"]) == (503, "geocoder_unavailable")
    assert browser.house.sign_ups.rows == {}


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({}, 422, "invalid_fields"),
        ({"contact": "fax", "code": "123456"}, 422, "invalid_fields"),
        ({"contact": "phone", "code": 123456}, 422, "invalid_fields"),
        ({"contact": "phone", "code": "12345"}, 422, "invalid_fields"),
        ({"contact": "phone", "code": "１２３４５６"}, 422, "invalid_fields"),
        ({"contact": "phone", "code": "123456\n"}, 422, "invalid_fields"),
    ],
)
def test_a_wrong_verification_is_refused(browser, body, status, code):
    sign_up = browser.signed_up()
    assert refused(browser.ask("POST", f"/sign-ups/{sign_up}/verification", body))[:2] == (status, code)


def test_each_end_of_a_verification_has_its_own_answer(browser):
    sign_up = browser.signed_up(email=None, channels=["sms"])
    path = f"/sign-ups/{sign_up}/verification"
    right = browser.house.codes.code(browser.house.sign_ups.get(sign_up), ContactKind.PHONE)
    wrong = {"contact": "phone", "code": "000000" if right != "000000" else "000001"}
    assert refused(browser.ask("POST", path, {**wrong, "contact": "email"}))[:2] == (404, "sign_up_not_found")
    assert refused(browser.ask("POST", "/sign-ups/nobody/verification", wrong))[:2] == (404, "sign_up_not_found")
    for _ in range(5):
        assert refused(browser.ask("POST", path, wrong)) == (422, "code_wrong", ["code"])
    assert refused(browser.ask("POST", path, wrong))[:2] == (429, "verification_locked")
    later = browser.signed_up()
    browser.house.clock.advance(minutes=10)
    assert refused(browser.proved(later))[:2] == (410, "code_expired")


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({"places": []}, ["places"]),
        ({"places": [{"kind": "home"}]}, ["places.0"]),
        ({"places": [{"kind": "home", "point": {"lon": 5.15, "lat": 52.05}}]}, ["places.0"]),
        ({"channels": []}, ["channels"]),
        ({"channels": ["email"]}, ["channels.0"]),
        ({"language": "de"}, ["language"]),
        ({"paused": "yes"}, ["paused"]),
        ({"phone": "0687654321"}, ["phone"]),
        ({"active": True}, ["active"]),
    ],
)
def test_a_wrong_change_names_the_field_and_changes_nothing(browser, body, fields):
    token = browser.token()
    before = browser.house.only_participant()
    status, _, named = refused(browser.ask("PATCH", "/me", body, token))
    assert (status, named) == (422, fields)
    assert browser.house.only_participant() == before


def test_a_change_of_nothing_shows_what_is(browser):
    token = browser.token()
    assert browser.ask("PATCH", "/me", {}, token) == browser.ask("GET", "/me", token=token)


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
@pytest.mark.parametrize(
    ("authorization", "status"),
    [("", 401), ("Bearer", 401), ("Bearer ", 401), ("Basic abc", 401), ("Bearer abc", 404), ("Bearer é", 404)],
)
def test_without_a_valid_link_there_is_no_me(browser, method, authorization, status):
    answer = browser.ask(method, "/me", {} if method == "PATCH" else None, Authorization=authorization)
    assert refused(answer)[0] == status


def test_the_api_is_documented():
    document = openapi.document(ParticipantRoutes(lambda: None, lambda: None, lambda: "").endpoints())
    assert set(document["paths"]) == {
        "/sign-ups",
        "/sign-ups/{id}/verification",
        "/me",
        "/me/confirmation",
        "/me/consent",
        "/me/export",
        "/me/push",
        "/me/push/{device}",
        "/push/key",
        "/unsubscribe/{token}",
    }
    assert "multipart/form-data" in document["paths"]["/unsubscribe/{token}"]["post"]["requestBody"]["content"]
    assert document["paths"]["/me"]["get"]["security"] == [{"link": []}]
    statuses = set(document["paths"]["/sign-ups/{id}/verification"]["post"]["responses"])
    assert {"200", "404", "409", "410", "422", "429"} <= statuses


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/x-www-form-urlencoded", b"List-Unsubscribe=One-Click"),
        ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\n'),
    ],
)
def test_a_mail_program_unsubscribes_in_one_click(browser, kind, body):
    manage = browser.token()
    path = f"/unsubscribe/{browser.house.unsubscribe_token()}"
    assert browser.ask("POST", path, body, Content_Type=kind) == (204, None)
    assert browser.ask("GET", "/me", token=manage)[1]["channels"] == ["sms"]
    assert browser.ask("POST", path, body, Content_Type=kind) == (204, None)


def test_opening_the_unsubscribe_link_changes_nothing_and_leads_to_the_own_page(browser):
    manage = browser.token()
    before = browser.house.only_participant()
    answer = browser.client.http.get(f"/unsubscribe/{browser.house.unsubscribe_token()}")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/manage#{manage}")
    assert browser.house.only_participant() == before


@pytest.mark.parametrize("token", ["x", "0" * 25, "%2F", "é"])
def test_no_unsubscribe_link_of_ours(browser, token):
    form = {"Content_Type": "application/x-www-form-urlencoded"}
    assert refused(browser.ask("POST", f"/unsubscribe/{token}", b"", **form))[:2] == (404, "link_not_valid")
    assert refused(browser.ask("GET", f"/unsubscribe/{token}"))[:2] == (404, "link_not_valid")


def test_unsubscribing_takes_a_form(browser):
    browser.token()
    assert refused(browser.ask("POST", f"/unsubscribe/{browser.house.unsubscribe_token()}", {}))[0] == 415


DEVICE = {
    "endpoint": "https://web.push.apple.com/QGuQyavXutnMk",
    "keys": {
        "p256dh": "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
        "auth": "BTBZMqHH6r4Tts7J_aSIgg",
    },
}


def test_a_device_is_subscribed_shown_exported_and_taken_off(browser):
    token = browser.token()
    assert browser.ask("GET", "/push/key") == (200, {"key": "BKey"})
    status, answer = browser.ask("PUT", "/me/push", DEVICE, token)
    assert status == 200
    _, me = browser.ask("GET", "/me", token=token)
    assert (me["devices"], me["channels"]) == ([answer["id"]], ["sms", "email", "push"])
    _, export = browser.ask("GET", "/me/export", token=token)
    assert export["devices"] == [{"id": answer["id"], "endpoint": DEVICE["endpoint"], **DEVICE["keys"]}]
    for _ in range(2):
        assert browser.ask("DELETE", f"/me/push/{answer['id']}", token=token) == (204, None)
    _, me = browser.ask("GET", "/me", token=token)
    assert (me["devices"], me["channels"]) == ([], ["sms", "email"])


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"endpoint": "https://evil.example/a"}, "endpoint"),
        ({"endpoint": "ftp://web.push.apple.com/a"}, "endpoint"),
        ({"endpoint": "https://web.push.apple.com/a b"}, "endpoint"),
        ({"endpoint": "https://web.push.apple.com/" + "a" * 1_000}, "endpoint"),
        ({"endpoint": 7}, "endpoint"),
        ({"keys": {}}, "keys.p256dh"),
        ({"keys": {**DEVICE["keys"], "p256dh": "BA"}}, "keys.p256dh"),
        ({"keys": {**DEVICE["keys"], "p256dh": DEVICE["keys"]["p256dh"][:-3] + "AAA"}}, "keys.p256dh"),
        ({"keys": {**DEVICE["keys"], "auth": "YQ"}}, "keys.auth"),
        ({"keys": {**DEVICE["keys"], "auth": "a+/="}}, "keys.auth"),
        ({"more": 1}, "more"),
    ],
)
def test_a_wrong_device_names_the_field_and_leaves_nothing(browser, changes, field):
    token = browser.token()
    status, _, fields = refused(browser.ask("PUT", "/me/push", {**DEVICE, **changes}, token))
    assert status == 422
    assert field in fields
    assert browser.ask("GET", "/me", token=token)[1]["devices"] == []


def test_devices_need_the_personal_link(browser):
    assert refused(browser.ask("PUT", "/me/push", DEVICE))[0] == 401
    assert refused(browser.ask("DELETE", "/me/push/abc"))[0] == 401
    assert refused(browser.ask("PUT", "/me/push", DEVICE, "x" * 25))[0] == 404
