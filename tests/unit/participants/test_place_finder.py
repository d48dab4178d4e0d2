import pytest

from chalicelib.areas.model import Point
from chalicelib.participants.model import Place, PlaceKind
from chalicelib.participants.place_finder import PlaceFinder, PlaceRequest
from chalicelib.platform.errors import InvalidInput, Unavailable

KERN, OUTSKIRTS = Point(5.05, 52.05), Point(5.06, 52.06)
HOME, WORK = PlaceKind.HOME, PlaceKind.WORK


def test_a_place_gets_its_neighbourhood_or_the_smallest_area_known(house):
    assert house.finder.find([PlaceRequest(HOME, KERN), PlaceRequest(WORK, OUTSKIRTS)]) == (
        Place(HOME, KERN, "BU90010101", "GM9001"),
        Place(WORK, OUTSKIRTS, "GM9001", "GM9001"),
    )


def test_points_are_rounded_to_7_decimals(house):
    (place,) = house.finder.find([PlaceRequest(HOME, Point(5.05000004999, 52.05000005001))])
    assert place.point == (5.05, 52.0500001)


def test_an_address_is_looked_up_and_keeps_its_label(house):
    (place,) = house.finder.find([PlaceRequest(HOME, address="dorpsstraat 1")])
    assert place.label == "Dorpsstraat 1, Lindestad"
    assert place.point == (5.07, 52.07)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (PlaceRequest(HOME, Point(5.15, 52.05)), "municipality_not_joined"),
        (PlaceRequest(HOME, address="Kade 1"), "municipality_not_joined"),
        (PlaceRequest(HOME, Point(6.9, 53.2)), "place_not_found"),
        (PlaceRequest(HOME, Point(52.05, 5.05)), "place_not_found"),
        (PlaceRequest(HOME, Point(180.0, -90.0)), "place_not_found"),
        (PlaceRequest(HOME, address="Nergens 1"), "address_not_found"),
        (PlaceRequest(HOME), "place_point_or_address"),
        (PlaceRequest(HOME, KERN, "Dorpsstraat 1"), "place_point_or_address"),
        (PlaceRequest(WORK, OUTSKIRTS), "duplicate_place"),
        (PlaceRequest(WORK, Point(5.06000001, 52.06)), "duplicate_place"),
    ],
)
def test_a_wrong_place_is_named_with_its_reason(house, wrong, code):
    with pytest.raises(InvalidInput) as refused:
        house.finder.find([PlaceRequest(HOME, OUTSKIRTS), wrong])
    assert refused.value.code == code
    assert refused.value.fields[0].field == "places.1"


def test_a_municipality_that_has_not_joined_is_named(house):
    with pytest.raises(InvalidInput) as refused:
        house.finder.find([PlaceRequest(HOME, Point(5.15, 52.05))])
    assert "Wilgendam" in refused.value.message


@pytest.mark.parametrize("count", [0, 6])
def test_one_to_five_places(house, count):
    with pytest.raises(InvalidInput, match="place_count"):
        house.finder.find([PlaceRequest(HOME, Point(5.05, 52.05 + number / 1000)) for number in range(count)])


def test_a_geocoder_that_is_away_is_not_the_fault_of_the_address(house):
    class Away:
        def find(self, query, limit=5):
            raise Unavailable("geocoder_unavailable", "Try again.")

    with pytest.raises(Unavailable, match="geocoder_unavailable"):
        PlaceFinder(house.areas, Away()).find([PlaceRequest(HOME, address="Dorpsstraat 1")])
