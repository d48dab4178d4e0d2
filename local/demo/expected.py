"""Who must be asked, computed apart from the product: shapely over a list of people, nothing of ``chalicelib``."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import shapely
from shapely.geometry import shape


@dataclass(frozen=True)
class Resident:
    """``points``: lon, lat of every place. ``contacts``: channel -> phone number or address."""

    points: tuple[tuple[float, float], ...]
    contacts: Mapping[str, str] = field(repr=False)


def asked(people: Iterable[Resident], geometry: Mapping[str, Any], channels: Iterable[str]) -> set[tuple[str, str]]:
    """``(channel, contact)`` of everybody with a place in a GeoJSON geometry; the border counts as inside."""
    area = shape(geometry)
    shapely.prepare(area)
    wanted = set(channels)
    return {
        (channel, contact)
        for person in people
        if any(shapely.covers(area, shapely.Point(point)) for point in person.points)
        for channel, contact in person.contacts.items()
        if channel in wanted
    }
