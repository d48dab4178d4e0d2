"""From what somebody asks for to places that alerts can find: located, in a municipality that takes part."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from chalicelib.areas.geocoder import Geocoder
from chalicelib.areas.model import Location, Point
from chalicelib.participants.model import MAX_PLACES, Place, PlaceKind
from chalicelib.participants.place_rows import rounded
from chalicelib.participants.wishes import Hours
from chalicelib.platform.errors import InvalidInput


class Locator(Protocol):
    """What is needed of the areas."""

    def locate(self, point: Point) -> Location | None:
        """The areas that hold the point, None where it lies in none."""
        ...


@dataclass(frozen=True)
class PlaceRequest:
    """Exactly one of ``point`` and ``address``."""

    kind: PlaceKind
    point: Point | None = field(default=None, repr=False)
    address: str | None = field(default=None, repr=False)
    hours: tuple[Hours, ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class PlaceFinder:
    areas: Locator
    geocoder: Geocoder

    def find(self, requests: Sequence[PlaceRequest]) -> tuple[Place, ...]:
        """Places in the order of the requests.

        Raises:
            InvalidInput: ``place_count``, ``place_point_or_address``, ``address_not_found``, ``place_not_found``,
                ``municipality_not_joined``, ``duplicate_place``; the field is ``places.<n>``.
            Unavailable: the geocoder does not answer.
        """
        if not 1 <= len(requests) <= MAX_PLACES:
            raise InvalidInput.of("places", "place_count", f"Give 1 to {MAX_PLACES} places.")
        places: list[Place] = []
        for number, request in enumerate(requests):
            place = self._find(request, f"places.{number}")
            if any(place.point == other.point for other in places):
                raise InvalidInput.of(f"places.{number}", "duplicate_place", "This place is there already.")
            places.append(place)
        return tuple(places)

    def _find(self, request: PlaceRequest, at: str) -> Place:
        point, label = self._point(request, at)
        location = self.areas.locate(point)
        if location is None:
            raise InvalidInput.of(at, "place_not_found", "This place lies in no municipality that we know.")
        if not location.joined:
            raise InvalidInput.of(
                at, "municipality_not_joined", f"{location.municipality_name} does not take part yet."
            )
        return Place(request.kind, point, location.smallest, location.municipality, label, request.hours)

    def _point(self, request: PlaceRequest, at: str) -> tuple[Point, str | None]:
        if request.point is not None and request.address is None:
            return rounded(request.point), None
        if request.address is None or request.point is not None:
            raise InvalidInput.of(at, "place_point_or_address", "Give a point or an address, one of the two.")
        found = self.geocoder.find(request.address, limit=1)
        if not found:
            raise InvalidInput.of(at, "address_not_found", "This address was not found.")
        return rounded(found[0].point), found[0].label
