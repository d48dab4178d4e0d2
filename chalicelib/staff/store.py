"""The table ``organisations``: control rooms, municipalities and police teams, and which areas are theirs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Protocol

from chalicelib.staff.mailing import OF_ALERTS, Mailing
from chalicelib.staff.model import Kind, Organisation

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

PARTITION = "organisation"  # one list: a country has a few hundred


class OrganisationStore(Protocol):
    def find(self, id: str) -> Organisation | None:  # noqa: A002
        """As the last change left it."""
        ...

    def put(self, organisation: Organisation) -> None:
        """Over the one of the same id."""
        ...

    def set_areas(self, id: str, areas: Sequence[str], had: Sequence[str]) -> bool:  # noqa: A002
        """Its areas alone, as long as they are those that it ``had``; False: they are not, and stay."""
        ...

    def all(self) -> list[Organisation]:
        """By id."""
        ...


@dataclass(frozen=True)
class DynamoOrganisationStore:
    table: str
    client: "Callable[[], DynamoDBClient]"

    def find(self, id: str) -> Organisation | None:  # noqa: A002
        key = {"kind": {"S": PARTITION}, "id": {"S": id}}
        answer = self.client().get_item(TableName=self.table, Key=key, ConsistentRead=True)
        return _read(answer["Item"]) if "Item" in answer else None

    def put(self, organisation: Organisation) -> None:
        self.client().put_item(
            TableName=self.table,
            Item={
                "kind": {"S": PARTITION},
                "id": {"S": organisation.id},
                "is": {"S": organisation.kind},
                "name": {"S": organisation.name},
                "areas": _listed(organisation.areas),
                "supervisors": _listed(organisation.supervisors),
                "mailboxes": _listed(organisation.mailboxes),
                **organisation.mailing.attributes(),
            },
        )

    def set_areas(self, id: str, areas: Sequence[str], had: Sequence[str]) -> bool:  # noqa: A002
        client = self.client()
        try:
            client.update_item(
                TableName=self.table,
                Key={"kind": {"S": PARTITION}, "id": {"S": id}},
                UpdateExpression="SET areas = :areas",
                ConditionExpression="areas = :had",
                ExpressionAttributeValues={":areas": _listed(areas), ":had": _listed(had)},
            )
        except client.exceptions.ConditionalCheckFailedException:
            return False
        return True

    def all(self) -> list[Organisation]:
        pages = (
            self.client()
            .get_paginator("query")
            .paginate(
                TableName=self.table,
                KeyConditionExpression="kind = :all",
                ExpressionAttributeValues={":all": {"S": PARTITION}},
                ConsistentRead=True,
            )
        )
        return [_read(item) for page in pages for item in page["Items"]]


def _listed(texts: Sequence[str]) -> Any:
    return {"L": [{"S": text} for text in texts]}


def _read(item: Any) -> Organisation:
    def texts(name: str) -> tuple[str, ...]:
        return tuple(text["S"] for text in item.get(name, {}).get("L", ()))

    return Organisation(
        item["id"]["S"],
        Kind(item["is"]["S"]),
        item["name"]["S"],
        texts("areas"),
        texts("supervisors"),
        texts("mailboxes"),
        Mailing.read(item, OF_ALERTS),
    )


@dataclass
class MemoryOrganisationStore:
    """The twin."""

    rows: dict[str, Organisation] = field(default_factory=dict)

    def find(self, id: str) -> Organisation | None:  # noqa: A002
        return self.rows.get(id)

    def put(self, organisation: Organisation) -> None:
        self.rows[organisation.id] = organisation

    def set_areas(self, id: str, areas: Sequence[str], had: Sequence[str]) -> bool:  # noqa: A002
        standing = self.rows.get(id)
        if standing is None or standing.areas != tuple(had):
            return False
        self.rows[id] = replace(standing, areas=tuple(areas))
        return True

    def all(self) -> list[Organisation]:
        return [self.rows[name] for name in sorted(self.rows)]
