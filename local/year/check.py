"""Compares what every way out of the product tells with what must come of the plan."""

import csv
import io
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from chalicelib.reports.open_data import band
from chalicelib.reports.table import COUNTS
from chalicelib.staff.model import Role
from local.year import expected
from local.year.expected import Figures
from local.year.fill import ROOM, TEAM
from local.year.plan import DISTRICTS, NEIGHBOURHOODS, YEAR, Plan
from local.year.product import Caller

PERIOD = f"first={YEAR}-01-01&last={YEAR}-12-31"
# Names of the table, and of the API.
COUNTED = {
    "kind": "alerts.by_kind",
    "category": "alerts.by_category",
    "urgency": "alerts.by_urgency",
    "result": "results",
    "contribution": "contributions",
}
COLUMNS = {
    "alerts": "alerts.total",
    "open": "alerts.open",
    "tips": "tips",
    "closed": "success.closed",
    "successes": "success.successes",
    "people": "people.matched",
    "asked": "people.asked",
    "reached": "people.reached",
    "spared": "people.spared",
    "participants": "participants.participants",
    "home": "participants.home",
    **{f"participants_{channel}": f"participants.by_channel.{channel}" for channel in ("sms", "email")},
    **{f"{name}_{word}": f"{told}.{word}" for name, told in COUNTED.items() for word in COUNTS[name]},
    **{
        f"{channel}_{name}": f"messages.{channel}.{name}"
        for channel in ("sms", "email")
        for name in ("sent", "delivered", "failed", "parts")
    },
}
TOLD = ("alerts.", "people.", "messages.", "tips", "results.", "contributions.", "success.", "participants.", "times.")
SHARES = {"success.share", "success.low", "success.high", "success.too_few"}


@dataclass
class Table:
    """``told``: of an area's figure what it must be, and what each way out says. None: it must not be told."""

    must: dict[tuple[str, str], int | None] = field(default_factory=dict)
    said: dict[tuple[str, str], dict[str, int | None]] = field(default_factory=dict)

    def add(self, source: str, area: str, must: Mapping[str, int | None], said: Mapping[str, int | None]) -> None:
        """A figure that one of both does not name is none there."""
        for figure in {*must, *said}:
            key = area, figure
            self.must[key] = must.get(figure) or None
            self.said.setdefault(key, {})[source] = said.get(figure) or None

    def wrong(self) -> list[tuple[str, str]]:
        return sorted(key for key, said in self.said.items() if set(said.values()) != {self.must[key]})


def check(caller: Caller, plan: Plan, table: Table, source: str = "API") -> None:
    """All reports of the year, as its organisations see them. ``source``: whose column it is."""
    first = plan.area(0)
    for tenant, code, must in (
        (ROOM, "NL", Counter(expected.nation(plan)) + expected.participants(plan.municipalities * NEIGHBOURHOODS)),
        (ROOM, ROOM, expected.control_room(plan) + expected.participants(plan.municipalities // 2 * NEIGHBOURHOODS)),
        (TEAM, TEAM, _deep(expected.team(plan) + expected.participants(NEIGHBOURHOODS // 2))),
        (ROOM, first, expected.municipality(plan) + expected.participants(NEIGHBOURHOODS)),
    ):
        role = Role.POLICE_TEAM if tenant == TEAM else Role.DISPATCHER
        said = _flat(caller.get(f"/reports/areas/{code}?{PERIOD}", role, tenant))
        known = {**must, **expected.times()} if code == "NL" else must
        table.add(source, code, known, {name: it for name, it in said.items() if code == "NL" or "times." not in name})
    for number in range(DISTRICTS):
        _below(caller, plan.district(0, number), _district(plan, number), table, source)
    for number in range(NEIGHBOURHOODS):
        _below(caller, plan.neighbourhood(0, number), _neighbourhood(plan, number), table, source)
    for code, of in ((first, expected.municipality), (ROOM, expected.control_room), ("NL", expected.nation)):
        months = caller.get(f"/reports/areas/{code}/months?{PERIOD}", Role.DISPATCHER, ROOM)["parts"]
        by_month = {part["code"]: _flat(part) for part in months}
        slots = _months(plan)
        for month in {*slots, *by_month}:
            due = of(plan, slots[month]) if month in slots else Counter()
            table.add(source, f"{code} {month}", due, by_month.get(month, {}))


def check_parts(caller: Caller, plan: Plan, table: Table) -> None:
    """What lies in a municipality, the nation's as far as it is the control room's, the room's, and a police team's."""
    first, nation = plan.area(0), expected.participants(plan.municipalities * NEIGHBOURHOODS)
    below = {plan.district(0, number): _district(plan, number) for number in range(DISTRICTS)}
    below |= {plan.neighbourhood(0, number): _neighbourhood(plan, number) for number in range(NEIGHBOURHOODS)}
    whole = expected.municipality(plan) + expected.participants(NEIGHBOURHOODS)
    _together(caller, first, whole, below, table)
    ours = {plan.area(number): whole for number in range(plan.municipalities // 2)}
    _together(caller, "NL", expected.nation(plan) + nation, ours, table)
    half = expected.participants(plan.municipalities // 2 * NEIGHBOURHOODS)
    _together(caller, ROOM, expected.control_room(plan) + half, ours, table)
    team = _deep(expected.team(plan) + expected.participants(NEIGHBOURHOODS // 2))
    theirs = {plan.district(0, number): _district(plan, number) for number in (1, 2)}
    _together(caller, TEAM, team, theirs, table, Role.POLICE_TEAM, TEAM)


def _together(
    caller: Caller,
    area: str,
    whole: Figures,
    below: Mapping[str, Figures],
    table: Table,
    role: Role = Role.DISPATCHER,
    tenant: str = ROOM,
) -> None:
    """An area, or an organisation, with all that lies in it: its parts, its dashboard, its table."""

    def ask(what: str) -> Any:
        return caller.get(f"/reports/areas/{area}/{what}?{PERIOD}", role, tenant)

    parts = {part["code"]: _flat(part) for part in ask("parts")["parts"]}
    dashboard = ask("dashboard")
    shown = {part["code"]: _flat(part) for part in dashboard["parts"]}
    table.add("dashboard", area, whole, {name: it for name, it in _flat(dashboard).items() if "times." not in name})
    lines = {row["code"]: row for row in csv.DictReader(io.StringIO(ask("figures.csv")), delimiter=";")}
    for code in {*below, *parts, *shown}:
        table.add("parts", code, below.get(code, Counter()), parts.get(code, {}))
        table.add("dashboard", code, below.get(code, Counter()), shown.get(code, {}))
    for code, figures in {**below, area: whole}.items():
        row = lines.get(code, {})
        told = {name: int(row[column]) for column, name in COLUMNS.items() if row.get(column)}
        table.add("CSV", code, {name: figures[name] for name in COLUMNS.values()}, told)


def check_open_data(caller: Caller, plan: Plan, table: Table) -> None:
    """Every line of the year, as JSON and as a table."""
    data = caller.get(f"/open-data/{YEAR}/alerts.json")
    said = {f"{line['code']} {line['month']}": _open(line) for line in data["months"]}
    lines = csv.DictReader(io.StringIO(caller.get(f"/open-data/{YEAR}/alerts.csv")))
    rows = {f"{row['code']} {row['month']}": _open_row(row) for row in lines}
    must = {f"NL {month}": expected.nation(plan, slots) for month, slots in _months(plan).items()}
    for number in range(plan.municipalities):
        must |= {
            f"{plan.area(number)} {month}": expected.municipality(plan, slots) for month, slots in _months(plan).items()
        }
    for key in {*must, *said, *rows}:
        due = _banded(must.get(key, Counter()))
        table.add("open data", key, due, said.get(key, {}))
        table.add("open CSV", key, due, rows.get(key, {}))
    table.add("open data", "NL", _banded(expected.nation(plan)), _open(data["nation"]))


def _below(caller: Caller, code: str, must: Figures, table: Table, source: str) -> None:
    answer = caller.get(f"/reports/areas/{code}?{PERIOD}", Role.DISPATCHER, ROOM)
    table.add(source, code, must, _flat(answer))


def _district(plan: Plan, number: int) -> Figures:
    return _deep(expected.district(plan, number) + expected.participants(NEIGHBOURHOODS // DISTRICTS))


def _neighbourhood(plan: Plan, number: int) -> Figures:
    return _deep(expected.neighbourhood(plan, number) + expected.participants(1))


def _deep(figures: Figures) -> Figures:
    """Who was spared, which messages failed and how many parts they had is not told below a municipality."""
    return Counter({it: number for it, number in figures.items() if not it.endswith((".spared", ".failed", ".parts"))})


def _months(plan: Plan) -> dict[str, int]:
    return {f"{YEAR}-{month:02d}": slots for month, slots in sorted(Counter(plan.slots).items())}


def _flat(answer: Mapping[str, Any]) -> dict[str, int | None]:
    """``{"people": {"asked": 3}}`` as ``{"people.asked": 3}``, of all figures that are counts."""
    return {
        name: number
        for name, number in _leaves("", answer)
        if name.startswith(TOLD)
        and name not in SHARES
        and not name.startswith(("participants.growth", "participants.per"))
    }


def _leaves(above: str, value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping):
        for name, below in value.items():
            yield from _leaves(f"{above}.{name}" if above else name, below)
    else:
        yield above, value


def _banded(figures: Figures) -> dict[str, int | None]:
    names = ("alerts.total", "alerts.by_kind.", "alerts.by_category.", "results.", "contributions.")
    fewest, most = band(figures["people.reached"])
    told = {name: number for name, number in figures.items() if name.startswith(names)}
    return {**told, "open.reached_from": fewest, "open.reached_to": most}


def _open(line: Mapping[str, Any]) -> dict[str, int | None]:
    counts = {name: line[name] for name in ("results", "contributions")}
    alerts = {"total": line["alerts"], "by_kind": line["by_kind"], "by_category": line["by_category"]}
    reached = {name: line[name] for name in ("reached_from", "reached_to")}
    return dict(_leaves("", {**counts, "alerts": alerts, "open": reached}))


def _open_row(row: Mapping[str, str]) -> dict[str, int | None]:
    names = {"kind_": "alerts.by_kind.", "category_": "alerts.by_category.", "result_": "results."}
    names |= {"contribution_": "contributions.", "reached_": "open.reached_"}
    found: dict[str, int | None] = {"alerts.total": int(row["alerts"])}
    for column, text in row.items():
        for prefix, name in names.items():
            if column.startswith(prefix):
                found[name + column.removeprefix(prefix)] = int(text)
    return found
