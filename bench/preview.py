"""Previews: how long a dispatcher waits for one, and how far an estimate is from the exact number.

The waiting is measured on a local stack of its own, as the deployed template runs there: each neighbourhood of the
invented country by its code, and a circle of 500 m in it. Wall clock, from the request to its answer, on a machine that
also runs the emulator; beside each preview a call that does next to nothing, which shows how much of it is the stack's
and the machine's. The error is measured in this process: on 120,000 invented people around 24 centres, who work
elsewhere as people do, more often near than far; and on the cities, the provinces and the whole of the country
of 1.7 million that the matching benchmark invents.
"""

import random
import shutil
import statistics
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx

from bench.figures import Outcome
from bench.matching.count_table import CountTable
from bench.matching.country import Country
from bench.matching.rows import place_rows
from chalicelib.alerts.cap import Status
from chalicelib.alerts.content import Category, Kind, Occasion
from chalicelib.alerts.store import MemoryAlertStore
from chalicelib.areas import geohash
from chalicelib.areas.model import CircleShape, Point, Shape
from chalicelib.channels.model import Channel
from chalicelib.delivery.reach import DOUBT, EXACT_UP_TO, Reacher
from chalicelib.delivery.week import Week
from chalicelib.participants.cells import Heads, MemoryCellStore, cells_of
from chalicelib.participants.place_rows import PlaceRow, rounded
from chalicelib.participants.places import DynamoPlaceStore, MemoryPlaceStore, PlaceStore
from chalicelib.participants.recount import total
from chalicelib.platform import aws
from chalicelib.platform.clock import SystemClock
from chalicelib.platform.flat_dynamo import FlatDynamo
from chalicelib.staff.model import Role
from local import tokens
from local.addresses import FOLDER
from local.demo.client import Api
from local.stack import Stack

ROUNDS = 2
PEOPLE = 120_000
EVERYBODY = 10**7
CENTER = Point(5.3, 52.3)
ROBBERY = Occasion(Kind.ALERT, Category.ROBBERY, Status.ACTUAL)
NO_CAP = Week(MemoryAlertStore(), 0)
RADII_M = (14_000, 16_000, 22_000, 50_000)

COUNTRY = 1_700_000  # participants
LARGE = ("city", "province", "nation")

LIMITS = {
    "neighbourhood_p95_s": 1.0,
    "circle_p95_s": 1.0,
    "estimate_worst_error_percent": 2.0,
    "estimate_worst_cpu_s": 2.0,
    "country_worst_error_percent": 2.0,
}


def run() -> Outcome:
    return Outcome("preview", {**_waiting(), **_errors(_city()), **_errors_of_a_country()}, LIMITS)


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
class _Ground:
    places: PlaceStore
    cells: MemoryCellStore
    shapes: Sequence[Shape]


def _errors(ground: _Ground, name: str = "estimate") -> dict[str, float]:
    """Of the estimates for all shapes that hold more people than are counted one by one."""
    figures: dict[str, float] = {}
    errors, taken, read = [], [], []
    channels = (Channel.SMS, Channel.EMAIL)
    for shape in ground.shapes:
        true = Reacher(ground.places, ground.cells, SystemClock(), NO_CAP, EVERYBODY).reach(shape, channels, ROBBERY)
        assert true.exact
        if true.people <= EXACT_UP_TO * DOUBT:
            continue
        items, begin = ground.places.stats.items, time.process_time()
        estimate = Reacher(ground.places, ground.cells, SystemClock(), NO_CAP).reach(shape, channels, ROBBERY)
        taken.append(time.process_time() - begin)
        read.append(ground.places.stats.items - items)
        assert not estimate.exact
        errors.append(100 * abs(estimate.people / true.people - 1))
        figures[f"{name}_error_percent_of_{true.people}"] = errors[-1]
    return figures | {
        f"{name}_worst_error_percent": max(errors),
        f"{name}_median_cpu_s": statistics.median(taken),
        f"{name}_worst_cpu_s": max(taken),
        f"{name}_worst_places_read": max(read),
    }


@dataclass(frozen=True)
class _InProcess(FlatDynamo):
    """A table that is asked without a connection."""

    table: CountTable = field(kw_only=True)

    def _answer(self, action: str, request: Mapping[str, Any]) -> bytes:
        return self.table.query(request)


def _errors_of_a_country() -> dict[str, float]:
    """Its neighbourhoods are geohash-6, a kilometre and less."""
    country = Country(COUNTRY)
    table = _InProcess(table=CountTable(place_rows(country.places)))
    cells = MemoryCellStore()
    counted = (cells_of(row.point, geohash.encode(*row.point, 6), row.rank) for row in place_rows(country.places))
    for key, heads in total(counted).items():
        cells.correct(key, Heads(), heads)
    places = DynamoPlaceStore("places", lambda: aws.client("dynamodb"), table)
    shapes = [area.shape for area in country.areas if area.kind in LARGE]
    return _errors(_Ground(places, cells, shapes), "country")


def _city() -> _Ground:
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
    places, cells = MemoryPlaceStore(), MemoryCellStore()
    places.load(rows)
    for key, heads in total(cells_of(row.point, row.neighbourhood, row.rank) for row in rows).items():
        cells.correct(key, Heads(), heads)
    return _Ground(places, cells, [CircleShape(CENTER, radius) for radius in RADII_M])
