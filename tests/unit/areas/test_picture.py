"""What people are shown of an area."""

from chalicelib.areas.geodesy import distance_m
from chalicelib.areas.model import CircleShape, Point, PolygonShape
from chalicelib.areas.picture import picture

RING = ((5.1234567, 52.1), (5.2, 52.1), (5.2, 52.2), (5.1234567, 52.1))


def test_a_polygon_keeps_its_corners_to_a_metre():
    assert picture(PolygonShape(((RING,),))) == {
        "type": "MultiPolygon",
        "coordinates": [[[[5.12346, 52.1], [5.2, 52.1], [5.2, 52.2], [5.12346, 52.1]]]],
    }


def test_a_circle_gets_corners_at_its_distance():
    [[ring]] = picture(CircleShape(Point(5.1, 52.1), 900))["coordinates"]
    assert ring[0] == ring[-1]
    assert len(ring) == 65
    assert all(abs(distance_m(5.1, 52.1, *corner) - 900) < 2 for corner in ring)
