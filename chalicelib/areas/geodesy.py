"""Distances on the WGS 84 ellipsoid, in metres."""

from math import atan, atan2, cos, degrees, radians, sin, sqrt, tan

EQUATORIAL_M = 6_378_137.0
FLATTENING = 1 / 298.257223563
POLAR_M = EQUATORIAL_M * (1 - FLATTENING)
ECCENTRICITY_2 = FLATTENING * (2 - FLATTENING)

# Below this distance ``near_m`` is within NEAR_ERROR of the truth between 80° S and 80° N (tested against Vincenty).
NEAR_M = 60_000.0
NEAR_LATITUDE = 80.0
NEAR_ERROR = 2e-4


def distance_m(lon1: float, lat1: float, lon2: float, lat2: float) -> float:
    """The geodesic distance, to within a millimetre, for points that are not nearly opposite on the globe.

    T. Vincenty, "Direct and inverse solutions of geodesics on the ellipsoid", Survey Review 176 (1975).
    """
    if lon1 == lon2 and lat1 == lat2:
        return 0.0
    reduced1, reduced2 = (atan((1 - FLATTENING) * tan(radians(lat))) for lat in (lat1, lat2))
    sin1, cos1, sin2, cos2 = sin(reduced1), cos(reduced1), sin(reduced2), cos(reduced2)
    difference = radians(lon2 - lon1)
    turn = difference
    for _ in range(100):
        sin_turn, cos_turn = sin(turn), cos(turn)
        sin_arc = sqrt((cos2 * sin_turn) ** 2 + (cos1 * sin2 - sin1 * cos2 * cos_turn) ** 2)
        if sin_arc == 0.0:
            return 0.0
        cos_arc = sin1 * sin2 + cos1 * cos2 * cos_turn
        arc = atan2(sin_arc, cos_arc)
        sin_azimuth = cos1 * cos2 * sin_turn / sin_arc
        cos2_azimuth = 1 - sin_azimuth**2
        middle = cos_arc - 2 * sin1 * sin2 / cos2_azimuth if cos2_azimuth else 0.0
        c = FLATTENING / 16 * cos2_azimuth * (4 + FLATTENING * (4 - 3 * cos2_azimuth))
        series = arc + c * sin_arc * (middle + c * cos_arc * (2 * middle**2 - 1))
        before, turn = turn, difference + (1 - c) * FLATTENING * sin_azimuth * series
        if abs(turn - before) < 1e-13:
            break
    u2 = cos2_azimuth * (EQUATORIAL_M**2 - POLAR_M**2) / POLAR_M**2
    a = 1 + u2 / 16384 * (4096 + u2 * (-768 + u2 * (320 - 175 * u2)))
    b = u2 / 1024 * (256 + u2 * (-128 + u2 * (74 - 47 * u2)))
    inner = cos_arc * (2 * middle**2 - 1) - b / 6 * middle * (4 * sin_arc**2 - 3) * (4 * middle**2 - 3)
    return POLAR_M * a * (arc - b * sin_arc * (middle + b / 4 * inner))


def radii_m(lat: float) -> tuple[float, float]:
    """Metres per radian of latitude, and per radian of longitude, at a latitude in degrees."""
    sine, cosine = sin(radians(lat)), cos(radians(lat))
    w2 = 1 - ECCENTRICITY_2 * sine * sine
    w = sqrt(w2)
    return EQUATORIAL_M * (1 - ECCENTRICITY_2) / (w2 * w), EQUATORIAL_M * cosine / w


def near_m(lon1: float, lat1: float, lon2: float, lat2: float) -> float:
    """The distance by the middle latitude: cheap, and within ``NEAR_ERROR`` for points less than ``NEAR_M`` apart."""
    north, east = radii_m((lat1 + lat2) / 2)
    return sqrt((north * radians(lat2 - lat1)) ** 2 + (east * radians(lon2 - lon1)) ** 2)


def half_width(lat: float, radius_m: float, at: float) -> float | None:
    """Half the width, in degrees of longitude, of a circle around latitude ``lat`` where it meets latitude ``at``.

    By the middle latitude, so within ``NEAR_ERROR`` of the radius. None where the circle does not reach ``at``.
    """
    north, east = radii_m((lat + at) / 2)
    rest = radius_m**2 - (north * radians(at - lat)) ** 2
    return None if rest < 0 else degrees(sqrt(rest) / east)
