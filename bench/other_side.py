"""``python -m bench.other_side --emulator URL``: the network's other side of a benchmark, in a process of its own.

SNS and SES answer from a can. DynamoDB, SQS and KMS are passed on to the emulator; the first two are counted: requests
by name, and for each table the write units that DynamoDB would bill. ``GET /counts`` tells, ``DELETE /counts`` begins
again.
"""

import argparse
import http.client
import json
import threading
import uuid
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from bench.write_units import units

BULK_PATH = "/v2/email/outbound-bulk-emails"
DYNAMODB = "DynamoDB_20120810."
SQS = "AmazonSQS."
KMS = "TrentService."
PUBLISHED = (
    '<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishResult><MessageId>{id}</MessageId>'
    "</PublishResult><ResponseMetadata><RequestId>{id}</RequestId></ResponseMetadata></PublishResponse>"
)

Answer = tuple[int, str, bytes]  # status, content type, content


@dataclass
class Counts:
    requests: Counter[str] = field(default_factory=Counter)
    write_units: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, request: str, written: Mapping[str, int]) -> None:
        with self.lock:
            self.requests[request] += 1
            self.write_units.update(written)

    def clear(self) -> None:
        with self.lock:
            self.requests.clear()
            self.write_units.clear()

    def body(self) -> bytes:
        return json.dumps({"requests": self.requests, "write_units": self.write_units}).encode()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and content leave together
    disable_nagle_algorithm = True
    counts = Counts()
    emulator = ("127.0.0.1", 0)

    def setup(self) -> None:
        super().setup()
        self.upstream = http.client.HTTPConnection(*self.emulator)

    def finish(self) -> None:
        super().finish()
        self.upstream.close()

    def do_GET(self) -> None:
        self._answer((200, "application/json", self.counts.body()))

    def do_DELETE(self) -> None:
        self.counts.clear()
        self._answer((200, "application/json", b"{}"))

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        target = self.headers.get("X-Amz-Target", "")
        if self.path == BULK_PATH:
            self._answer(self._bulk(body))
        elif target.startswith(DYNAMODB):
            self._answer(self._dynamodb(target.removeprefix(DYNAMODB), body))
        elif target.startswith(SQS):
            self.counts.add(f"sqs.{target.removeprefix(SQS)}", {})
            self._answer(self._emulated(body))
        elif target.startswith(KMS):
            self._answer(self._emulated(body))
        else:
            self.counts.add("sns.Publish", {})
            self._answer((200, "text/xml", PUBLISHED.format(id=uuid.uuid4()).encode()))

    def _bulk(self, body: bytes) -> Answer:
        entries = len(json.loads(body)["BulkEmailEntries"])
        self.counts.add("ses.SendBulkEmail", {})
        results = [{"Status": "SUCCESS", "MessageId": f"{uuid.uuid4()}-000000"} for _ in range(entries)]
        return 200, "application/json", json.dumps({"BulkEmailEntryResults": results}).encode()

    def _dynamodb(self, action: str, body: bytes) -> Answer:
        request = json.loads(body)
        written = self._written(action, request)
        before = [self._item(table, key) for table, key in written]
        answer = self._emulated(body)
        double = 2 if action == "TransactWriteItems" else 1
        total: Counter[str] = Counter()
        for (table, key), item in zip(written, before, strict=True):
            total[table] += double * units(item, self._item(table, key))
        self.counts.add(f"dynamodb.{action}", total)
        return answer

    def _written(self, action: str, request: Mapping[str, Any]) -> list[tuple[str, dict[str, Any]]]:
        """The items that a request writes: table and key."""
        match action:
            case "UpdateItem" | "DeleteItem":
                return [(request["TableName"], request["Key"])]
            case "PutItem":
                return [(request["TableName"], self._key(request["TableName"], request["Item"]))]
            case "BatchWriteItem":
                acts = [(t, act) for t, rows in request["RequestItems"].items() for row in rows for act in row.values()]
                return [(t, act["Key"] if "Key" in act else self._key(t, act["Item"])) for t, act in acts]
            case "TransactWriteItems":
                acts = [(act["TableName"], act) for item in request["TransactItems"] for act in item.values()]
                return [(t, act["Key"] if "Key" in act else self._key(t, act["Item"])) for t, act in acts]
        return []

    def _key(self, table: str, item: Mapping[str, Any]) -> dict[str, Any]:
        if table not in KEYS:
            described = self._ask("DescribeTable", {"TableName": table})
            KEYS[table] = [part["AttributeName"] for part in described["Table"]["KeySchema"]]
        return {name: item[name] for name in KEYS[table]}

    def _item(self, table: str, key: Mapping[str, Any]) -> dict[str, Any] | None:
        item: dict[str, Any] | None = self._ask(
            "GetItem", {"TableName": table, "Key": key, "ConsistentRead": True}
        ).get("Item")
        return item

    def _ask(self, action: str, request: Mapping[str, Any]) -> dict[str, Any]:
        headers = {**dict(self.headers.items()), "X-Amz-Target": DYNAMODB + action}
        answer: dict[str, Any] = json.loads(self._emulated(json.dumps(request).encode(), headers)[2])
        return answer

    def _emulated(self, body: bytes, headers: Mapping[str, str] | None = None) -> Answer:
        given = dict(headers or self.headers.items())
        passed = {name: value for name, value in given.items() if name.lower() not in {"content-length", "host"}}
        self.upstream.request("POST", self.path, body, passed)
        answer = self.upstream.getresponse()
        return answer.status, answer.headers.get("Content-Type", "application/json"), answer.read()

    def _answer(self, answer: Answer) -> None:
        status, content_type, content = answer
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002
        pass


KEYS: dict[str, list[str]] = {}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--emulator", required=True)
    parser.add_argument("--port", type=int, required=True)
    asked = parser.parse_args()
    emulator = urlsplit(asked.emulator)
    Handler.emulator = (str(emulator.hostname), int(emulator.port or 80))
    ThreadingHTTPServer(("127.0.0.1", asked.port), Handler).serve_forever()


if __name__ == "__main__":
    main()
