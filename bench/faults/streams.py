"""The streams of the tables that are relayed, which the twins do not have: what changed between two looks."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from math import ceil
from typing import Any

from chalicelib.alerts import alert_codec
from chalicelib.alerts.store import MemoryAlertStore
from chalicelib.delivery.rows import PEOPLE, partition
from chalicelib.delivery.store_memory import MemoryLedger
from chalicelib.tips.store import MemoryTipStore

Keys = tuple[tuple[str, str], ...]
Rows = dict[Keys, object]


def _alert_rows(twin: MemoryAlertStore) -> Rows:
    rows: Rows = {(("id", alert), ("sk", "alert")): row for alert, row in twin.rows.items()}
    for (alert, message), outbox in twin.outbox.items():
        rows[("id", alert), ("sk", f"outbox#{message}")] = (outbox, twin.get(alert).content.is_public)
    return rows


def _ledger_rows(twin: MemoryLedger) -> Rows:
    rows: Rows = {}
    for (alert, message), plan in twin.plans.items():
        rows[("m", partition(alert, message)), ("b", "plan")] = plan
    for key, batch in twin.rows.items():
        rows[("m", partition(key.alert, key.message)), ("b", f"batch#{key.batch}")] = batch
        rows[("m", partition(key.alert, key.message)), ("b", f"batch#{key.batch}{PEOPLE}")] = None
    tallies = ((key, unit, tally) for key, units in twin.units.items() for unit, tally in units.items())
    for (alert, message), unit, tally in tallies:
        rows[("m", partition(alert, message)), ("b", f"unit#{unit:05d}")] = tally
    return rows


def _tip_rows(twin: MemoryTipStore) -> Rows:
    return {(("alert", alert), ("sk", tip)): row for (alert, tip), row in twin.tips.items()}


VIEWS: Mapping[str, Callable[[Any], Rows]] = {"alerts": _alert_rows, "ledger": _ledger_rows, "tips": _tip_rows}


def _image(keys: Keys, row: Any) -> dict[str, Any]:
    image: dict[str, Any] = {name: {"S": value} for name, value in keys}
    if keys[1][1].startswith("outbox#"):
        outbox, public = row
        image |= {
            "message": {"S": outbox.message},
            "due": {"N": str(ceil(outbox.due.timestamp()))},
            "wave": {"N": str(outbox.wave)},
            **({"public": {"BOOL": True}} if public else {}),
        }
    elif keys[1] == ("sk", "alert"):
        alert = alert_codec.read(*row)
        image |= {"state": {"S": alert.state}, **({"public": {"BOOL": True}} if alert.content.is_public else {})}
    return image


@dataclass
class Streams:
    """``twins``: port -> its twin."""

    twins: Mapping[str, Any]
    _seen: dict[str, Rows] = field(default_factory=dict)

    def news(self, port: str) -> Iterator[dict[str, Any]]:
        """Records as a stream gives them, of what changed in a port's table since the last look."""
        if port not in VIEWS:
            return
        before, now = self._seen.get(port, {}), VIEWS[port](self.twins[port])
        self._seen[port] = now
        for keys, row in now.items():
            if keys not in before or (row is not before[keys] and row != before[keys]):
                yield {
                    "eventName": "MODIFY" if keys in before else "INSERT",
                    "dynamodb": {"Keys": {name: {"S": value} for name, value in keys}, "NewImage": _image(keys, row)},
                }
        for keys in sorted(before.keys() - now.keys()):
            yield {"eventName": "REMOVE", "dynamodb": {"Keys": {name: {"S": value} for name, value in keys}}}
