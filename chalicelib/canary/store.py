"""Table ``canaries``: the runs, newest first, and for each what has arrived and how long it took."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Protocol

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import PutError
from pynamodb.models import Model

from chalicelib.canary.model import Message, Run
from chalicelib.channels.model import Channel
from chalicelib.platform.clock import epoch, parse_rfc3339, rfc3339
from chalicelib.platform.dynamo import bind

KEPT = timedelta(days=30)
RUNS = "runs"  # partition of all runs; no alert has such an id


class CanaryStore(Protocol):
    def put(self, run: Run) -> None:
        """Keep a run, over what was known of it."""
        ...

    def runs(self, limit: int) -> list[Run]:
        """The newest ones, newest first."""
        ...

    def arrive(self, run: Run, message: Message, took: timedelta) -> bool:
        """Keep how long a message took. False where that is known already; then nothing changes."""
        ...

    def arrived(self, alert: str) -> Mapping[Message, timedelta]: ...


class _RunRow(Model):
    run = UnicodeAttribute(hash_key=True, default=RUNS)
    sk = UnicodeAttribute(range_key=True)
    alert = UnicodeAttribute()
    expected = UnicodeAttribute()
    missing = UnicodeAttribute(null=True)
    judged = UnicodeAttribute(null=True)
    ttl = NumberAttribute()


class _ArrivalRow(Model):
    run = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    ms = NumberAttribute()
    ttl = NumberAttribute()


class DynamoCanaryStore:
    def __init__(self, table: str) -> None:
        self._runs = bind(_RunRow, table)
        self._arrivals = bind(_ArrivalRow, table)

    def put(self, run: Run) -> None:
        self._runs(
            RUNS,
            rfc3339(run.sent_at),
            alert=run.alert,
            expected=_written(run.expected),
            missing=_written(run.missing),
            judged=rfc3339(run.judged_at) if run.judged_at else None,
            ttl=epoch(run.sent_at + KEPT),
        ).save()

    def runs(self, limit: int) -> list[Run]:
        rows = self._runs.query(RUNS, scan_index_forward=False, limit=limit, consistent_read=True)
        return [
            Run(
                row.alert,
                parse_rfc3339(row.sk),
                _read(row.expected),
                parse_rfc3339(row.judged) if row.judged else None,
                _read(row.missing or "[]"),
            )
            for row in rows
        ]

    def arrive(self, run: Run, message: Message, took: timedelta) -> bool:
        ms = took // timedelta(milliseconds=1)
        row = self._arrivals(run.alert, f"{message.area}#{message.channel}", ms=ms, ttl=epoch(run.sent_at + KEPT))
        try:
            row.save(condition=_ArrivalRow.run.does_not_exist())
        except PutError as error:
            if error.cause_response_code != "ConditionalCheckFailedException":
                raise
            return False
        return True

    def arrived(self, alert: str) -> Mapping[Message, timedelta]:
        rows = self._arrivals.query(alert, consistent_read=True)
        keys = ((row.sk.split("#"), int(row.ms)) for row in rows)
        return {Message(area, Channel(channel)): timedelta(milliseconds=ms) for (area, channel), ms in keys}


def _written(messages: frozenset[Message]) -> str:
    return json.dumps([[message.area, message.channel] for message in sorted(messages)])


def _read(text: str) -> frozenset[Message]:
    return frozenset(Message(area, Channel(channel)) for area, channel in json.loads(text))


@dataclass
class MemoryCanaryStore:
    """The twin."""

    by_time: dict[str, Run] = field(default_factory=dict)
    by_alert: dict[str, dict[Message, timedelta]] = field(default_factory=dict)

    def put(self, run: Run) -> None:
        self.by_time[rfc3339(run.sent_at)] = replace(run)

    def runs(self, limit: int) -> list[Run]:
        return [self.by_time[at] for at in sorted(self.by_time, reverse=True)][:limit]

    def arrive(self, run: Run, message: Message, took: timedelta) -> bool:
        known = self.by_alert.setdefault(run.alert, {})
        if message in known:
            return False
        known[message] = timedelta(milliseconds=took // timedelta(milliseconds=1))
        return True

    def arrived(self, alert: str) -> Mapping[Message, timedelta]:
        return dict(self.by_alert.get(alert, {}))
