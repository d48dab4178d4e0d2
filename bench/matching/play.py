"""One run: load, find, compare, tell."""

import gc
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TypeVar

from bench.figures import Outcome
from bench.matching import postgis
from bench.matching.backends import backend
from bench.matching.compare import against_reference, against_shapely, peak_of
from bench.matching.country import PARTICIPANTS, Country
from bench.matching.inputs import BadInput, NamedArea, Places, read_areas, read_places
from bench.matching.measure import Found, find
from bench.matching.report import LIMITS, figures_of

BAD_INPUT = 2  # exit status, as of a wrong argument; 1 is a missed target

T = TypeVar("T")


def play(
    places: Path | None,
    areas: Path | None,
    out: Path | None,
    name: str,
    peers: Sequence[str],
    participants: int | None,
) -> Outcome:
    if "postgis" in peers:
        _or_exit(postgis.folder_of_programs)
    given, asked = _or_exit(lambda: _inputs(places, areas, participants))
    if out:
        _or_exit(out.touch)  # or all would have been in vain
    _say(f"{len(given):,} places of {len(given.ids):,} participants, {len(asked)} areas; loading")
    figures: dict[str, float] = {}
    with ExitStack() as running:
        peer = running.enter_context(_postgis(given)) if "postgis" in peers else None
        table = running.enter_context(backend(name, given))
        gc.freeze()
        found, theirs = [], []
        for area in asked:
            found.append(find(area, table.open))
            if peer:  # at once, or another minute's noise would be in the ratio
                theirs.append(peer.find(area))
            _say(_line(found[-1]))
        figures |= {"row_bytes": table.row_bytes, "fullest_partition_rows": table.fullest_partition}
        figures |= figures_of(found)
        if name == "count":
            figures |= against_reference(found)
        if any(one.area.kind == "nation" for one in found):
            figures |= peak_of(found)
        if out:
            out.write_text(json.dumps({one.area.name: one.to_json(given.ids) for one in found}))
    if "shapely" in peers or not places:
        figures |= against_shapely(found, given)
    if "postgis" in peers:
        figures |= _against_postgis(found, theirs)
    return Outcome("matching", figures, {metric: limit for metric, limit in LIMITS.items() if metric in figures})


def _inputs(places: Path | None, areas: Path | None, participants: int | None) -> tuple[Places, Sequence[NamedArea]]:
    if bool(places) != bool(areas):
        raise BadInput("--places and --areas go together")
    if places and areas:
        return read_places(places), read_areas(areas)
    country = Country(participants or PARTICIPANTS)
    return country.places, country.areas


@contextmanager
def _postgis(given: Places) -> Iterator[postgis.Session]:
    _say("PostGIS: loading")
    with postgis.running() as session:
        session.load(given)
        yield session


def _against_postgis(found: Sequence[Found], answers: Sequence[postgis.Answer]) -> Mapping[str, float]:
    figures: dict[str, float] = {}
    wrong = sum(set(one.matched) != set(answer.people) for one, answer in zip(found, answers, strict=True))
    for kind in dict.fromkeys(one.area.kind for one in found):
        pairs = [
            (one.cpu_ms, answer.cpu_ms) for one, answer in zip(found, answers, strict=True) if one.area.kind == kind
        ]
        ours, theirs = (sorted(values)[len(pairs) // 2] for values in zip(*pairs, strict=True))
        label = kind or "area"
        figures |= {f"{label}_postgis_cpu_ms": theirs, f"{label}_cpu_by_postgis": ours / max(theirs, 1e-3)}
    return {"areas_unlike_postgis": wrong, **figures}


def _or_exit(act: Callable[[], T]) -> T:
    try:
        return act()
    except (BadInput, OSError, postgis.NotInstalled) as error:
        print(error, file=sys.stderr)
        sys.exit(BAD_INPUT)


def _line(one: Found) -> str:
    cost = f"{one.units_per_1000:>6.1f} units/1000 {one.cover_cpu_ms:>7.1f} + {one.match_cpu_ms:>9.1f} ms"
    found = f"{len(one.matched):>9,} matched {one.queries:>5} queries {one.over_read:>6.2f} read/inside"
    return f"  {one.area.name:<18} {found} {cost}"


def _say(text: str) -> None:
    print(text, flush=True)
