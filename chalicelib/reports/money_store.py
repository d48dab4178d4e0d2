"""Table ``reports``, what is about money: who bears which part of an alert's cost, and what a municipality may spend.

| area | sk | holds |
|---|---|---|
| ``cost#<year>`` | ``GM0344#<opened>#<alert>`` | a municipality's share of an alert that began in that Dutch year |
| ``budget`` | ``GM0344#<year>`` | what it may spend from that year on, or that there is no end to it |
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from botocore.exceptions import ClientError

from chalicelib.platform.clock import AMSTERDAM, parse_rfc3339, rfc3339
from chalicelib.platform.dynamo import only_condition_failed
from chalicelib.platform.flat_dynamo import FlatDynamo, read_items

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

FEW = 8  # municipalities that are asked for one by one; of more the whole partition is read
BUDGETS = "budget"
Row = dict[str, Any]


@dataclass(frozen=True)
class Share:
    """``cents``: of the alert's cost, for one municipality. ``real``: no exercise and no test.

    ``version`` grows with all that it was made from.
    """

    municipality: str
    alert: str
    opened: datetime
    cents: int
    real: bool
    version: int

    @property
    def year(self) -> int:
        return self.opened.astimezone(AMSTERDAM).year


class MoneyStore(Protocol):
    def put_share(self, share: Share) -> None:
        """Keep it unless one of a newer version stands. One of the same is replaced: prices may have changed."""
        ...

    def shares(self, year: int, municipalities: Collection[str] | None) -> Iterator[Share]:
        """Of alerts that began in a Dutch year, of some municipalities or (None) of all."""
        ...

    def put_budget(self, municipality: str, year: int, cents: int | None) -> None:
        """What it may spend in that year and in those after, until another is set. None: no end to it."""
        ...

    def give_budget(self, municipality: str, year: int, cents: int) -> None:
        """As ``put_budget``, unless anything was set for that year, also that there is no end to it."""
        ...

    def budgets(self, year: int, municipalities: Collection[str] | None) -> dict[str, int]:
        """Code -> cents, of those that have a budget in that year; of some municipalities or (None) of all."""
        ...


@dataclass(frozen=True)
class DynamoMoneyStore:
    client: "Callable[[], DynamoDBClient]"
    table: str
    query: FlatDynamo = field(default_factory=FlatDynamo)

    def put_share(self, share: Share) -> None:
        try:
            self.client().put_item(
                TableName=self.table,
                Item=share_row(share),
                ConditionExpression="attribute_not_exists(v) OR v <= :v",
                ExpressionAttributeValues={":v": {"N": str(share.version)}},
            )
        except ClientError as error:
            only_condition_failed(error)

    def shares(self, year: int, municipalities: Collection[str] | None) -> Iterator[Share]:
        return map(_read_share, self._rows(f"cost#{year}", municipalities))

    def put_budget(self, municipality: str, year: int, cents: int | None) -> None:
        self.client().put_item(TableName=self.table, Item=_budget_row(municipality, year, cents))

    def give_budget(self, municipality: str, year: int, cents: int) -> None:
        try:
            self.client().put_item(
                TableName=self.table,
                Item=_budget_row(municipality, year, cents),
                ConditionExpression="attribute_not_exists(sk)",
            )
        except ClientError as error:
            only_condition_failed(error)

    def budgets(self, year: int, municipalities: Collection[str] | None) -> dict[str, int]:
        set_: dict[tuple[str, int], int | None] = {}
        for row in self._rows(BUDGETS, municipalities):
            code, since = row["sk"]["S"].split("#")
            set_[code, int(since)] = int(row["cents"]["N"]) if "N" in row["cents"] else None
        return standing(set_, year)

    def _rows(self, partition: str, municipalities: Collection[str] | None) -> Iterator[Row]:
        if municipalities is None:
            yield from self._query(partition, "")
        elif len(municipalities) > FEW:
            wanted = frozenset(municipalities)
            yield from (row for row in self._query(partition, "") if row["sk"]["S"].partition("#")[0] in wanted)
        else:
            for code in sorted(municipalities):
                yield from self._query(partition, f"{code}#")

    def _query(self, partition: str, begin: str) -> Iterator[Row]:
        some = " AND begins_with(sk, :begin)" if begin else ""
        request = {
            "TableName": self.table,
            "KeyConditionExpression": f"area = :area{some}",
            "ExpressionAttributeValues": {":area": {"S": partition}} | ({":begin": {"S": begin}} if begin else {}),
        }
        for page in self.query.pages(request, read_items):
            yield from page.items


def standing(set_: Mapping[tuple[str, int], int | None], year: int) -> dict[str, int]:
    """``set_``: (code, year) -> cents. What holds in a year: what was set last, for it or for a year before."""
    newest: dict[str, int | None] = {}
    for (code, since), cents in sorted(set_.items(), key=lambda it: it[0]):
        if since <= year:
            newest[code] = cents
    return {code: cents for code, cents in newest.items() if cents is not None}


def _budget_row(municipality: str, year: int, cents: int | None) -> Row:
    held: Row = {"NULL": True} if cents is None else {"N": str(cents)}
    return {"area": {"S": BUDGETS}, "sk": {"S": f"{municipality}#{year}"}, "cents": held}


def share_row(share: Share) -> Row:
    return {
        "area": {"S": f"cost#{share.year}"},
        "sk": {"S": f"{share.municipality}#{rfc3339(share.opened)}#{share.alert}"},
        "cents": {"N": str(share.cents)},
        "real": {"BOOL": share.real},
        "v": {"N": str(share.version)},
    }


def _read_share(row: Row) -> Share:
    municipality, opened, alert = row["sk"]["S"].split("#")
    return Share(
        municipality,
        alert,
        parse_rfc3339(opened),
        int(row["cents"]["N"]),
        real=row["real"]["BOOL"],
        version=int(row["v"]["N"]),
    )


@dataclass
class MemoryMoneyStore:
    """The twin."""

    kept: dict[tuple[str, datetime, str], Share] = field(default_factory=dict)
    set_: dict[tuple[str, int], int | None] = field(default_factory=dict)

    def put_share(self, share: Share) -> None:
        key = share.municipality, share.opened, share.alert
        before = self.kept.get(key)
        if before is None or before.version <= share.version:
            self.kept[key] = share

    def shares(self, year: int, municipalities: Collection[str] | None) -> Iterator[Share]:
        ours = (it for _, it in sorted(self.kept.items()) if it.year == year)
        return (it for it in ours if municipalities is None or it.municipality in municipalities)

    def put_budget(self, municipality: str, year: int, cents: int | None) -> None:
        self.set_[municipality, year] = cents

    def give_budget(self, municipality: str, year: int, cents: int) -> None:
        self.set_.setdefault((municipality, year), cents)

    def budgets(self, year: int, municipalities: Collection[str] | None) -> dict[str, int]:
        found = standing(self.set_, year)
        return {code: cents for code, cents in found.items() if municipalities is None or code in municipalities}
