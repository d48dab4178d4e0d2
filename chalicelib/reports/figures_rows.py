"""Rows of alerts and months as they lie in table ``reports``, in DynamoDB's own JSON."""

import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

from chalicelib.channels.model import Channel
from chalicelib.delivery.model import AreaTally, Messages
from chalicelib.platform.clock import parse_rfc3339, rfc3339
from chalicelib.reports.figures import AlertRow, Facts, Line, MonthRow, Sums, Times

Row = dict[str, Any]

_WORDS = ("status", "kind", "category", "urgency", "result", "contribution")
_SUMS = tuple(field.name for field in fields(Sums))


def alert_key(area: str, facts: Facts) -> Row:
    return {"area": {"S": area}, "sk": {"S": f"alert#{rfc3339(facts.opened)}#{facts.alert}"}}


def alert_row(row: AlertRow) -> Row:
    facts = row.facts
    item = {**alert_key(row.area, facts), "v": {"N": str(row.version)}, "tips": {"N": str(facts.tips)}}
    item |= {name: {"S": value} for name in _WORDS if (value := getattr(facts, name))}
    item |= {"break_glass": {"BOOL": True}} if facts.break_glass else {}
    item |= {name: {"N": str(seconds)} for name, seconds in row.times._asdict().items() if seconds is not None}
    people = {code: [it.people, it.asked, it.reached, it.spared, it.messages] for code, it in row.people.items()}
    return {**item, "p": {"B": _packed(people)}}


def read_alert(row: Mapping[str, Any]) -> AlertRow:
    _, opened, alert = row["sk"]["S"].split("#")
    words = {name: row[name]["S"] for name in _WORDS if name in row}
    facts = Facts(alert, parse_rfc3339(opened), tips=int(row["tips"]["N"]), break_glass="break_glass" in row, **words)
    times = Times(*(int(row[name]["N"]) if name in row else None for name in Times._fields))
    people = {code: _read_people(numbers) for code, numbers in _unpacked(row["p"]["B"]).items()}
    return AlertRow(row["area"]["S"], facts, times, people, int(row["v"]["N"]))


def month_key(area: str, month: str) -> Row:
    return {"area": {"S": area}, "sk": {"S": f"month#{month}"}}


def month_row(row: MonthRow) -> Row:
    sums = {code: [getattr(some, name) for name in _SUMS] for code, some in row.sums.items()}
    lines = {alert: [line.version, *line.times] for alert, line in row.alerts.items()}
    packed = _packed({"alerts": lines, "sums": sums})
    return {**month_key(row.area, row.month), "v": {"N": str(row.version)}, "d": {"B": packed}}


def read_month(row: Mapping[str, Any]) -> MonthRow:
    packed = _unpacked(row["d"]["B"])
    lines = {alert: Line(version, Times(*times)) for alert, (version, *times) in packed["alerts"].items()}
    month = row["sk"]["S"].removeprefix("month#")
    return MonthRow(row["area"]["S"], month, int(row["v"]["N"]), lines, _SumsByArea(packed["sums"]))


@dataclass(frozen=True, eq=False)
class _SumsByArea(Mapping[str, Sums]):
    """Read when they are asked for: of the nation's months often that is one area of hundreds."""

    packed: Mapping[str, list[Any]]

    def __getitem__(self, code: str) -> Sums:
        return _read_sums(self.packed[code])

    def __contains__(self, code: object) -> bool:
        return code in self.packed

    def __iter__(self) -> Iterator[str]:
        return iter(self.packed)

    def __len__(self) -> int:
        return len(self.packed)


def _read_people(numbers: list[Any]) -> AreaTally:
    people, asked, reached, spared, messages = numbers
    return AreaTally(people, asked, reached, spared, _read_messages(messages))


def _read_sums(numbers: list[Any]) -> Sums:
    named = dict(zip(_SUMS, numbers, strict=True))
    return Sums(**{**named, "messages": _read_messages(named["messages"])})


def _read_messages(messages: Mapping[str, list[int]]) -> dict[Channel, Messages]:
    return {Channel(channel): Messages(*counts) for channel, counts in messages.items()}


def _packed(value: object) -> bytes:
    return zlib.compress(json.dumps(value, separators=(",", ":")).encode(), 9)


def _unpacked(packed: bytes) -> Any:
    return json.loads(zlib.decompress(packed))
