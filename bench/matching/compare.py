"""Ours beside others, in the same run: the right answer, a vectorised cover, PynamoDB, and the memory of a Lambda."""

import os
from collections.abc import Mapping, Sequence
from statistics import median

from bench.example_alert import active_alert
from bench.figures import median_cpu_s
from bench.matching import pynamo, reference_cover
from bench.matching.inputs import Places
from bench.matching.measure import Found
from bench.matching.memory import peak_mb
from bench.matching.oracle import people_inside
from chalicelib.areas.cover import KeyRange, cover
from chalicelib.delivery.plan import units

PYNAMO_AREAS = 12


def against_shapely(found: Sequence[Found], places: Places) -> Mapping[str, float]:
    """How many areas have other people, and how many have somebody twice."""
    return {
        "areas": len(found),
        "areas_unlike_oracle": sum(set(one.matched) != people_inside(one.area, places) for one in found),
        "areas_with_somebody_twice": sum(len(set(one.matched)) < len(one.matched) for one in found),
    }


def against_reference(found: Sequence[Found]) -> Mapping[str, float]:
    """Cover and match beside a cover by shapely and PynamoDB's ``Model.query``, on neighbourhoods."""
    local = [one for one in found if one.area.kind == "neighbourhood"] or list(found)
    figures = {}
    for kind in ("neighbourhood", "corridor", "city", "province"):
        some = [one for one in found if one.area.kind == kind]
        if some:
            figures[f"{kind}_cover_by_shapely"] = median(one.cover_cpu_ms / _reference_ms(one) for one in some)
    some = local[:: max(len(local) // PYNAMO_AREAS, 1)]
    ranges = [found for one in some for found in cover(one.area.shape)]
    endpoint = os.environ["AWS_ENDPOINT_URL_DYNAMODB"]
    theirs = pynamo.cpu_us_per_item(ranges, endpoint)
    projected = pynamo.cpu_us_per_item(ranges, endpoint, pynamo.PROJECTION)
    ours = 1e3 * sum(one.match_cpu_ms for one in some) / max(sum(one.items_read for one in some), 1)
    return {
        **figures,
        "match_cpu_us_per_item": ours,
        "pynamodb_cpu_us_per_item": theirs,
        "match_cpu_by_pynamodb": ours / theirs,
        "match_cpu_by_pynamodb_projected": ours / projected,
    }


def _reference_ms(one: Found) -> float:
    geometry = [reference_cover.geometry_of(one.area)]

    def prepare() -> None:
        geometry[0] = reference_cover.geometry_of(one.area)

    return 1e3 * median_cpu_s(lambda: reference_cover.cover(geometry[0]), prepare=prepare, runs=3)


def peak_of(found: Sequence[Found]) -> Mapping[str, float]:
    """The unit of the nation that reads the most rows."""
    nation = next(one for one in found if one.area.kind == "nation")
    lots = [[KeyRange(*parts) for parts in lot] for lot in units(active_alert(nation.area.shape))]
    largest = max(lots, key=lambda lot: nation.rows_of[lots.index(lot)])
    return {"nation_peak_mb": peak_mb(nation.area.shape, largest), "nation_largest_unit_rows": max(nation.rows_of)}
