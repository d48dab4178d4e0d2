"""RELAY: a change in a table becomes a message on the queue of whoever must know. Nothing else is done here.

It reads streams, so it must be short, and may only fail when a queue does: the stream then hands out the records again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.alerts.model import MessageKind
from chalicelib.delivery.messages import CountMessage, PlanMessage, TallyMessage
from chalicelib.platform.clock import Clock, epoch
from chalicelib.platform.observe import logger
from chalicelib.platform.queues import MAX_DELAY_S, QueueName, Queues


@dataclass(frozen=True)
class Relay:
    queues: Queues
    clock: Clock

    def pass_on(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """``event``: records of the streams of alerts, deliveries and tips."""
        counts: dict[str, CountMessage] = {}
        tallies: dict[tuple[str, str, int], TallyMessage] = {}
        for record in event["Records"]:
            keys = record["dynamodb"]["Keys"]
            if "m" in keys:
                _of_ledger(keys["m"]["S"], keys["b"]["S"], tallies, counts)
            elif keys["sk"]["S"].startswith("outbox#"):
                self._outbox(record)
            else:
                alert = keys.get("id", keys.get("alert"))["S"]
                counts[alert] = CountMessage(alert=alert)
        self.queues.send(QueueName.TALLY, [message.body() for message in tallies.values()])
        self.queues.send(QueueName.COUNT, [message.body() for message in counts.values()])
        logger.info("relay.passed_on", records=len(event["Records"]), tallies=len(tallies), counts=len(counts))
        return {"batchItemFailures": []}

    def _outbox(self, record: Mapping[str, Any]) -> None:
        row = record["dynamodb"].get("NewImage")
        if record["eventName"] != "INSERT" or not row:
            return
        message = PlanMessage(alert=row["id"]["S"], message=MessageKind(row["message"]["S"]))
        wait = int(row["due"]["N"]) - epoch(self.clock.now())
        self.queues.send(QueueName.PLAN, [message.body()], delay_s=min(max(wait, 0), MAX_DELAY_S))


def _of_ledger(
    partition: str,
    sort: str,
    tallies: dict[tuple[str, str, int], TallyMessage],
    counts: dict[str, CountMessage],
) -> None:
    alert, message = partition.split("#")
    kind, _, rest = sort.partition("#")
    if kind == "batch":
        unit = int(rest.split("-")[0])
        tallies[alert, message, unit] = TallyMessage(alert=alert, message=MessageKind(message), unit=unit)
    elif kind == "unit":
        counts[alert] = CountMessage(alert=alert)
