"""``./dev backup FOLDER`` and ``./dev restore FOLDER``: every table of the running system to files, and back.

A file per table and a line per row, as DynamoDB's export to S3 has them. Restoring destroys the tables first, as a loss
would: it is the drill of docs/runbooks/restore.md, in its order. A table's stream is switched on, and listened to, only
when its rows are back: else every row would look new, and alerts would go out once more.
"""

import argparse
import base64
import gzip
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from chalicelib.platform.settings import TABLE_PREFIX, TABLES, dashed
from infra import tables
from local import deploy
from local.addresses import NoStack, running

BATCH = 25  # DynamoDB: rows per BatchWriteItem
OF_A_LISTENER = (
    "BatchSize",
    "BisectBatchOnFunctionError",
    "DestinationConfig",
    "FunctionResponseTypes",
    "MaximumRetryAttempts",
    "StartingPosition",
)

Row = dict[str, Any]


class NotTheSame(Exception):
    """A table does not hold what its file holds; the message is its name."""


@dataclass(frozen=True)
class Backup:
    """``folder``: of the files. ``progress``: told of each table."""

    emulator: deploy.Emulator
    folder: Path
    progress: Callable[[str], None] = lambda step: None

    def take(self) -> dict[str, int]:
        """Rows by table. What is written meanwhile may be in it or not: a system at rest gives one moment."""
        self.folder.mkdir(parents=True, exist_ok=True)
        counts = {}
        for table in TABLES:
            rows = list(self._rows(table))
            with gzip.open(self._file(table), "wt", encoding="utf-8") as file:
                file.writelines(f"{_line(row)}\n" for row in rows)
            counts[table] = len(rows)
            self.progress(f"{table}: {len(rows)} rows")
        return counts

    def destroy(self) -> None:
        """All tables, with all that is in them."""
        for table in TABLES:
            self._dynamodb.update_table(TableName=self._name(table), DeletionProtectionEnabled=False)
            self._dynamodb.delete_table(TableName=self._name(table))
            self._dynamodb.get_waiter("table_not_exists").wait(TableName=self._name(table))

    def restore(self) -> dict[str, int]:
        """Rows by table, each compared with its file. Raises ``NotTheSame``."""
        counts = {table: self._restore(table) for table in TABLES}
        deploy.expire_rows(self.emulator)
        for table in TABLES:
            self._dynamodb.update_table(TableName=self._name(table), DeletionProtectionEnabled=True)
            if stream := self._definition(table).get("StreamSpecification"):
                self._listen(table, stream)
        return counts

    def _restore(self, table: str) -> int:
        definition = self._definition(table)
        self._dynamodb.create_table(**{key: value for key, value in definition.items() if key != "StreamSpecification"})
        self._dynamodb.get_waiter("table_exists").wait(TableName=self._name(table))
        with gzip.open(self._file(table), "rt", encoding="utf-8") as file:
            rows = [_row(line) for line in file]
        for start in range(0, len(rows), BATCH):
            self._write(table, rows[start : start + BATCH])
        if sorted(map(_line, self._rows(table))) != sorted(map(_line, rows)):
            raise NotTheSame(table)
        self.progress(f"{table}: {len(rows)} rows, the same")
        return len(rows)

    def _write(self, table: str, rows: list[Row]) -> None:
        waiting: Any = {self._name(table): [{"PutRequest": {"Item": row}} for row in rows]}
        while waiting:
            waiting = self._dynamodb.batch_write_item(RequestItems=waiting).get("UnprocessedItems")

    def _listen(self, table: str, stream: Mapping[str, Any]) -> None:
        """With a stream of its own, and who listened to the one that is gone listening to that."""
        answer = self._dynamodb.update_table(TableName=self._name(table), StreamSpecification=stream)
        arn = answer["TableDescription"]["LatestStreamArn"]
        for before in self._lambda.list_event_source_mappings()["EventSourceMappings"]:
            if f"table/{self._name(table)}/stream/" in before["EventSourceArn"]:
                self._lambda.delete_event_source_mapping(UUID=before["UUID"])
                settings = {key: before[key] for key in OF_A_LISTENER if before.get(key) is not None}
                self._lambda.create_event_source_mapping(
                    FunctionName=before["FunctionArn"], EventSourceArn=arn, **settings
                )

    def _rows(self, table: str) -> Iterator[Row]:
        pages = self._dynamodb.get_paginator("scan").paginate(TableName=self._name(table), ConsistentRead=True)
        for page in pages:
            yield from page["Items"]

    def _definition(self, table: str) -> dict[str, Any]:
        return tables.create_table(table, self._name(table))

    def _file(self, table: str) -> Path:
        return self.folder / f"{table}.json.gz"

    @cached_property
    def _names(self) -> Mapping[str, str]:
        return deploy.function_environment(self.emulator)

    def _name(self, table: str) -> str:
        return self._names[TABLE_PREFIX] + dashed(table)

    @cached_property
    def _dynamodb(self) -> Any:
        return self.emulator.client("dynamodb")

    @cached_property
    def _lambda(self) -> Any:
        return self.emulator.client("lambda")


def _line(row: Row) -> str:
    """Bytes in base 64, and sets in order, so that the same row is the same line."""

    def text(value: Any) -> str:
        return base64.b64encode(value).decode()

    def ordered(value: Any) -> Any:
        if isinstance(value, dict):
            return {kind: sorted(part) if kind in ("SS", "NS") else ordered(part) for kind, part in value.items()}
        return list(map(ordered, value)) if isinstance(value, list) else value

    return json.dumps({"Item": ordered(row)}, default=text, sort_keys=True)


def _row(line: str) -> Row:
    def read(value: Any) -> Any:
        if isinstance(value, dict):
            return {kind: base64.b64decode(part) if _binary(kind, part) else read(part) for kind, part in value.items()}
        return list(map(read, value)) if isinstance(value, list) else value

    row: Row = read(json.loads(line)["Item"])
    return row


def _binary(kind: str, part: Any) -> bool:
    """A value of kind B; an attribute of that name holds a value, not a text."""
    return kind == "B" and isinstance(part, str)


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="./dev", description="Write every table of the running system to files, or destroy and restore them."
    )
    parser.add_argument("what", choices=("backup", "restore"))
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="of a backup")
    options = parser.parse_args()
    try:
        backup = Backup(deploy.Emulator(running().aws), options.folder, print)
        if options.what == "backup":
            backup.take()
        elif missing := [table for table in TABLES if not (options.folder / f"{table}.json.gz").exists()]:
            parser.error(f"{options.folder} holds no backup of {', '.join(missing)}")
        else:
            backup.destroy()
            backup.restore()
    except (NoStack, NotTheSame) as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
