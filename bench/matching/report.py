"""Figures by kind of area, the targets, and how cost grows with the number of people."""

from collections.abc import Mapping, Sequence
from statistics import median

from bench.matching.measure import Found

LIMITS: Mapping[str, float] = {
    "areas_unlike_oracle": 0,
    "areas_with_somebody_twice": 0,
    "areas_unlike_postgis": 0,
    "neighbourhood_queries_median": 8,
    "neighbourhood_queries_max": 25,
    "corridor_queries_median": 64,
    "neighbourhood_read_by_inside": 1.40,
    "corridor_read_by_inside": 1.90,
    "city_read_by_inside": 1.03,
    "neighbourhood_units_per_1000": 25,
    "nation_units_per_1000": 25,
    "neighbourhood_cover_cpu_ms": 2.5,
    "neighbourhood_cover_by_shapely": 2,
    "match_cpu_by_pynamodb": 1 / 7,
    "neighbourhood_cpu_by_postgis": 2,
    "nation_cpu_by_postgis": 3,
    "nation_peak_mb": 256,
}
SIZES = (100, 1_000, 10_000, 100_000, 1_000_000)


def figures_of(found: Sequence[Found]) -> dict[str, float]:
    """Ratios are of the sums over a kind of area, everything else the median."""
    figures: dict[str, float] = {}
    for kind in dict.fromkeys(one.area.kind for one in found):
        some = [one for one in found if one.area.kind == kind]
        people = sum(len(one.matched) for one in some)
        figures |= {
            f"{kind or 'area'}_{metric}": float(value)
            for metric, value in {
                "matched_median": median(len(one.matched) for one in some),
                "queries_median": median(one.queries for one in some),
                "queries_max": max(one.queries for one in some),
                "messages_median": median(one.units for one in some),
                "messages_max": max(one.units for one in some),
                "read_by_inside": sum(one.items_read for one in some) / max(sum(one.rows_inside for one in some), 1),
                "read_by_inside_median": median(one.over_read for one in some),
                "units_per_1000": 1_000 * sum(one.read_units for one in some) / max(people, 1),
                "cover_cpu_ms": median(one.cover_cpu_ms for one in some),
                "match_cpu_ms": median(one.match_cpu_ms for one in some),
            }.items()
        }
    return figures | _growth(found)


def _growth(found: Sequence[Found]) -> dict[str, float]:
    """The area whose number of people is nearest to each size, in proportion."""
    figures: dict[str, float] = {}
    for size in SIZES:
        one = min(found, key=lambda one: abs(len(one.matched) / size - 1))
        if 0.3 < len(one.matched) / size < 3:
            figures |= {
                f"at_{size}_matched": len(one.matched),
                f"at_{size}_queries": one.queries,
                f"at_{size}_read_units": one.read_units,
                f"at_{size}_cpu_ms": one.cpu_ms,
            }
    return figures
