"""Table ``topics``: which browsers listen to which areas, and which message went to which of them.

    id                      sk                   content
    listener#LISTENER       -                    areas ``a``, a name ``v`` of this write, and as below
    area#CODE               LISTENER             how it is reached ``d``: endpoint, public key, secret; language ``l``
    asked#ALERT#SHARD       MESSAGE#LISTENER     claim: outcome ``o``, page ``p``, moment ``t``, said ``u``, taker ``n``
    pages#ALERT#MESSAGE     PAGE                 a page that is done: its figures, and where the next begins ``e``

Claims and pages end by ``ttl``. Nothing here leads to a person or a participant.
"""

import json
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, Protocol

from botocore.exceptions import ClientError

from chalicelib.alerts.messages import MessageKind
from chalicelib.alerts.text import Language
from chalicelib.delivery.store import KEPT
from chalicelib.participants.devices import packed, unpacked
from chalicelib.platform.clock import Clock, epoch, epoch_ms
from chalicelib.platform.dynamo import only_condition_failed
from chalicelib.platform.flat_dynamo import FlatDynamo, read_items
from chalicelib.topics.model import HEARD, Claim, Figures, Listener, Outcome, Page, shard

NONE = "-"
TRIES = 3  # of a change of a subscription that others change too


class Overtaken(Exception):
    """The same browser was changed by others all the while."""


class TopicStore(Protocol):
    def put(self, listener: Listener, areas: Iterable[str]) -> None:
        """It listens to these areas from now on, and to no others. Raises ``Overtaken``."""
        ...

    def remove(self, listener: str) -> None:
        """It listens to nothing; what it was told stays counted. Raises ``Overtaken``."""
        ...

    def page(self, area: str, after: str, most: int) -> Page:
        """Some of an area's listeners, those after the one named. ``most``: so many are looked at."""
        ...

    def heard(self, alert: str, number: int, after: str, most: int) -> Page:
        """Some of those in shard ``number`` who may have got the call of an alert and listen still."""
        ...

    def claim(self, alert: str, message: str, listener: str, page: str, said: int = 0) -> Claim:
        """Take the message to this listener, where nobody ever did; else what became of it. ``said``: see ``Claim``."""
        ...

    def look(self, alert: str, message: str, listener: str) -> Claim | None:
        """What became of the message to this listener; None where nobody claimed it."""
        ...

    def settle(self, alert: str, message: str, listener: str, outcome: Outcome) -> None:
        """What became of a message that was claimed."""
        ...

    def release(self, alert: str, message: str, listener: str) -> None:
        """A claimed message was surely not taken, and may be claimed again."""
        ...

    def finish(self, alert: str, message: str, page: str, figures: Figures, after: str) -> None:
        """A page is done: counted once, however often it is told."""
        ...

    def finished(self, alert: str, message: str, page: str) -> str | None:
        """Where the page after this one begins; None while it is not done."""
        ...

    def figures(self, alert: str, message: str) -> Figures | None:
        """Of all pages that are done; None where there are none."""
        ...


@dataclass(frozen=True)
class DynamoTopicStore:
    """``kept``: how long claims and pages are."""

    table: str
    clock: Clock
    dynamo: FlatDynamo = field(default_factory=FlatDynamo)
    kept: timedelta = KEPT

    def put(self, listener: Listener, areas: Iterable[str]) -> None:
        self._change(listener.id, listener, sorted(set(areas)))

    def remove(self, listener: str) -> None:
        self._change(listener, None, [])

    def _change(self, name: str, listener: Listener | None, new: list[str]) -> None:
        """All of its rows together; what another wrote meanwhile is read first."""
        for _ in range(TRIES):
            row = self._get(f"listener#{name}", NONE)
            old = json.loads(row["a"]["S"]) if row else []
            if listener is None and row is None:
                return
            actions = [self._own(name, listener, new, row["v"]["S"] if row else "")]
            if listener is not None:
                about = _about(listener)
                actions += [{"Put": self._put({**_key(f"area#{code}", name), **about})} for code in new]
            gone = sorted(set(old) - set(new))
            actions += [{"Delete": {"TableName": self.table, "Key": _key(f"area#{code}", name)}} for code in gone]
            try:
                self.dynamo.ask("TransactWriteItems", {"TransactItems": actions})
                return
            except ClientError as error:
                if error.response["Error"]["Code"] != "TransactionCanceledException":
                    raise
        raise Overtaken(name)

    def _own(self, name: str, listener: Listener | None, areas: list[str], seen: str) -> dict[str, Any]:
        condition: dict[str, Any] = {"ConditionExpression": "attribute_not_exists(id)"}
        if seen:
            condition = {
                "ConditionExpression": "v = :v",
                "ExpressionAttributeValues": {":v": {"S": seen}},
            }
        key = _key(f"listener#{name}", NONE)
        if listener is None:
            return {"Delete": {"TableName": self.table, "Key": key, **condition}}
        row = {**key, **_about(listener), "a": {"S": json.dumps(areas)}, "v": {"S": uuid.uuid4().hex}}
        return {"Put": {**self._put(row), **condition}}

    def page(self, area: str, after: str, most: int) -> Page:
        rows, last = self._query(f"area#{area}", "", after, most)
        return Page(tuple(_listener(row["sk"]["S"], row) for row in rows), last)

    def heard(self, alert: str, number: int, after: str, most: int) -> Page:
        start = f"{MessageKind.CALL}#"
        rows, last = self._query(f"asked#{alert}#{number}", start, after and start + after, most)
        names = [row["sk"]["S"].removeprefix(start) for row in rows if Outcome(row["o"]["S"]) in HEARD]
        return Page(tuple(self._listeners(names)), last.removeprefix(start))

    def _query(self, name: str, start: str, after: str, most: int) -> tuple[list[dict[str, Any]], str]:
        request: dict[str, Any] = {
            "TableName": self.table,
            "KeyConditionExpression": "id = :id" + (" AND begins_with(sk, :start)" if start else ""),
            "ExpressionAttributeValues": {":id": {"S": name}, **({":start": {"S": start}} if start else {})},
            "ConsistentRead": True,
            "Limit": most,
        }
        if after:
            request["ExclusiveStartKey"] = _key(name, after)
        answer = self.dynamo.ask("Query", request)
        last = answer.get("LastEvaluatedKey")
        return answer["Items"], last["sk"]["S"] if last else ""

    def _listeners(self, names: list[str]) -> list[Listener]:
        rows = self.dynamo.get_many(self.table, (_key(f"listener#{name}", NONE) for name in names))
        found = [_listener(row["id"]["S"].removeprefix("listener#"), row) for row in rows]
        return sorted(found, key=lambda listener: listener.id)

    def claim(self, alert: str, message: str, listener: str, page: str, said: int = 0) -> Claim:
        key, who, now = _asked(alert, message, listener), uuid.uuid4().hex, epoch_ms(self.clock.now())
        row = {
            **key,
            "o": {"S": Outcome.CLAIMED.value},
            "p": {"S": page},
            "t": {"N": str(now)},
            "u": {"N": str(said)},
            "n": {"S": who},
            "ttl": self._ends,
        }
        try:
            self.dynamo.ask("PutItem", {**self._put(row), "ConditionExpression": "attribute_not_exists(id)"})
            return Claim(Outcome.CLAIMED, page, now, said, mine=True)
        except ClientError as error:
            only_condition_failed(error)
        found = self._get(key["id"]["S"], key["sk"]["S"])
        if found is None:  # released since; until somebody tries again it is as good as claimed
            return Claim(Outcome.CLAIMED, page, now, said)
        ours = found["n"]["S"] == who  # the answer to the first try was lost
        return replace(_claim(found), mine=ours)

    def look(self, alert: str, message: str, listener: str) -> Claim | None:
        key = _asked(alert, message, listener)
        found = self._get(key["id"]["S"], key["sk"]["S"])
        return _claim(found) if found else None

    def settle(self, alert: str, message: str, listener: str, outcome: Outcome) -> None:
        self.dynamo.ask(
            "UpdateItem",
            {
                "TableName": self.table,
                "Key": _asked(alert, message, listener),
                "UpdateExpression": "SET o = :o",
                "ExpressionAttributeValues": {":o": {"S": outcome.value}},
            },
        )

    def release(self, alert: str, message: str, listener: str) -> None:
        self.dynamo.ask("DeleteItem", {"TableName": self.table, "Key": _asked(alert, message, listener)})

    def finish(self, alert: str, message: str, page: str, figures: Figures, after: str) -> None:
        row = {
            **_key(f"pages#{alert}#{message}", page),
            "f": {"S": json.dumps([figures.sent, figures.failed, figures.gone])},
            "e": {"S": after},
            "ttl": self._ends,
        }
        try:
            self.dynamo.ask("PutItem", {**self._put(row), "ConditionExpression": "attribute_not_exists(id)"})
        except ClientError as error:
            only_condition_failed(error)

    def finished(self, alert: str, message: str, page: str) -> str | None:
        row = self._get(f"pages#{alert}#{message}", page)
        return str(row["e"]["S"]) if row else None

    def figures(self, alert: str, message: str) -> Figures | None:
        request = {
            "TableName": self.table,
            "KeyConditionExpression": "id = :id",
            "ExpressionAttributeValues": {":id": {"S": f"pages#{alert}#{message}"}},
        }
        pages = self.dynamo.pages(request, read_items)
        found = [Figures(*json.loads(row["f"]["S"])) for page in pages for row in page.items]
        return sum(found, Figures()) if found else None

    @property
    def _ends(self) -> dict[str, str]:
        return {"N": str(epoch(self.clock.now() + self.kept))}

    def _put(self, row: Mapping[str, Any]) -> dict[str, Any]:
        return {"TableName": self.table, "Item": dict(row)}

    def _get(self, name: str, sort: str) -> dict[str, Any] | None:
        request = {"TableName": self.table, "Key": _key(name, sort), "ConsistentRead": True}
        row: dict[str, Any] | None = self.dynamo.ask("GetItem", request).get("Item")
        return row


def _key(name: str, sort: str) -> dict[str, Any]:
    return {"id": {"S": name}, "sk": {"S": sort}}


def _asked(alert: str, message: str, listener: str) -> dict[str, Any]:
    return _key(f"asked#{alert}#{shard(listener)}", f"{message}#{listener}")


def _claim(row: Mapping[str, Any]) -> Claim:
    return Claim(Outcome(row["o"]["S"]), row["p"]["S"], int(row["t"]["N"]), int(row["u"]["N"]))


def _about(listener: Listener) -> dict[str, Any]:
    return {"d": {"S": packed(listener.device)}, "l": {"S": listener.language.value}}


def _listener(name: str, row: Mapping[str, Any]) -> Listener:
    return Listener(name, unpacked(row["d"]["S"]), Language(row["l"]["S"]))
