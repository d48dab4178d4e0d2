"""The country's dashboard, with figures in each of its municipalities: for who sees one of them, and for who sees all.

Over this year so far, and the year before to compare it with: 660 alerts a month, one or more in each municipality, and
what each cost. Of the nation's rows of alerts those of one month are there, a year ago: of that the page reads single
days. The emulator looks at each row of a partition whichever are asked for, which takes it half a second where there
are two years of them; DynamoDB starts at the key.
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any

from bench.pages.country import municipalities
from bench.pages.world import Page, World
from bench.report_world import OTHERS, other
from chalicelib import wiring
from chalicelib.areas.model import Feature
from chalicelib.platform.clock import AMSTERDAM, epoch
from chalicelib.reports import figures_rows, money_store
from chalicelib.reports.census_model import Participants, RowKey, Snapshot
from chalicelib.reports.figures import AlertRow, MonthRow
from chalicelib.reports.model import NATION
from chalicelib.reports.money_store import Share
from chalicelib.staff.model import Role
from local.deploy import STACK, Emulator, function_environment
from local.ministack import CREDENTIALS
from local.town.names import FABELSTAD
from local.town.organisations import CONTROL_ROOM

ADDRESS = "/dashboard#/NL?shade=alerts"  # as the link to it has it
MAP = ".shaded.many :is(a, g) > path"
PAGES = (
    Page("nation", ADDRESS, Role.ANALYST, shows=MAP),
    Page("nation_of_all", ADDRESS, Role.DISPATCHER, shows=MAP),
)
TABLE = f"{STACK}-reports"
WRITTEN, COUNTED = 25, 90  # DynamoDB: items per BatchWriteItem; and rows that fit in a transaction with their mark
TAKE_PART = 0.08  # of the inhabitants


def build(world: World) -> None:
    """Loads it all into the system that runs, and gives the control room every municipality."""
    emulator = Emulator(world.aws)
    os.environ |= function_environment(emulator) | CREDENTIALS | {"AWS_ENDPOINT_URL": world.aws}
    system = wiring.system()
    features = municipalities()
    system.areas.load(features)
    codes = [it.area.code for it in features]
    room = system.organisations.get(CONTROL_ROOM.id)
    system.organisations.put(replace(room, areas=tuple(sorted({*room.areas, *codes}))))
    today = system.parts.clock.now().astimezone(AMSTERDAM).date()
    items: list[Mapping[str, Any]] = []
    for year in (today.year - 1, today.year):
        for first in (date(year, month, 1) for month in range(1, 13)):
            rows = _alerts(first, [*codes, FABELSTAD.code]) if first <= today else []
            items += [figures_rows.month_row(MonthRow.of(NATION, f"{first:%Y-%m}", 1, rows))]
            if (first.year, first.month) == (today.year - 1, today.month):
                items += [figures_rows.alert_row(row) for row in rows]
            items += [money_store.share_row(_share(row)) for row in rows]
    client = emulator.client("dynamodb")
    for start in range(0, len(items), WRITTEN):
        requests = [{"PutRequest": {"Item": item}} for item in items[start : start + WRITTEN]]
        client.batch_write_item(RequestItems={TABLE: requests})
    people = {it.area.code: _people(it) for it in features}
    census, ends = system.parts.census, epoch(system.parts.clock.now()) + 60
    for start in range(0, len(codes), COUNTED):
        some = {RowKey(NATION, code): people[code] for code in codes[start : start + COUNTED]}
        census.count_changes(census.generations().told, [f"country-{start}"], some, ends)
    census.keep(Snapshot(NATION, date(today.year - 1, 12, 31), today.year, people))


def _alerts(first: date, codes: Sequence[str]) -> list[AlertRow]:
    """The nation's rows of a month."""
    random = Random(first.toordinal())
    touched = [*codes, *random.choices(codes, k=OTHERS - len(codes))]
    return [_alert(f"{first:%Y%m}{number:04d}", first, code, random) for number, code in enumerate(touched)]


def _alert(alert: str, first: date, code: str, random: Random) -> AlertRow:
    row = other(alert, first + timedelta(days=random.randrange(28)), [f"BU{code[2:]}0000"], random)
    return replace(row, area=NATION, people=dict(zip([code], row.people.values(), strict=True)))


def _share(row: AlertRow) -> Share:
    (code,) = row.people
    return Share(code, row.facts.alert, row.facts.opened, 100 + row.version % 5_000, real=True, version=1)


def _people(feature: Feature) -> Participants:
    count = round(TAKE_PART * (feature.area.inhabitants or 0))
    return Participants(participants=count, home=count, work=count // 2, sms=count * 3 // 4, email=count // 2)
