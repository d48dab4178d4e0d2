"""Previews: how long a dispatcher waits for one, and how far an estimate is from the exact number.

The waiting is measured on a local stack of its own, as the deployed template runs there: each neighbourhood of the
invented country by its code, and a circle of 500 m in it. Wall clock, from the request to its answer, on a machine that
also runs the emulator; beside each preview a call that does next to nothing, which shows how much of it is the stack's
and the machine's. The error is measured in this process on 120,000 invented people around 24 centres, who work
elsewhere as people do: more often near than far.
"""

import random
import shutil
import statistics
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import httpx

from bench.figures import Outcome
from chalicelib.alerts.cap import Status
from chalicelib.alerts.content import Category, Kind, Occasion
from chalicelib.alerts.store import MemoryAlertStore
from chalicelib.areas.model import CircleShape, Point
from chalicelib.channels.model import Channel
from chalicelib.delivery.reach import EXACT_UP_TO, Reacher
from chalicelib.delivery.week import Week
from chalicelib.participants.cells import Heads, MemoryCellStore, cells_of
from chalicelib.participants.place_rows import PlaceRow, rounded
from chalicelib.participants.places import MemoryPlaceStore
from chalicelib.participants.recount import total
from chalicelib.platform.clock import SystemClock
from chalicelib.staff.model import Role
from local import tokens
from local.addresses import FOLDER
from local.demo.client import Api
from local.stack import Stack

ROUNDS = 2
PEOPLE = 120_000
CENTER = Point(5.3, 52.3)
ROBBERY = Occasion(Kind.ALERT, Category.ROBBERY, Status.ACTUAL)
NO_CAP = Week(MemoryAlertStore(), 0)
RADII_M = (14_000, 16_000, 22_000, 50_000)

LIMITS = {
    "neighbourhood_p95_s": 1.0,
    "circle_p95_s": 1.0,
    "estimate_worst_error_percent": 2.0,
    "estimate_worst_cpu_s": 2.0,
}


def run() -> Outcome:
    return Outcome("preview", {**_waiting(), **_errors()}, LIMITS)


def _waiting() -> dict[str, float]:
    def progress(step: str) -> None:
        print(f"  stack: {step}", file=sys.stderr)

    folder = FOLDER / "bench-preview"
    with Stack(folder, progress=progress) as stack, httpx.Client(timeout=30) as http:
        api = Api(http, stack.addresses.api).as_(tokens.issue(Role.DISPATCHER, user="anna"))
        neighbourhoods = list(_neighbourhoods(api))
        by_code = [{"codes": [area["code"]]} for area in neighbourhoods]
        circles = [{"circle": {"center": [*area["label"].values()], "radius_m": 500}} for area in neighbourhoods]
        for area in by_code:
            _seconds(api, area)  # the first call of a function is another measurement
        times: dict[str, list[float]] = {"neighbourhood": [], "circle": [], "bare_call": []}
        for _ in range(ROUNDS):
            for code, circle in zip(by_code, circles, strict=True):
                times["neighbourhood"].append(_seconds(api, code))
                times["circle"].append(_seconds(api, circle))
                begin = time.perf_counter()
                api.get("/alerts", limit="1")
                times["bare_call"].append(time.perf_counter() - begin)
    shutil.rmtree(folder, ignore_errors=True)
    figures: dict[str, float] = {"neighbourhood_previews": len(times["neighbourhood"])}
    for name, taken in times.items():
        figures[f"{name}_median_s"] = statistics.median(taken)
        figures[f"{name}_p95_s"] = statistics.quantiles(taken, n=20)[-1]
    return figures


def _neighbourhoods(api: Api) -> Iterator[dict[str, dict[str, float]]]:
    """Those of the municipalities that take part."""
    for municipality in api.get("/areas")["areas"]:
        if municipality["joined"]:
            for district in api.get("/areas", parent=municipality["code"])["areas"]:
                yield from api.get("/areas", parent=district["code"])["areas"]


def _seconds(api: Api, area: Mapping[str, object]) -> float:
    begin = time.perf_counter()
    told = api.post("/alerts/preview", {"area": area, "channels": ["sms", "email"]})
    taken = time.perf_counter() - begin
    assert told["exact"]
    return taken


@dataclass(frozen=True)
class _City:
    places: MemoryPlaceStore
    cells: MemoryCellStore


def _errors() -> dict[str, float]:
    city = _city()
    figures: dict[str, float] = {"estimate_places": sum(len(keys) for keys in city.places.keys.values())}
    errors, taken, read = [], [], []
    channels = (Channel.SMS, Channel.EMAIL)
    for radius in RADII_M:
        shape = CircleShape(CENTER, radius)
        true = Reacher(city.places, city.cells, SystemClock(), NO_CAP, 10 * PEOPLE).reach(shape, channels, ROBBERY)
        assert true.exact
        assert true.people > EXACT_UP_TO, f"{radius} m holds only {true.people}"
        items, begin = city.places.stats.items, time.process_time()
        estimate = Reacher(city.places, city.cells, SystemClock(), NO_CAP).reach(shape, channels, ROBBERY)
        taken.append(time.process_time() - begin)
        read.append(city.places.stats.items - items)
        assert not estimate.exact
        errors.append(100 * abs(estimate.people / true.people - 1))
        figures[f"estimate_error_percent_of_{true.people}"] = errors[-1]
    return figures | {
        "estimate_worst_error_percent": max(errors),
        "estimate_median_cpu_s": statistics.median(taken),
        "estimate_worst_cpu_s": max(taken),
        "estimate_worst_places_read": max(read),
    }


def _city() -> _City:
    dice = random.Random(20_261_123)
    centres = [Point(CENTER.lon + dice.gauss(0, 0.2), CENTER.lat + dice.gauss(0, 0.12)) for _ in range(24)]

    def near(centre: Point) -> Point:
        return rounded(Point(centre.lon + dice.gauss(0, 0.02), centre.lat + dice.gauss(0, 0.013)))

    rows: list[PlaceRow] = []
    for number in range(PEOPLE):
        phone, email = dice.choice([("+31612345678", None), ("+31612345678", "a@b.example"), (None, "a@b.example")])
        home = dice.choice(centres)
        points: list[Point] = []
        for rank in range(dice.choices([1, 2, 3], [60, 32, 8])[0]):
            points.append(near(home if rank == 0 or dice.random() < 0.5 else dice.choice(centres)))
            code = f"BU9{centres.index(home):03d}0001"
            earlier = tuple(points[:-1])
            rows.append(PlaceRow(f"{number:013d}", rank, points[-1], earlier, phone, email, "nl", code, 0))
    city = _City(MemoryPlaceStore(), MemoryCellStore())
    city.places.load(rows)
    for key, heads in total(cells_of(row.point, row.neighbourhood, row.rank) for row in rows).items():
        city.cells.correct(key, Heads(), heads)
    return city
