"""The stories fit the country and the API."""

import json

import pytest
from shapely.geometry import Point, shape

from chalicelib.alerts.bodies import Closing, NewAlert
from chalicelib.areas import model as areas
from chalicelib.areas.validation import AreaCodes, parse_area
from local.scenarios import BURGLARY, HIT_AND_RUN, MISSING_CHILD, SCENARIOS
from local.town import build

BOUNDS = (3.2, 50.7, 7.3, 53.7)
every_scenario = pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)


def outlines():
    return {feature["id"]: shape(feature["geometry"]) for feature in build().areas["features"]}


def homes_inside(scenario):
    area = parse_area(scenario.alert["area"], BOUNDS)
    homes = [participant.home for participant in build().participants]
    if isinstance(area, AreaCodes):
        return [home for home in homes if {home.neighbourhood.district} & set(area.codes)]
    return [home for home in homes if area.contains(areas.Point(*home.point))]


@every_scenario
def test_a_scenario_is_what_the_api_takes(scenario):
    assert NewAlert.model_validate_json(json.dumps(scenario.alert))
    assert Closing.model_validate_json(json.dumps(scenario.closing))


@every_scenario
def test_a_scenario_asks_hundreds_of_people(scenario):
    assert 100 <= len(homes_inside(scenario)) <= 1_500


@every_scenario
def test_incidents_and_tips_lie_in_the_country(scenario):
    country = [outline for code, outline in outlines().items() if code.startswith("GM")]
    places = [scenario.alert["incident_point"], *(tip["place"] for tip in scenario.tips if "place" in tip)]
    for place in places:
        assert any(outline.contains(Point(place["lon"], place["lat"])) for outline in country)


def test_the_burglary_asks_people_on_both_sides_of_a_border():
    asked = {home.neighbourhood.municipality.code for home in homes_inside(BURGLARY)}
    assert asked == {"GM9001", "GM9002"}


def test_the_child_is_missed_at_the_market():
    market = next(address for address in build().addresses if address.street == "Grote Fabelmarkt")
    assert market.neighbourhood.district in MISSING_CHILD.alert["area"]["codes"]
    point = MISSING_CHILD.alert["incident_point"]
    assert outlines()[market.neighbourhood.code].contains(Point(point["lon"], point["lat"]))


def test_the_circle_has_its_incident_in_the_middle():
    point = HIT_AND_RUN.alert["incident_point"]
    assert HIT_AND_RUN.alert["area"]["circle"]["center"] == [point["lon"], point["lat"]]
