"""The table ``organisations``: control rooms, municipalities and police teams, and which areas are theirs."""

from collections.abc import Callable
from dataclasses import dataclass, field
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
                "areas": {"L": [{"S": code} for code in organisation.areas]},
                "supervisors": {"L": [{"S": address} for address in organisation.supervisors]},
                "mailboxes": {"L": [{"S": address} for address in organisation.mailboxes]},
                **organisation.mailing.attributes(),
            },
        )

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

    def all(self) -> list[Organisation]:
        return [self.rows[name] for name in sorted(self.rows)]
