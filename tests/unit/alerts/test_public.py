"""What anybody may know: alerts that are marked public, while they run; of those that are over nothing of anybody."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest
from chalice.app import AuthResponse, Chalice
from chalice.test import Client

from chalicelib.alerts.cap import Certainty, MsgType, Scope, Severity, Status, Urgency
from chalicelib.alerts.content import Category, Photo
from chalicelib.alerts.history import EventRecord
from chalicelib.alerts.messages import UpdateType
from chalicelib.alerts.outcome import Contribution, Result
from chalicelib.alerts.public_feed import LISTED, PublicFeed
from chalicelib.alerts.public_routes import KEPT_S, PublicRoutes
from chalicelib.alerts.public_xml import ATOM, CAP, CATEGORIES
from chalicelib.alerts.store import MemoryAlertStore
from chalicelib.alerts.target import Target
from chalicelib.alerts.text import Text
from chalicelib.areas.model import CircleShape, Point
from chalicelib.platform import http
from chalicelib.platform.clock import ManualClock
from chalicelib.platform.errors import NotFound
from chalicelib.platform.idempotency import MemoryIdempotency

NOW = datetime(2026, 11, 23, 20, 16, tzinfo=UTC)
WEB = "https://burgernet.example"
SENDER = "MK90@burgernet.example"
# What must be read nowhere once it is over, in whatever form.
OF_SOMEBODY = (
    "zwarte jas",
    "black coat",
    "D-123-BC",
    "Vespa",
    "zijn tas",
    "his bag",
    "Kerkstraat",
    "Ziet u hem",
    "de A27",
)
OF_STAFF = ("anna", "bram", "authors", "approved", "photo", "a" * 64)


def read_xml(text):
    return ElementTree.fromstring(text)  # noqa: S314 our own


@pytest.fixture
def clock():
    return ManualClock(NOW)


@pytest.fixture
def store():
    return MemoryAlertStore()


@pytest.fixture
def feed(store, clock):
    return PublicFeed(store, clock)


@pytest.fixture
def put(store):
    def put(alert):
        before = store.get(alert.id).version if alert.id in store.rows else 0
        event = EventRecord(f"{alert.id}{alert.version}", alert.changed_at, "put", "test")
        store.put(alert, before, event)
        return alert

    return put


@pytest.fixture
def public(active):
    """One that runs, with a photo."""
    return active(scope=Scope.PUBLIC, photo=Photo("a" * 64, "image/jpeg", Text("Man met zwarte jas")))


def closed(alert, at=NOW):
    return alert.close(
        result=Result.SUSPECT_ARRESTED,
        contribution=Contribution.DIRECT,
        text=Text("De man met de zwarte jas is aangehouden."),
        by="anna",
        at=at,
    )


def updated(alert, text="Hij heeft nu een zwarte jas aan.", at=NOW):
    return alert.update(type=UpdateType.CORRECTION, text=Text(text), by="anna", at=at)


@pytest.fixture
def get(feed):
    app = Chalice("public", configure_logs=False)

    @app.authorizer()
    def guard(request):
        return AuthResponse(routes=[], principal_id="")

    endpoints = PublicRoutes(lambda: feed, lambda: WEB).endpoints()
    http.mount(app, endpoints, authorizer=guard, idempotency=MemoryIdempotency)
    with Client(app) as client:
        yield lambda path, **headers: client.http.get(f"/alerts/public{path}", headers=headers)


def everything(get, alert):
    """All that anybody can read, as text."""
    return "\n".join(get(path).body.decode() for path in ("", ".atom", f"/{alert.id}"))


def test_an_alert_that_runs_says_what_is_asked_in_three_forms(get, put, public):
    put(public)
    feature = get("").json_body["features"][0]
    assert feature["geometry"]["coordinates"][0][0][0] == [5.19, 52.49]  # lon, lat
    assert feature["properties"] == {
        "identifier": "0000000abc",
        "sender": SENDER,
        "sent": "2026-11-23T20:15:10.000Z",
        "status": "Actual",
        "msg_type": "Alert",
        "scope": "Public",
        "kind": "alert",
        "category": "robbery",
        "urgency": "Immediate",
        "severity": "Severe",
        "certainty": "Observed",
        "headline": {"nl": "Beroving Kerkstraat Sluisveen", "en": "Robbery Kerkstraat Sluisveen"},
        "description": {
            "nl": "Een man is beroofd van zijn tas. Signalement: man, 20-25 jaar, 180 cm, slank, zwarte jas; "
            "scooter, Vespa Primavera, rood, kenteken D-123-BC, richting de A27.",
            "en": feature["properties"]["description"]["en"],
        },
        "instruction": {"nl": "Ziet u hem? Bel 112.", "en": "Have you seen him? Call 112."},
        "contact": "0800-0011",
        "expires": "2026-11-24T00:15:10.000Z",
        "municipalities": ["GM9001"],
        "cap": f"{WEB}/api/alerts/public/0000000abc",
    }
    assert "black coat" in feature["properties"]["description"]["en"]
    told = everything(get, public)
    assert not [word for word in OF_STAFF if word in told]


def test_what_is_told_may_be_kept_for_half_a_minute_and_is_not_told_twice(get, put, public):
    put(public)
    for path, kind in (
        ("", "geo+json"),
        (".atom", "atom+xml; charset=utf-8"),
        ("/0000000abc", "cap+xml; charset=utf-8"),
    ):
        answer = get(path)
        assert answer.headers["Content-Type"] == f"application/{kind}"
        assert answer.headers["Cache-Control"] == f"public, max-age={KEPT_S}"
        again = get(path, **{"If-None-Match": answer.headers["ETag"]})
        assert (again.status_code, again.body) == (304, b"")


def test_an_update_replaces_the_call_and_comes_first(get, put, public):
    put(updated(public))
    told = get("").json_body["features"][0]["properties"]
    assert (told["identifier"], told["msg_type"]) == ("0000000abc-update-1", "Update")
    assert told["references"] == f"{SENDER},0000000abc,2026-11-23T20:15:10-00:00"
    assert told["description"]["nl"].startswith("Correctie: Hij heeft nu een zwarte jas aan.")


@pytest.mark.parametrize("end", ["stopped", "closed", "closed after a stop", "expired"])
def test_whatever_ends_it_nothing_of_anybody_is_read_any_more(get, put, public, clock, end):
    alert = updated(public)
    if end.endswith("stop") or end == "stopped":
        alert = alert.stop(by="anna", at=NOW)
    if end.startswith("closed"):
        alert = closed(alert)
    if end == "expired":
        clock.advance(hours=5)
    put(alert)
    told = get("").json_body["features"][0]["properties"]
    assert told["msg_type"] == "Cancel"
    assert get("").json_body["features"][0]["geometry"] is None
    assert told["headline"]["nl"].startswith(
        "Deze oproep is afgerond" if end in ("stopped", "expired") else "De verdachte is aangehouden"
    )
    read = everything(get, alert)
    assert not [word for word in (*OF_SOMEBODY, *OF_STAFF, "5.19", "polygon") if word in read]
    assert read.count("0000000abc-update-1") == 2  # its references: GeoJSON and CAP


def test_a_day_after_its_end_it_is_nowhere(get, put, public, clock):
    put(closed(public))
    clock.advance(seconds=LISTED.total_seconds() - 1)
    assert len(get("").json_body["features"]) == 1
    clock.advance(seconds=1)
    assert get("").json_body["features"] == []
    assert get("/0000000abc").status_code == 404
    assert read_xml(get(".atom").body).find(f"{{{ATOM}}}entry") is None


def test_an_outcome_that_is_known_late_is_a_message_of_its_own(feed, put, public):
    known = NOW + timedelta(minutes=30)
    put(replace(closed(public), outcome_at=known))
    (message,) = feed.messages()
    assert (message.identifier, message.sent) == ("0000000abc-outcome", known)
    assert [identifier for identifier, _ in message.before] == ["0000000abc", "0000000abc-closed"]


@pytest.mark.parametrize("what", ["draft", "approved", "cancelled", "restricted", "exercise", "test"])
def test_what_not_everybody_may_know_is_not_there(feed, put, draft, approved, active, what):
    public = {"scope": Scope.PUBLIC}
    put(
        {
            "draft": lambda: draft(**public),
            "approved": lambda: approved(**public),
            "cancelled": lambda: approved(**public).stop(by="anna", at=NOW),
            "restricted": active,
            "exercise": lambda: active(status=Status.EXERCISE, **public),
            "test": lambda: active(status=Status.TEST, **public),
        }[what]()
    )
    assert feed.messages() == []
    with pytest.raises(NotFound):
        feed.message("0000000abc")


def test_the_newest_comes_first_also_of_drafts_that_waited_for_long(feed, put, public):
    waited = replace(public, id="0000000abd", created_at=NOW - timedelta(days=29), activated_at=NOW)
    put(public)
    put(waited)
    assert [message.alert.id for message in feed.messages()] == ["0000000abd", "0000000abc"]


# CAP 1.2, 3.2 and its schema: element -> (least, most) times, in this order.
ONE, MAYBE, MANY = (1, 1), (0, 1), (0, 99)
ALERT = {
    "identifier": ONE,
    "sender": ONE,
    "sent": ONE,
    "status": ONE,
    "msgType": ONE,
    "source": MAYBE,
    "scope": ONE,
    "restriction": MAYBE,
    "addresses": MAYBE,
    "code": MANY,
    "note": MAYBE,
    "references": MAYBE,
    "incidents": MAYBE,
    "info": MANY,
}
INFO = {
    "language": MAYBE,
    "category": (1, 99),
    "event": ONE,
    "responseType": MANY,
    "urgency": ONE,
    "severity": ONE,
    "certainty": ONE,
    "audience": MAYBE,
    "eventCode": MANY,
    "effective": MAYBE,
    "onset": MAYBE,
    "expires": MAYBE,
    "senderName": MAYBE,
    "headline": MAYBE,
    "description": MAYBE,
    "instruction": MAYBE,
    "web": MAYBE,
    "contact": MAYBE,
    "parameter": MANY,
    "resource": MANY,
    "area": MANY,
}
AREA = {"areaDesc": ONE, "polygon": MANY, "circle": MANY, "geocode": MANY, "altitude": MAYBE, "ceiling": MAYBE}
PAIR = {"valueName": ONE, "value": ONE}
WORDS = {
    "status": {"Actual", "Exercise", "System", "Test", "Draft"},
    "msgType": {"Alert", "Update", "Cancel", "Ack", "Error"},
    "scope": {"Public", "Restricted", "Private"},
    "category": {
        *("Geo", "Met", "Safety", "Security", "Rescue", "Fire"),
        *("Health", "Env", "Transport", "Infra", "CBRNE", "Other"),
    },
    "responseType": {
        *("Shelter", "Evacuate", "Prepare", "Execute", "Avoid", "Monitor", "Assess", "AllClear", "None"),
    },
    "urgency": set(Urgency),
    "severity": set(Severity),
    "certainty": set(Certainty),
}
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[-+]\d\d:\d\d")
NAME = re.compile(r"[^\s,<&]+")


def check_cap(text):
    """As the schema of CAP 1.2 would; returns the alert."""
    alert = read_xml(text)
    assert alert.tag == f"{{{CAP}}}alert"
    _check(alert, ALERT)
    for info in alert.iter(f"{{{CAP}}}info"):
        _check(info, INFO)
    for area in alert.iter(f"{{{CAP}}}area"):
        _check(area, AREA)
    for pair in (*alert.iter(f"{{{CAP}}}eventCode"), *alert.iter(f"{{{CAP}}}geocode")):
        _check(pair, PAIR)
    for name, words in WORDS.items():
        assert {element.text for element in alert.iter(f"{{{CAP}}}{name}")} <= words
    for name in ("sent", "expires"):
        assert all(MOMENT.fullmatch(element.text) for element in alert.iter(f"{{{CAP}}}{name}"))
    for name in ("identifier", "sender"):
        assert NAME.fullmatch(alert.findtext(f"{{{CAP}}}{name}"))
    for reference in (alert.findtext(f"{{{CAP}}}references") or "").split():
        who, what, when = reference.split(",")
        assert NAME.fullmatch(who)
        assert NAME.fullmatch(what)
        assert MOMENT.fullmatch(when)
    return alert


def _check(element, order):
    names = [child.tag.removeprefix(f"{{{CAP}}}") for child in element]
    assert names == sorted(names, key=list(order).index)
    for name, (least, most) in order.items():
        assert least <= names.count(name) <= most, name
    assert all(child.text and child.text.strip() for child in element if not len(child))


@pytest.mark.parametrize("step", ["called", "updated", "stopped", "closed"])
@pytest.mark.parametrize("category", Category)
def test_cap_is_valid_at_every_step(get, put, public, step, category):
    alert = replace(public, content=replace(public.content, category=category))
    moves = {
        "called": lambda it: it,
        "updated": updated,
        "stopped": lambda it: it.stop(by="anna", at=NOW),
        "closed": closed,
    }
    put(moves[step](alert))
    told = check_cap(get("/0000000abc").body)
    assert told.findtext(f"{{{CAP}}}info/{{{CAP}}}category") == CATEGORIES.get(category, "Safety")
    kinds = {"called": MsgType.ALERT, "updated": MsgType.UPDATE}
    assert told.findtext(f"{{{CAP}}}msgType") == kinds.get(step, MsgType.CANCEL)
    assert [it.findtext(f"{{{CAP}}}language") for it in told.iter(f"{{{CAP}}}info")] == ["nl-NL", "en"]


def test_in_cap_latitude_comes_first_and_a_radius_is_in_kilometres(get, put, public):
    put(public)
    (polygon, _) = check_cap(get("/0000000abc").body).iter(f"{{{CAP}}}polygon")
    pairs = polygon.text.split()
    assert (pairs[0], pairs[-1], len(pairs)) == ("52.49,5.19", "52.49,5.19", 5)
    circle = CircleShape(Point(5.2, 52.5), 750.0)
    target = Target.of({"circle": {}}, circle.to_json(), ("GM9001",))
    put(replace(public, id="0000000crc", content=replace(public.content, target=target)))
    found = next(check_cap(get("/0000000crc").body).iter(f"{{{CAP}}}circle"))
    assert found.text == "52.50000,5.20000 0.750"


def test_what_people_wrote_breaks_no_document(get, put, public):
    words = Text("A <b>\"& ]]> ë'", None)
    put(replace(public, content=replace(public.content, headline=words, description=Text("x"), instruction=Text("y"))))
    assert check_cap(get("/0000000abc").body).findtext(f"{{{CAP}}}info/{{{CAP}}}headline") == words.nl
    entry = read_xml(get(".atom").body).find(f"{{{ATOM}}}entry")
    assert entry.findtext(f"{{{ATOM}}}title") == words.nl
    assert json.loads(get("").body)["features"][0]["properties"]["headline"] == {"nl": words.nl}


def test_an_atom_feed_has_what_rfc_4287_asks_for(get, put, public):
    put(updated(public))
    feed = read_xml(get(".atom").body)
    names = [child.tag.removeprefix(f"{{{ATOM}}}") for child in feed]
    assert [names.count(name) for name in ("id", "title", "updated", "author")] == [1] * 4
    entry = feed.find(f"{{{ATOM}}}entry")
    assert entry.findtext(f"{{{ATOM}}}id") == f"{WEB}/api/alerts/public/0000000abc"
    assert entry.findtext(f"{{{ATOM}}}updated") == feed.findtext(f"{{{ATOM}}}updated") == "2026-11-23T20:16:00.000Z"
    link = entry.find(f"{{{ATOM}}}link")
    assert (link.get("rel"), link.get("type")) == ("alternate", "application/cap+xml")
