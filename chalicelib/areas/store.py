"""The table ``areas``.

| pk | sk | holds |
|---|---|---|
| code | ``area`` | an area with its shape, and the cells it lies in; one that has ended stays, with ``until`` |
| ``cell#<geohash-5>`` | code | an area that touches the cell, with its shape unless it fills the cell |
| ``children#<code>`` | code | a district or neighbourhood without its shape, under what is right above it |
| ``succession`` | ``<year>#<old>#<new>`` | what became of a code: nothing else |
| ``revision`` | ``succession`` | how often anything was added to those |
| ``sketches#<code>`` | code | a district or neighbourhood drawn coarsely, under its municipality; those under ``NL`` |
| ``source`` | ``boundaries`` | whose boundaries these are, and of which year |
| ``municipalities`` | code | a municipality without its shape; the only row that says whether it joined |

When a municipality ends, its own row takes what only that last row says, until ``heirs`` says who got it.
"""

import random
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from chalicelib.areas import geohash, rows
from chalicelib.areas.cover import PARTITION_LENGTH
from chalicelib.areas.geometry import within
from chalicelib.areas.model import PREFIX, Area, BoundarySource, Feature, Level, Outline, Point
from chalicelib.areas.succession import Successor
from chalicelib.platform.errors import Conflict, NotFound
from chalicelib.platform.flat_dynamo import FlatDynamo, read_items
from chalicelib.staff.mailing import BY_DEFAULT, Mailing

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

WRITE_BATCH, READ_BATCH = 25, 100  # DynamoDB: items per BatchWriteItem, BatchGetItem
ATTEMPTS = 8
OVERTAKEN = frozenset({"None", "ConditionalCheckFailed", "TransactionConflict"})
MUNICIPALITIES = "municipalities"
SUCCESSION = "succession"
REVISION = rows.key("revision", SUCCESSION)
SOURCE = rows.key("source", "boundaries")


class AreaStore(Protocol):
    """``joined``, ``summary_emails`` and ``mailing`` are kept of municipalities alone; other areas come without."""

    def find(self, code: str) -> Area | None:
        """None: there is none, or it has ended."""
        ...

    def ended(self, code: str) -> Area | None:
        """One that has ended, as it was; what a municipality had too, until ``settle``."""
        ...

    def outlines(self, codes: Iterable[str]) -> dict[str, Outline]:
        """Of those codes that exist and have not ended."""
        ...

    def names(self, codes: Iterable[str]) -> dict[str, str]:
        """Of those codes that exist, or have existed."""
        ...

    def listed(self, codes: Iterable[str]) -> dict[str, Area]:
        """As ``names``; of those that exist, whether a municipality joined, and its mail, are not among it."""
        ...

    def around(self, point: Point) -> list[Outline]:
        """Of areas whose box holds the point: all that contain it, and some that do not."""
        ...

    def municipalities(self) -> list[Area]:
        """In the order of their codes."""
        ...

    def children(self, code: str) -> list[Area]:
        """The areas right below, in the order of their codes."""
        ...

    def sketches(self, within: str, level: Level) -> list[Feature]:
        """Coarse outlines (``sketch``) of all areas of a level in a municipality; ``within`` NL: of municipalities. In
        the order of their codes.
        """
        ...

    def set_municipality(
        self, code: str, joined: bool, summary_emails: tuple[str, ...], mailing: Mailing = BY_DEFAULT
    ) -> Area:
        """The municipality as it is now.

        Raises:
            NotFound: no such municipality.
        """
        ...

    def load(self, features: Sequence[Feature]) -> None:
        """Write areas, each code once, over what was there; what is kept of municipalities alone stays as it is."""
        ...

    def end(self, code: str, year: int) -> None:
        """It is no area any more, from that year on: nothing finds it but its name, and ``ended``. Again: no change.

        What is said of a municipality at the same moment is kept, or refused with no such municipality.

        Raises:
            Conflict: changed_meanwhile, it was changed again and again.
        """
        ...

    def inherit(self, code: str, former: str) -> None:
        """A municipality gets what one has that lies in it now, and may have ended (``with_what_had``); nothing once it
        is said who got that (``settle``). What others give it, or say of it, at the same moment stays.

        Raises:
            NotFound: there is no such heir for what there is.
            Conflict: changed_meanwhile, the heir was changed again and again.
        """
        ...

    def settle(self, code: str, heirs: Sequence[str]) -> None:
        """These municipalities get what one had that has ended (``with_what_had``): its addresses are kept no longer.

        All of it is written or nothing, and once: where the same got it before, nothing is written. What others give
        them at the same moment, or say of them, stays.

        Raises:
            NotFound: no such municipality has ended, or there is no such heir.
            Conflict: heirs_decided, others got it; changed_meanwhile, an heir was changed again and again.
        """
        ...

    def successors(self) -> list[Successor]:
        """What became of codes, by year."""
        ...

    def load_successors(self, successors: Sequence[Successor]) -> None:
        """Add them to those that are there."""
        ...

    def revision(self) -> int:
        """How often any were added; 0: never."""
        ...

    def source(self) -> BoundarySource | None:
        """None: nobody has said."""
        ...

    def set_source(self, source: BoundarySource) -> None:
        """In the place of what was said before."""
        ...


def heirs_decided(was: Area) -> Conflict:
    return Conflict("heirs_decided", f"What it had went to {', '.join(was.heirs or ()) or 'nobody'}.")


def changed_meanwhile() -> Conflict:
    return Conflict("changed_meanwhile", "Others changed this municipality at the same moment. Try again.")


def no_such_area() -> NotFound:
    return NotFound("area_not_found", "There is no area with this code.")


@dataclass(frozen=True)
class DynamoAreaStore:
    """``client``: made on first use. ``wait``: takes seconds; between attempts when DynamoDB takes part of a batch.

    ``query``: for the municipalities, which most requests read all of.
    """

    table: str
    client: "Callable[[], DynamoDBClient]"
    wait: Callable[[float], None] = time.sleep
    query: FlatDynamo = field(default_factory=FlatDynamo)

    def find(self, code: str) -> Area | None:
        area = self._area(MUNICIPALITIES, code) if code.startswith("GM") else self._area(code, rows.AREA)
        return area if area and area.until is None else None

    def ended(self, code: str) -> Area | None:
        area = self._area(code, rows.AREA)
        return area if area and area.until else None

    def _area(self, pk: str, sk: str) -> Area | None:
        answer = self.client().get_item(
            TableName=self.table,
            Key=rows.key(pk, sk),
            ConsistentRead=True,
            ProjectionExpression=", ".join(f"#{name}" for name in rows.NAMES),
            ExpressionAttributeNames=rows.PLACEHOLDERS,
        )
        return rows.read_area(answer["Item"]) if "Item" in answer else None

    def outlines(self, codes: Iterable[str]) -> dict[str, Outline]:
        items = self._get(rows.key(code, rows.AREA) for code in codes)
        return {it.code: it for it in map(rows.read_outline, (item for item in items if "until" not in item))}

    def names(self, codes: Iterable[str]) -> dict[str, str]:
        keys = (rows.key(code, rows.AREA) for code in codes)
        items = self._get(keys, ProjectionExpression="pk, #name", ExpressionAttributeNames={"#name": "name"})
        return {item["pk"]["S"]: item["name"]["S"] for item in items}

    def listed(self, codes: Iterable[str]) -> dict[str, Area]:
        keys = (rows.key(code, rows.AREA) for code in codes)
        projected = {"ProjectionExpression": ", ".join(rows.PLACEHOLDERS)}
        items = self._get(keys, ExpressionAttributeNames=rows.PLACEHOLDERS, **projected)
        return {area.code: area for area in map(rows.read_area, items)}

    def around(self, point: Point) -> list[Outline]:
        items = self._query(f"cell#{geohash.encode(*point, PARTITION_LENGTH)}")
        return [rows.read_outline(item) for item in items if within(point, rows.read_box(item))]

    def municipalities(self) -> list[Area]:
        asked = {
            "TableName": self.table,
            "KeyConditionExpression": "pk = :pk",
            "ExpressionAttributeValues": {":pk": {"S": MUNICIPALITIES}},
        }
        return [rows.read_area(item) for page in self.query.pages(asked, read_items) for item in page.items]

    def children(self, code: str) -> list[Area]:
        return [rows.read_area(item) for item in self._query(f"children#{code}")]

    def sketches(self, within: str, level: Level) -> list[Feature]:
        return [rows.read_sketch(item) for item in self._query(f"sketches#{within}", PREFIX[level])]

    def set_municipality(
        self, code: str, joined: bool, summary_emails: tuple[str, ...], mailing: Mailing = BY_DEFAULT
    ) -> Area:
        client = self.client()
        try:
            answer = client.update_item(
                TableName=self.table,
                Key=rows.key(MUNICIPALITIES, code),
                UpdateExpression="SET joined = :joined, summary_emails = :emails, "
                "summaries = :summaries, summary_language = :summary_language",
                ConditionExpression="attribute_exists(pk)",
                ExpressionAttributeValues={
                    ":joined": {"BOOL": joined},
                    ":emails": _listed(summary_emails),
                    **{f":{name}": value for name, value in mailing.attributes().items()},
                },
                ReturnValues="ALL_NEW",
            )
        except client.exceptions.ConditionalCheckFailedException:
            raise no_such_area() from None
        return rows.read_area(answer["Attributes"])

    def load(self, features: Sequence[Feature]) -> None:
        before = {item["code"]["S"]: item for item in self._get(rows.key(it.area.code, rows.AREA) for it in features)}
        requests: list[Any] = []
        for feature in features:
            code = feature.area.code
            items = rows.items_of(feature)
            requests += [{"PutRequest": {"Item": item}} for item in items]
            if code in before:
                stale = rows.keys_of(before[code]) - {(item["pk"]["S"], item["sk"]["S"]) for item in items}
                requests += [{"DeleteRequest": {"Key": rows.key(*key)}} for key in sorted(stale)]
        self._write_all(requests)
        for feature in features:
            if feature.area.level is Level.MUNICIPALITY:
                self._update_municipality(feature)

    def end(self, code: str, year: int) -> None:
        keys = [rows.key(code, rows.AREA), rows.key(MUNICIPALITIES, code)]
        for attempt in range(ATTEMPTS):
            found = {item["pk"]["S"]: item for item in self._get(keys, ConsistentRead=True)}
            if code not in found:
                return
            if self._ended(found[code], year, found.get(MUNICIPALITIES)):
                gone = rows.keys_of(found[code]) - {(code, rows.AREA)}
                self._write_all([{"DeleteRequest": {"Key": rows.key(*key)}} for key in sorted(gone)])
                return
            self.wait(_backoff(attempt))
        raise changed_meanwhile()

    def _ended(self, area: rows.Item, year: int, of_municipality: rows.Item | None) -> bool:
        """Whether it has, with what its row under ``municipalities`` said; else one of the two changed meanwhile."""
        own = {name: of_municipality[name] for name in rows.OWN if name in of_municipality} if of_municipality else {}
        values = {"until": {"N": str(year)}} | own
        code, client = area["code"]["S"], self.client()
        try:
            if of_municipality or "until" not in area:
                client.update_item(
                    TableName=self.table,
                    Key=rows.key(code, rows.AREA),
                    UpdateExpression="SET " + ", ".join(f"#{name} = :{name}" for name in values),
                    **rows.as_read(area, ("until", "heirs", *rows.OWN), values),
                )
            if of_municipality:
                key = rows.key(MUNICIPALITIES, code)
                client.delete_item(TableName=self.table, Key=key, **rows.as_read(of_municipality, rows.OWN))
        except client.exceptions.ConditionalCheckFailedException:
            return False
        return True

    def inherit(self, code: str, former: str) -> None:
        for attempt in range(ATTEMPTS):
            was = self.find(former) or self.ended(former)
            if was is None or not was.bequeaths:
                return
            heir = self._municipality(code)
            if heir.with_what_had(was) == heir or self._given(heir, was):
                return
            self.wait(_backoff(attempt))
        raise changed_meanwhile()

    def _given(self, heir: Area, was: Area) -> bool:
        """Whether it is written; else the heir is not any more as it was read."""
        client = self.client()
        try:
            client.update_item(**self._gift(heir, was))
        except client.exceptions.ConditionalCheckFailedException:
            return False
        return True

    def settle(self, code: str, heirs: Sequence[str]) -> None:
        names = tuple(heirs)
        for attempt in range(ATTEMPTS):
            was = self.ended(code)
            if was is None or was.level is not Level.MUNICIPALITY:
                raise no_such_area()
            if was.heirs not in (None, names):
                raise heirs_decided(was)
            if was.heirs == names or self._settled(was, [self._municipality(name) for name in names]):
                return
            self.wait(_backoff(attempt))
        raise changed_meanwhile()

    def _municipality(self, code: str) -> Area:
        area = self.find(code)
        if area is None or area.level is not Level.MUNICIPALITY:
            raise no_such_area()
        return area

    def _settled(self, was: Area, heirs: Sequence[Area]) -> bool:
        """Whether it is written; else one of them is not any more as it was read."""
        decided: Any = {
            "TableName": self.table,
            "Key": rows.key(was.code, rows.AREA),
            "UpdateExpression": "SET heirs = :heirs REMOVE summary_emails",
            "ConditionExpression": "#until > :never AND #level = :municipality AND attribute_not_exists(heirs)",
            "ExpressionAttributeNames": {"#until": "until", "#level": "level"},
            "ExpressionAttributeValues": {
                ":heirs": {"L": [{"S": heir.code} for heir in heirs]},
                ":never": {"N": "0"},
                ":municipality": {"S": Level.MUNICIPALITY.value},
            },
        }
        updates = [decided, *(self._gift(heir, was) for heir in heirs)]
        client = self.client()
        try:
            client.transact_write_items(TransactItems=[{"Update": update} for update in updates])
        except client.exceptions.TransactionCanceledException as error:
            if {reason["Code"] for reason in error.response["CancellationReasons"]} <= OVERTAKEN:
                return False
            raise
        return True

    def _gift(self, heir: Area, was: Area) -> dict[str, Any]:
        """Of an heir what the other had too, as long as it has what was read. Its own choice of mail is not touched."""
        new = heir.with_what_had(was)
        mailing = {} if new.mailing == heir.mailing else new.mailing.attributes()
        values: dict[str, Any] = {
            "joined": {"BOOL": new.joined},
            "summary_emails": _listed(new.summary_emails),
            **mailing,
        }
        return {
            "TableName": self.table,
            "Key": rows.key(MUNICIPALITIES, heir.code),
            "UpdateExpression": "SET " + ", ".join(f"{name} = :{name}" for name in values),
            "ConditionExpression": "attribute_exists(pk) AND (attribute_not_exists(joined) OR joined = :had_joined)"
            " AND (attribute_not_exists(summary_emails) OR summary_emails = :had_emails)",
            "ExpressionAttributeValues": {
                **{f":{name}": value for name, value in values.items()},
                ":had_joined": {"BOOL": heir.joined},
                ":had_emails": _listed(heir.summary_emails),
            },
        }

    def successors(self) -> list[Successor]:
        lines = (item["sk"]["S"].split("#") for item in self._query(SUCCESSION))
        return [Successor(int(year), old, new) for year, old, new in lines]

    def load_successors(self, successors: Sequence[Successor]) -> None:
        keys = [rows.key(SUCCESSION, f"{it.year}#{it.old}#{it.new}") for it in successors]
        self._write_all([{"PutRequest": {"Item": key}} for key in keys])
        self.client().update_item(
            TableName=self.table,
            Key=REVISION,
            UpdateExpression="ADD n :one",
            ExpressionAttributeValues={":one": {"N": "1"}},
        )

    def revision(self) -> int:
        answer = self.client().get_item(TableName=self.table, Key=REVISION)
        return int(answer["Item"]["n"]["N"]) if "Item" in answer else 0

    def source(self) -> BoundarySource | None:
        item = self.client().get_item(TableName=self.table, Key=SOURCE).get("Item")
        return BoundarySource(item["name"]["S"], int(item["year"]["N"])) if item else None

    def set_source(self, source: BoundarySource) -> None:
        item = SOURCE | {"name": {"S": source.name}, "year": {"N": str(source.year)}}
        self.client().put_item(TableName=self.table, Item=item)

    def _update_municipality(self, feature: Feature) -> None:
        values = rows.attributes(feature)
        gone = [name for name in rows.NAMES if name not in values and name not in rows.OWN]
        self.client().update_item(
            TableName=self.table,
            Key=rows.key(MUNICIPALITIES, feature.area.code),
            UpdateExpression="SET "
            + ", ".join(f"#{name} = :{name}" for name in values)
            + (" REMOVE " + ", ".join(f"#{name}" for name in gone) if gone else ""),
            ExpressionAttributeNames={f"#{name}": name for name in (*values, *gone)},
            ExpressionAttributeValues={f":{name}": value for name, value in values.items()},
        )

    def _query(self, pk: str, begin: str = "") -> Iterator[rows.Item]:
        """``begin``: of the sort key."""
        condition, values = "pk = :pk", {":pk": {"S": pk}}
        if begin:
            condition, values = f"{condition} AND begins_with(sk, :begin)", values | {":begin": {"S": begin}}
        pages = (
            self.client()
            .get_paginator("query")
            .paginate(
                TableName=self.table,
                KeyConditionExpression=condition,
                ExpressionAttributeValues=values,
            )
        )
        for page in pages:
            yield from page["Items"]

    def _get(self, keys: Iterable[rows.Item], **projection: Any) -> Iterator[rows.Item]:
        wanted = list(keys)
        for start in range(0, len(wanted), READ_BATCH):
            waiting: Any = {self.table: {"Keys": wanted[start : start + READ_BATCH], **projection}}
            for attempt in range(ATTEMPTS):
                answer = self.client().batch_get_item(RequestItems=waiting)
                yield from answer["Responses"].get(self.table, [])
                waiting = answer.get("UnprocessedKeys")
                if not waiting:
                    break
                self.wait(_backoff(attempt))
            else:
                raise Throttled(self.table)

    def _write_all(self, requests: Sequence[Any]) -> None:
        for start in range(0, len(requests), WRITE_BATCH):
            self._write(requests[start : start + WRITE_BATCH])

    def _write(self, requests: Sequence[Any]) -> None:
        waiting: Any = {self.table: requests}
        for attempt in range(ATTEMPTS):
            waiting = self.client().batch_write_item(RequestItems=waiting).get("UnprocessedItems")
            if not waiting:
                return
            self.wait(_backoff(attempt))
        raise Throttled(self.table)


class Throttled(Exception):
    """DynamoDB did not take part of a batch after many attempts."""


def _listed(emails: Iterable[str]) -> Any:
    return {"L": [{"S": email} for email in emails]}


def _backoff(attempt: int) -> float:
    """Seconds, with full jitter."""
    return random.uniform(0, 0.05 * 2**attempt)  # noqa: S311
