"""A system in which something goes on, so that requests meet more than "not found": alerts, people, links.

Everything is made by way of the API and read off the phones and inboxes, as anybody could.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

import httpx

from chalicelib.staff.model import Role
from local import tokens
from local.addresses import Addresses
from local.demo.client import Api, Carrier, until
from local.scenarios import BURGLARY, MISSING_CHILD, Scenario

EACH = 6  # alerts in each state: requests use them up
LINKS = 60

Json = dict[str, Any]


def make(addresses: Addresses) -> Json:
    """``tokens``: of each role and of personal links. ``ids``: path of an operation -> its parameters, a list."""
    with httpx.Client(timeout=60) as http:
        api = Api(http, addresses.api)
        staff = {str(role): [tokens.issue(role, user=f"{role}-{number}") for number in (1, 2)] for role in Role}
        anna, bram = api.as_(staff[Role.DISPATCHER][0]), api.as_(staff[Role.APPROVER][0])
        drafts, submitted = ([_draft(anna, BURGLARY) for _ in range(EACH)] for _ in range(2))
        active = [_draft(anna, scenario) for scenario in (BURGLARY, MISSING_CHILD)]
        for alert in (*submitted, *active):
            anna.post(f"/alerts/{alert}/submit", {})
        for alert in active:
            _approve(bram, alert)
        carrier = Carrier(http, addresses.carrier)
        links = dict(_links(http, carrier, addresses, active[0]))
        tips = [_tip(http, addresses, token) for token in links["/tips/{token}"][:EACH]]
        alerts = [{"alert": alert} for alert in (*drafts, *submitted, *active)]
        codes = [{"code": area["code"]} for area in anna.get("/areas")["areas"]]
        return {
            "tokens": {**staff, "link": links["manage"]},
            "ids": {
                **{path: alerts for path in _paths(api) if path.startswith("/alerts/{alert}")},
                "/alerts/{alert}/tips/{tip}": [{"alert": active[0], "tip": tip} for tip in tips],
                "/areas/{code}": codes,
                "/municipalities/{code}": codes,
                "/reports/areas/{code}": codes,
                "/sign-ups/{id}/verification": [{"id": _sign_up(api, number)} for number in range(EACH)],
                "/tips/{token}": [{"token": token} for token in links["/tips/{token}"]],
                "/unsubscribe/{token}": [{"token": token} for token in links["/unsubscribe/{token}"]],
            },
        }


def _paths(api: Api) -> Mapping[str, Any]:
    paths: Mapping[str, Any] = api.get("/openapi.json")["paths"]
    return paths


def _draft(api: Api, scenario: Scenario) -> str:
    return str(api.post("/alerts", scenario.alert)["id"])


def _approve(api: Api, alert: str) -> None:
    band = api.post(f"/alerts/{alert}/preview", {})["band"]["label"]["nl"]
    api.post(f"/alerts/{alert}/approve", {"version": api.get(f"/alerts/{alert}")["version"], "reach": band})


def _sign_up(api: Api, number: int) -> str:
    lon, lat = BURGLARY.alert["incident_point"].values()
    body = {
        "phone": f"06 8765{number:04d}",
        "places": [{"kind": "home", "point": {"lon": lon, "lat": lat}}],
        "channels": ["sms"],
        "language": "nl",
        "birth_year": 1980,
        "consent": {"version": "1"},
        "source": "web",
    }
    return str(api.post("/sign-ups", body)["id"])


def _links(http: httpx.Client, carrier: Carrier, addresses: Addresses, alert: str) -> Iterator[tuple[str, list[str]]]:
    """The tokens in messages of an alert."""

    def arrived() -> list[Json] | None:
        mails = [it for it in carrier.messages(alert=alert, channel="email") if "List-Unsubscribe" in it["headers"]]
        return mails if len(mails) >= LINKS else None

    mails = until(arrived, "mails of the alert")[:LINKS]
    unsubscribe = [mail["headers"]["List-Unsubscribe"].strip("<>") for mail in mails]
    yield "/unsubscribe/{token}", [urlsplit(link).path.rpartition("/")[2] for link in unsubscribe]
    yield "manage", [http.get(link).headers["Location"].partition("#")[2] for link in unsubscribe]
    replies = (re.search(rf"{re.escape(addresses.web)}/t/([\w.-]+)", mail["text"]) for mail in mails)
    yield "/tips/{token}", [found[1] for found in replies if found]


def _tip(http: httpx.Client, addresses: Addresses, token: str) -> str:
    answer = http.post(f"{addresses.api}/tips/{token}", json=dict(MISSING_CHILD.tips[0]))
    answer.raise_for_status()
    return str(answer.json()["id"])
