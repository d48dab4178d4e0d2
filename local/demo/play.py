"""The story with its whole cast, ready to be played."""

from dataclasses import replace
from datetime import datetime

import httpx

from chalicelib.platform.clock import AMSTERDAM
from chalicelib.staff.model import Role
from local import tokens, town
from local.demo.client import Api, Carrier
from local.demo.expected import Resident
from local.demo.story import Cast, Story
from local.demo.timeline import Timeline
from local.scenarios import BURGLARY, Scenario

TIMEOUT_S = 30
CONTACTS = {"sms": "phone", "voice": "phone", "email": "email", "push": "device"}


def play(api_address: str, carrier_address: str, timeline: Timeline | None = None) -> Timeline:
    """The story against a system that holds the invented country; told to ``timeline``, which is given back.

    Raises ``NeverHappened`` or ``Refused`` where it breaks off.
    """
    timeline = timeline or Timeline()
    with httpx.Client(timeout=TIMEOUT_S) as http:
        api = Api(http, api_address)
        cast = Cast(
            citizen=api,
            dispatcher=api.as_(tokens.issue(Role.DISPATCHER, user="anna")),
            approver=api.as_(tokens.issue(Role.APPROVER, user="bram")),
            analysts={
                code: api.as_(tokens.issue(Role.ANALYST, user=f"carla-{code}", tenant=code)) for code in town.JOINED
            },
        )
        Story(cast, Carrier(http, carrier_address), residents(), _of_now(BURGLARY), timeline).play()
    return timeline


def _of_now(scenario: Scenario) -> Scenario:
    """With the time in its headline: X refuses what it has read before, also of a story told twice in a minute."""
    at = f"Wierwijk {datetime.now(AMSTERDAM):%H:%M:%S}"
    headline = {language: text.replace("Wierwijk", at) for language, text in scenario.alert["headline"].items()}
    return replace(scenario, alert={**scenario.alert, "headline": headline})


def residents() -> tuple[Resident, ...]:
    """The invented participants as the independent computation wants them."""
    return tuple(
        Resident(
            tuple((place["lon"], place["lat"]) for place in person["places"]),
            {channel: person[CONTACTS[channel]] for channel in person["channels"]},
            tuple(tuple(place["hours"]) for place in person["places"]),
            frozenset(person["declined"]),
        )
        for person in (invented.to_json() for invented in town.build().participants)
    )
