"""Table ``posts``: per alert and network what was posted, without a word of it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import Any, Protocol

from botocore.exceptions import ClientError

from chalicelib.channels.social import Network
from chalicelib.delivery.posts import Post, PostState, Thread
from chalicelib.platform.clock import parse_rfc3339, rfc3339
from chalicelib.platform.dynamo import only_condition_failed
from chalicelib.platform.flat_dynamo import FlatDynamo


class Overtaken(Exception):
    """Somebody else wrote the thread after we read it."""


class PostStore(Protocol):
    def get(self, alert: str, network: Network) -> Thread:
        """As the last write left it; an empty one where there is none."""
        ...

    def put(self, thread: Thread) -> Thread:
        """Write it with its version one higher; returned as it then is.

        Raises:
            Overtaken: what stands has another version than this one.
        """
        ...


@dataclass(frozen=True)
class DynamoPostStore:
    table: str
    dynamo: FlatDynamo = field(default_factory=FlatDynamo)

    def get(self, alert: str, network: Network) -> Thread:
        key = {"alert": {"S": alert}, "network": {"S": network.value}}
        row = self.dynamo.ask("GetItem", {"TableName": self.table, "Key": key, "ConsistentRead": True}).get("Item")
        return _read(alert, network, row) if row else Thread(alert, network)

    def put(self, thread: Thread) -> Thread:
        written = replace(thread, version=thread.version + 1)
        request: dict[str, Any] = {"TableName": self.table, "Item": _row(written)}
        if thread.version:
            request["ConditionExpression"] = "v = :v"
            request["ExpressionAttributeValues"] = {":v": {"N": str(thread.version)}}
        else:
            request["ConditionExpression"] = "attribute_not_exists(v)"
        try:
            self.dynamo.ask("PutItem", request)
        except ClientError as error:
            only_condition_failed(error)
            raise Overtaken from error
        return written


def _row(thread: Thread) -> dict[str, Any]:
    return {
        "alert": {"S": thread.alert},
        "network": {"S": thread.network.value},
        "v": {"N": str(thread.version)},
        "l": {"N": str(thread.lease_ms)},
        "look": {"N": str(thread.look_ms)},
        "posts": {"S": json.dumps([_written(post) for post in thread.posts.values()])},
    }


def _read(alert: str, network: Network, row: Mapping[str, Any]) -> Thread:
    posts = [_read_post(post) for post in json.loads(row["posts"]["S"])]
    return Thread(
        alert,
        network,
        {post.name: post for post in posts},
        int(row["v"]["N"]),
        int(row["l"]["N"]),
        int(row["look"]["N"]),
    )


def _written(post: Post) -> dict[str, str]:
    said = {"id": post.id, "url": post.url, "reason": post.reason}
    fixed = {"name": str(post.name), "says": str(post.says), "state": post.state.value, "at": rfc3339(post.begun_at)}
    return fixed | {name: text for name, text in said.items() if text}


def _read_post(row: Mapping[str, str]) -> Post:
    said = {name: row.get(name, "") for name in ("id", "url", "reason")}
    return Post(row["name"], row["says"], PostState(row["state"]), parse_rfc3339(row["at"]), **said)


@dataclass
class MemoryPostStore:
    """The twin. Keeps rows in their stored form, so that a reader meets what the table would give."""

    rows: dict[tuple[str, Network], dict[str, Any]] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock, repr=False)

    def get(self, alert: str, network: Network) -> Thread:
        row = self.rows.get((alert, network))
        return _read(alert, network, row) if row else Thread(alert, network)

    def put(self, thread: Thread) -> Thread:
        with self.lock:
            if self.get(thread.alert, thread.network).version != thread.version:
                raise Overtaken
            written = replace(thread, version=thread.version + 1)
            self.rows[thread.alert, thread.network] = _row(written)
            return written
