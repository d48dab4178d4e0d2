"""What there is to see: a running alert, personal links of somebody who takes part, and who works at the console."""

import json
import re
import time
from dataclasses import dataclass
from typing import Any

import httpx

from chalicelib.participants import consents
from chalicelib.staff.model import Role
from local import tokens
from local.addresses import Addresses
from local.demo.client import Api, Carrier, code_in, until
from local.scenarios import BURGLARY
from local.town.organisations import tenant_of

TAKES_PART = "meet@burgernet.example"
PHONES = "phones"  # only on one machine; it weighs what all messages do
OUTLINE = ".map .leaflet-overlay-pane path"
SIGN_UP = {
    "places": [{"kind": "home", "point": {"lon": 5.4336, "lat": 52.7783}}],
    "channels": ["email"],
    "email": TAKES_PART,
    "language": "nl",
    "birth_year": 1980,
    "consent": {"version": consents.CURRENT},
    "source": "web",
}


@dataclass(frozen=True)
class Page:
    """``press``: what opens a map on it (CSS), which ``shows`` stands for. ``staff``: who sits there.

    ``shows`` alone: the map comes by itself, after what the page can be used for.
    """

    name: str
    path: str
    staff: Role | None = None
    press: str = ""
    shows: str = ""


@dataclass(frozen=True)
class World:
    web: str
    aws: str
    alert: str
    analyst: Api
    pages: tuple[Page, ...]


def build(http: httpx.Client, addresses: Addresses) -> World:
    """Signs somebody up, lets an alert out, and waits for its first mail."""
    api, carrier = Api(http, addresses.api), Carrier(http, addresses.carrier)
    own = _sign_up(api, carrier)
    alert = _let_out(api)
    reply = re.search(r"/t/\S+", _first_mail(carrier, alert)["text"])
    assert reply, "a call by e-mail has a reply link"
    room, desk = Role.DISPATCHER, Role.ANALYST
    pages = (
        Page("home", "/"),
        Page("sign_up", "/aanmelden"),
        Page("sign_up_map", "/aanmelden", press="#home .by-map summary", shows=f"#home {OUTLINE}"),
        Page("reply", reply[0]),
        Page("manage", f"/manage#{own}"),
        Page("listen", "/meldingen"),
        Page("share", "/delen"),
        Page("privacy", "/privacy"),
        Page(PHONES, "/phones"),
        Page("console", "/console#/", room),
        Page("console_new", "/console#/new", room),
        Page("console_map", "/console#/new", room, 'input[value="drawn"]', f"#area {OUTLINE}"),
        Page("console_alert", f"/console#/alerts/{alert}", room),
        Page("dashboard", "/dashboard", desk),
    )
    return World(addresses.web, addresses.aws, alert, api.as_(tokens.issue(desk, user="meet")), pages)


def session(role: Role) -> str:
    """What the console keeps of a member of staff who has signed in: JSON."""
    until_ms = int((time.time() + tokens.LIFE_S) * 1000)
    kept = {"user": "meet", "roles": [role.value], "tenant": tenant_of(role), "until": until_ms}
    return json.dumps(kept | {"token": tokens.issue(role, user="meet")})


def _sign_up(api: Api, carrier: Carrier) -> str:
    """The token of a participant's own link."""
    before = str(carrier.last())
    begun = api.post("/sign-ups", SIGN_UP)
    message = until(lambda: next(iter(carrier.messages(to=TAKES_PART, after=before)), None), "a code")
    proved = api.post(f"/sign-ups/{begun['id']}/verification", {"contact": "email", "code": code_in(message)})
    return str(proved["manage_token"])


def _let_out(api: Api) -> str:
    """The id of an alert that runs."""
    dispatcher = api.as_(tokens.issue(Role.DISPATCHER, user="anna"))
    approver = api.as_(tokens.issue(Role.APPROVER, user="bram"))
    alert = str(dispatcher.post("/alerts", BURGLARY.alert)["id"])
    submitted = dispatcher.post(f"/alerts/{alert}/submit", {})
    band = approver.post(f"/alerts/{alert}/preview", {})["band"]["label"]["nl"]
    approver.post(f"/alerts/{alert}/approve", {"version": submitted["version"], "reach": band})
    return alert


def _first_mail(carrier: Carrier, alert: str) -> dict[str, Any]:
    return until(lambda: next(iter(carrier.messages(channel="email", alert=alert)), None), "the first mail")
