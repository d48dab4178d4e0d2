"""``GET /map``: what lies under the maps of all pages, and whose what is drawn on them is."""

from collections.abc import Callable
from dataclasses import dataclass

from pydantic import Field

from chalicelib.areas.service import AreaService
from chalicelib.platform.http import Body, Call, Endpoint

KEPT_S = 3600


class TilesBody(Body):
    url: str = Field(description="Address of a picture of 256 pixels, with `{z}`, `{x}` and `{y}` (EPSG:3857).")
    by: str = Field(description="Whose they are.")


class BoundariesBody(Body):
    by: str = Field(description="Whose they are.")
    year: int


class MapBody(Body):
    tiles: TilesBody | None = Field(default=None, description="Without them nothing lies under the maps.")
    boundaries: BoundariesBody | None = Field(default=None, description="Missing where nobody has said.")


@dataclass(frozen=True)
class MapRoutes:
    """``tiles``: address and owner; empty where there are none."""

    areas: Callable[[], AreaService]
    tiles: Callable[[], tuple[str, str]]

    def endpoints(self) -> list[Endpoint]:
        return [
            Endpoint(
                "GET",
                "/map",
                self.map,
                "What lies under maps, and whom to name under them",
                reply=MapBody,
                kept_s=KEPT_S,
            )
        ]

    def map(self, call: Call[None]) -> MapBody:
        url, by = self.tiles()
        source = self.areas().source()
        return MapBody(
            tiles=TilesBody(url=url, by=by) if url else None,
            boundaries=BoundariesBody(by=source.name, year=source.year) if source else None,
        )
