"""``./dev bench matching``: who is inside an area, what finding out costs, and what it costs others.

Without arguments it invents a country: 1.7 million participants with 2.38 million places, and 60 areas of every kind.
Method and results: docs/benchmarks.md.
"""

import argparse
from pathlib import Path

from bench.figures import Outcome

BACKENDS = ("count", "dynalite", "ministack")
PEERS = ("shapely", "postgis")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--places", type=Path, metavar="FILE.csv", help="place_id,participant_id,rank,lon,lat")
    parser.add_argument("--areas", type=Path, metavar="FILE.geojson", help="FeatureCollection; property name")
    parser.add_argument("--out", type=Path, metavar="FILE.json", help="write whom and what it cost, by area")
    parser.add_argument("--backend", choices=BACKENDS, default="count", help="who plays DynamoDB (default: count)")
    parser.add_argument(
        "--peer", choices=PEERS, action="append", default=[], help="compare with it; may be given twice"
    )
    parser.add_argument("--participants", type=int, help="of the invented country (default: 1.7 million)")


def run(
    places: Path | None = None,
    areas: Path | None = None,
    out: Path | None = None,
    backend: str = "count",
    peer: list[str] | None = None,
    participants: int | None = None,
) -> Outcome:
    from bench.matching.play import play  # --help does not wait for numpy and shapely

    return play(places, areas, out, backend, peer or [], participants)
