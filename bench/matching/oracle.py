"""Who is inside by other programs: shapely (GEOS) for polygons, every distance of the globe for circles."""

import json

import numpy as np
import shapely

from bench.matching.inputs import NamedArea, Places
from chalicelib.areas.geodesy import distance_m


def people_inside(area: NamedArea, places: Places) -> set[int]:
    """Participants by index. A point on the border is inside."""
    west, south, east, north = area.shape.bounds
    near = np.flatnonzero((places.lon >= west) & (places.lon <= east) & (places.lat >= south) & (places.lat <= north))
    lon, lat = places.lon[near], places.lat[near]
    if area.circle:
        middle_lon, middle_lat, radius_m = area.circle
        inside = np.array(
            [
                distance_m(middle_lon, middle_lat, x, y) <= radius_m
                for x, y in zip(lon.tolist(), lat.tolist(), strict=True)
            ],
            bool,
        )
    else:
        geometry = shapely.from_geojson(json.dumps(area.geometry))
        if not geometry.is_valid:
            geometry = shapely.union_all(shapely.get_parts(geometry))
        shapely.prepare(geometry)
        inside = shapely.intersects_xy(geometry, lon, lat)
    return set(places.who[near[inside]].tolist())
