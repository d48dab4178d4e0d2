"""Compares what every way out of the product tells with what must come of the plan."""

import csv
import io
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from chalicelib.reports.figures import Times
from chalicelib.reports.open_data import band
from chalicelib.reports.table import COUNTS
from chalicelib.staff.model import Role
from local.year import expected
from local.year.expected import Figures
from local.year.fill import ROOM, TEAM
from local.year.plan import DISTRICTS, NEIGHBOURHOODS, YEAR, Plan
from local.year.product import Caller
from local.year.subjects import ALL, SERIES, Span, Subject, subjects

PERIOD = f"first={ALL.first}&last={ALL.last}"
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
    "per_thousand": "participants.per_thousand",
    "participants_before": "participants.growth.before",
    "participants_after": "participants.growth.after",
    "cost_cents": "cost.cents",
    **{f"seconds_to_{name}": f"times.{name}" for name in Times._fields},
    **{f"participants_{channel}": f"participants.by_channel.{channel}" for channel in ("sms", "email")},
    **{f"{name}_{word}": f"{told}.{word}" for name, told in COUNTED.items() for word in COUNTS[name]},
    **{
        f"{channel}_{name}": f"messages.{channel}.{name}"
        for channel in ("sms", "email")
        for name in ("sent", "delivered", "failed", "parts")
    },
}
TOLD = (
    "alerts.",
    "cost.cents",
    "people.",
    "messages.",
    "tips",
    "results.",
    "contributions.",
    "success.",
    "participants.",
    "times.",
)
SHARES = {"success.share", "success.low", "success.high", "success.too_few", "participants.growth.share"}


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
    for subject in subjects(plan):
        said = caller.get(f"/reports/areas/{subject.code}?{PERIOD}", subject.role, subject.tenant)
        table.add(source, subject.code, subject.year(), _flat(said))
        for by, spans in SERIES.items():
            path = f"/reports/areas/{subject.code}/{by}?{_days(spans)}"
            parts = {part["code"]: _flat(part) for part in caller.get(path, subject.role, subject.tenant)["parts"]}
            must = subject.series(by)
            for name in {*must, *parts}:
                table.add(source, f"{subject.code} {name}", must.get(name, Counter()), parts.get(name, {}))
    for number in range(DISTRICTS):
        _below(caller, plan.district(0, number), _district(plan, number), table, source)
    for number in range(NEIGHBOURHOODS):
        _below(caller, plan.neighbourhood(0, number), _neighbourhood(plan, number), table, source)


def check_parts(caller: Caller, plan: Plan, table: Table) -> None:
    """What lies in a municipality, the nation's as far as it is the control room's, the room's, and a police team's."""
    below = {plan.district(0, number): _district(plan, number) for number in range(DISTRICTS)}
    below |= {plan.neighbourhood(0, number): _neighbourhood(plan, number) for number in range(NEIGHBOURHOODS)}
    one = expected.municipality(plan) + expected.participants(NEIGHBOURHOODS)
    ours = {plan.area(number): one for number in range(plan.municipalities // 2)}
    theirs = {plan.district(0, number): _district(plan, number) for number in (1, 2)}
    for subject in subjects(plan):
        parts = {"NL": ours, ROOM: ours, TEAM: theirs}.get(subject.code, below)
        _together(caller, subject, {code: _as_part(it) for code, it in parts.items()}, table)


def _together(caller: Caller, subject: Subject, below: Mapping[str, Figures], table: Table) -> None:
    """An area, or an organisation, with all that lies in it: its parts, its dashboard, its tables."""

    def ask(what: str) -> Any:
        return caller.get(f"/reports/areas/{subject.code}/{what}", subject.role, subject.tenant)

    area = subject.code
    parts = {part["code"]: _flat(part) for part in ask(f"parts?{PERIOD}")["parts"]}
    dashboard = ask(f"dashboard?{PERIOD}")
    shown = {part["code"]: _flat(part) for part in dashboard["parts"]}
    cost = {name: number for name, number in ask(f"cost?{PERIOD}").items() if name == "cost"}
    table.add("dashboard", area, subject.year(), _flat({**cost, **dashboard}))  # the nation's has none of its own
    table.add("cost", area, {"cost.cents": subject.year()["cost.cents"]}, _flat(cost))
    by_month = {month["code"]: _flat(month) for month in dashboard["months"]}
    for month, figures in subject.series("months").items():
        must = _without(figures, "cost.", "participants.")
        table.add("dashboard", f"{area} {month}", must, by_month.pop(month, {}))
    table.add("dashboard", f"{area} months", {}, {"others": len(by_month)})
    lines = {row["code"]: row for row in _lines(ask(f"figures.csv?{PERIOD}"))}
    for code in {*below, *parts, *shown}:
        table.add("parts", code, below.get(code, Counter()), parts.get(code, {}))
        table.add("dashboard", code, below.get(code, Counter()), shown.get(code, {}))
    for code, figures in {**below, area: subject.year()}.items():
        _add_line(table, code, figures, lines.get(code, {}))
    for by, spans in SERIES.items():
        _, *rows = _lines(ask(f"figures.csv?{_days(spans)}&by={by.removesuffix('s')}"))
        by_day = {row["first_day"]: row for row in rows}
        for (name, figures), span in zip(subject.series(by).items(), spans, strict=False):
            _add_line(table, f"{area} {name}", figures, by_day.pop(span.first.isoformat(), {}))
        table.add("CSV", f"{area} {by}", {}, {"others": len(by_day)})


def _lines(text: str) -> Iterator[Mapping[str, str]]:
    return csv.DictReader(io.StringIO(text), delimiter=";")


def _add_line(table: Table, area: str, figures: Figures, row: Mapping[str, str]) -> None:
    told = {name: int(float(row[column])) for column, name in COLUMNS.items() if row.get(column)}
    table.add("CSV", area, {name: figures[name] for name in COLUMNS.values() if name in figures}, told)


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
    each = NEIGHBOURHOODS // DISTRICTS
    people = expected.participants(each) + expected.growth(each, *ALL)
    figures = expected.district(plan, number)
    return expected.below(figures + people + expected.times_below(figures, expected.of_district(number)))


def _neighbourhood(plan: Plan, number: int) -> Figures:
    people = expected.participants(1) + expected.growth(1, *ALL)
    figures = expected.neighbourhood(plan, number)
    return expected.below(figures + people + expected.times_below(figures, expected.of_neighbourhood(number)))


def _as_part(figures: Figures) -> Figures:
    """Of what it is a part of, these are told of the whole alone."""
    return _without(figures, "cost.", "times.", "participants.growth.")


def _without(figures: Figures, *prefixes: str) -> Figures:
    return Counter({name: number for name, number in figures.items() if not name.startswith(prefixes)})


def _days(spans: Sequence[Span]) -> str:
    return f"first={spans[0].first}&last={spans[-1].last}"


def _months(plan: Plan) -> dict[str, int]:
    return {f"{YEAR}-{month:02d}": slots for month, slots in sorted(Counter(plan.slots).items())}


def _flat(answer: Mapping[str, Any]) -> dict[str, int | None]:
    """``{"people": {"asked": 3}}`` as ``{"people.asked": 3}``, of all figures that are counts, or whole by the plan."""
    return {name: number for name, number in _leaves("", answer) if name.startswith(TOLD) and name not in SHARES}


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
