"""The roll: everybody who signed up, as counts see them. No name, no contact, no address.

Read from the images of the stream, and for a rebuild of the counts from the table itself, page by page: the only scan
there is, and the only reader who may.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

READ = ("id", "version", "active", "channels", "places")
NAMES = {f"#{name}": name for name in READ}
SHOWN = ", ".join(NAMES)


@dataclass(frozen=True)
class Enrolled:
    """``version`` counts changes. ``places``: in their order, of each the smallest known area and the kind.

    ``channels``: those on which they can be asked, while ``active``.
    """

    id: str
    version: int
    active: bool
    channels: tuple[str, ...]
    places: tuple[tuple[str, str], ...]


def enrolled(image: Mapping[str, Any]) -> Enrolled:
    """``image``: a row of the table ``participants`` in DynamoDB's own JSON, or those attributes that are ``READ``."""
    return Enrolled(
        id=image["id"]["S"],
        version=int(image["version"]["N"]),
        active=image["active"]["BOOL"],
        channels=tuple(channel["S"] for channel in image["channels"]["L"]),
        places=tuple((place["area"], place["kind"]) for place in json.loads(image["places"]["S"])),
    )


class Roll(Protocol):
    def page(self, after: str | None, size: int) -> tuple[list[Enrolled], str | None]:
        """At most so many, and where the next page begins; None behind the last. In no order, strongly consistent.

        Who is there all the while is on exactly one page; who comes or goes meanwhile may be.
        """
        ...

    def find(self, participant: str) -> Enrolled | None:
        """As they are now; None: not there, and ids are never given twice. Strongly consistent."""
        ...


@dataclass(frozen=True)
class DynamoRoll:
    client: "Callable[[], DynamoDBClient]"
    table: str

    def page(self, after: str | None, size: int) -> tuple[list[Enrolled], str | None]:
        start: dict[str, Any] = {"ExclusiveStartKey": {"id": {"S": after}}} if after else {}
        answer = self.client().scan(
            TableName=self.table,
            Limit=size,
            ConsistentRead=True,
            ProjectionExpression=SHOWN,
            ExpressionAttributeNames=NAMES,
            **start,
        )
        last = answer.get("LastEvaluatedKey")
        return [enrolled(item) for item in answer["Items"]], last["id"]["S"] if last else None

    def find(self, participant: str) -> Enrolled | None:
        answer = self.client().get_item(
            TableName=self.table,
            Key={"id": {"S": participant}},
            ConsistentRead=True,
            ProjectionExpression=SHOWN,
            ExpressionAttributeNames=NAMES,
        )
        return enrolled(answer["Item"]) if "Item" in answer else None
