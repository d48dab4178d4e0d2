"""Stories to play in the invented country: what a dispatcher asks, what somebody saw, how it ended.

``alert`` is a body of ``POST /alerts``, ``tips`` are bodies of ``POST /tips/{token}``, ``closing`` is one of
``POST /alerts/{id}/close``. Positions are lon, lat.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Scenario:
    name: str
    alert: Mapping[str, Any]
    tips: tuple[Mapping[str, Any], ...]
    closing: Mapping[str, Any]


BURGLARY = Scenario(
    name="burglary-at-the-border",
    alert={
        "kind": "alert",
        "category": "residential_burglary",
        "status": "Actual",
        "scope": "Public",
        "headline": {
            "nl": "Woninginbraak Wierwijk: twee verdachten te voet op de vlucht",
            "en": "Burglary in Wierwijk: two suspects fleeing on foot",
        },
        "description": {
            "nl": "Twee mannen zijn na een inbraak in Wierwijk (Fabelstad) weggerend richting Verweg (Nergenshuizen).",
            "en": "Two men ran from a burglary in Wierwijk (Fabelstad) towards Verweg (Nergenshuizen).",
        },
        "instruction": {
            "nl": "Gezien? Bel 112. Benader ze niet zelf.",
            "en": "Seen them? Call 112. Do not approach them.",
        },
        "incident_point": {"lon": 5.4336, "lat": 52.7783},
        "persons": [
            {
                "sex": "male",
                "age_from": 20,
                "age_to": 25,
                "height_cm": 185,
                "build": "slim",
                "clothing": {"nl": "zwarte jas, witte schoenen", "en": "black jacket, white shoes"},
            },
            {
                "sex": "male",
                "age_from": 20,
                "age_to": 30,
                "clothing": {"nl": "grijze trui met capuchon", "en": "grey hooded sweater"},
                "distinguishing": {"nl": "sporttas", "en": "sports bag"},
            },
        ],
        # Across the border of Fabelstad and Nergenshuizen, which have both joined.
        "area": {
            "geometry": {
                "type": "Polygon",
                "coordinates": [
                    [
                        [5.4265, 52.7725],
                        [5.4410, 52.7700],
                        [5.4555, 52.7745],
                        [5.4570, 52.7820],
                        [5.4460, 52.7858],
                        [5.4300, 52.7840],
                        [5.4265, 52.7725],
                    ]
                ],
            }
        },
    },
    tips=(
        {
            "kind": "seen",
            "text": "Twee jongens met een sporttas, rennend over de dijk richting Horizonzicht.",
            "place": {"lon": 5.4458, "lat": 52.7779},
        },
        {"kind": "not_seen"},
    ),
    closing={
        "result": "suspect_arrested",
        "contribution": "direct",
        "text": {
            "nl": "Door een tip zijn beide mannen in Nergenshuizen aangehouden.",
            "en": "Thanks to a tip both men were arrested in Nergenshuizen.",
        },
    },
)

MISSING_CHILD = Scenario(
    name="missing-child-at-the-market",
    alert={
        "kind": "alert",
        "category": "missing_child",
        "status": "Actual",
        "headline": {
            "nl": "Vermist: meisje van 6, Grote Fabelmarkt in Fabelstad",
            "en": "Missing: girl of 6, Grote Fabelmarkt in Fabelstad",
        },
        "description": {
            "nl": "Een meisje van 6 raakte haar ouders kwijt op de markt. Zij luistert naar de naam Roodkapje.",
            "en": "A girl of 6 lost her parents at the market. She answers to the name Roodkapje.",
        },
        "instruction": {
            "nl": "Kijk om u heen. Gezien? Blijf bij haar en bel 112.",
            "en": "Look around you. Seen her? Stay with her and call 112.",
        },
        "incident_point": {"lon": 5.4105, "lat": 52.7734},
        "persons": [
            {
                "sex": "female",
                "age_from": 6,
                "age_to": 6,
                "height_cm": 115,
                "hair": {"nl": "blond, twee vlechten", "en": "blond, two braids"},
                "clothing": {"nl": "rode jas met capuchon", "en": "red hooded coat"},
            }
        ],
        "area": {"codes": ["WK900100"]},
    },
    tips=(
        {
            "kind": "seen",
            "text": "A girl in a red coat is sitting on the steps of the tower.",
            "place": {"lon": 5.4129, "lat": 52.7766},
            "contact_me": True,
            "language": "en",
        },
    ),
    closing={
        "result": "missing_person_found",
        "contribution": "direct",
        "text": {
            "nl": "Het meisje is terecht en maakt het goed.",
            "en": "The girl has been found and is well.",
        },
    },
)

HIT_AND_RUN = Scenario(
    name="hit-and-run-in-a-circle",
    alert={
        "kind": "alert",
        "category": "hit_and_run",
        "status": "Actual",
        "headline": {
            "nl": "Doorrijden na aanrijding, Nergens Dorp: rode bestelbus",
            "en": "Hit and run in Nergens Dorp: red van",
        },
        "description": {
            "nl": "Een rode bestelbus reed door na een aanrijding met een fietser.",
            "en": "A red van drove on after hitting a cyclist.",
        },
        "instruction": {
            "nl": "Let op een rode bestelbus met schade rechtsvoor. Gezien? Bel 112.",
            "en": "Look for a red van with damage at the right front. Seen it? Call 112.",
        },
        "incident_point": {"lon": 5.462, "lat": 52.7855},
        "vehicles": [
            {
                "kind": "van",
                "colour": "red",
                "plate": "FA-BEL-1",
                "direction": {"nl": "Verweg", "en": "Verweg"},
            }
        ],
        "area": {"circle": {"center": [5.462, 52.7855], "radius_m": 900}},
    },
    tips=({"kind": "info", "text": "De bus hoort bij de bakker op de hoek, die heeft een camera."},),
    closing={"result": "none", "contribution": "none"},
)

SCENARIOS = (BURGLARY, MISSING_CHILD, HIT_AND_RUN)
