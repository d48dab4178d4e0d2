"""RELAY: a change in a table becomes a message on the queue of whoever must know. Nothing else is done here.

It reads streams, so it must be short, and may only fail when a queue does: the stream then hands out the records again.
A row that is not ours is counted and let go: it would hold up every alert behind it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from chalicelib.alerts.messages import MessageKind
from chalicelib.alerts.staff_mail import MAILED, StaffMailMessage
from chalicelib.alerts.states import State
from chalicelib.audit.messages import AuditMessage, of_history
from chalicelib.channels.social import Network
from chalicelib.delivery.messages import AHEAD_S, CountMessage, PlanMessage, PostMessage, TallyMessage, TopicMessage
from chalicelib.platform.clock import Clock, epoch
from chalicelib.platform.observe import count, logger
from chalicelib.platform.queues import MAX_DELAY_S, QueueName, Queues

BEGUN = frozenset({State.ACTIVE, State.CLOSED})  # before that nobody hears of it


@dataclass(frozen=True)
class Relay:
    """``networks``: where alerts that everybody may know of are posted."""

    queues: Queues
    clock: Clock
    networks: tuple[Network, ...] = ()

    def pass_on(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """``event``: records of the streams of alerts, deliveries and tips."""
        work = _Work()
        for record in event["Records"]:
            try:
                work.read(record)
            except (KeyError, ValueError):
                logger.error("relay.unknown_row", event=record.get("eventID"))
                count("RelayUnknown")
        for due, plan in work.plans:
            self.queues.send(QueueName.PLAN, [plan.body()], delay_s=self._wait_s(due - AHEAD_S))
        for due, topic in work.topics:
            self.queues.send(QueueName.TOPICS, [topic.body()], delay_s=self._wait_s(due))
        self.queues.send(QueueName.AUDIT, [message.body() for message in work.deeds])
        self.queues.send(QueueName.STAFF_MAIL, [message.body() for message in work.mails])
        self.queues.send(QueueName.TALLY, [message.body() for message in work.tallies.values()])
        self.queues.send(QueueName.COUNT, [message.body() for message in work.counts.values()])
        posts = [PostMessage(alert=alert, network=network) for alert in work.public for network in self.networks]
        if posts:
            self.queues.send(QueueName.SOCIAL, [message.body() for message in posts])
        logger.info(
            "relay.passed_on", records=len(event["Records"]), tallies=len(work.tallies), counts=len(work.counts)
        )
        return {"batchItemFailures": []}

    def _wait_s(self, due: int) -> int:
        return min(max(due - epoch(self.clock.now()), 0), MAX_DELAY_S)


@dataclass(frozen=True)
class _Work:
    """What the records ask for, each thing once. ``plans``: with the epoch second from which each is due.

    ``public``: alerts that everybody may know of, and of which what they should read may have changed. ``topics``:
    messages of those, as ``plans``; browsers hear all of it in the first wave.
    """

    plans: list[tuple[int, PlanMessage]] = field(default_factory=list)
    topics: list[tuple[int, TopicMessage]] = field(default_factory=list)
    tallies: dict[tuple[str, str, int], TallyMessage] = field(default_factory=dict)
    counts: dict[str, CountMessage] = field(default_factory=dict)
    mails: list[StaffMailMessage] = field(default_factory=list)
    public: dict[str, None] = field(default_factory=dict)
    deeds: list[AuditMessage] = field(default_factory=list)

    def read(self, record: Mapping[str, Any]) -> None:
        keys = record["dynamodb"]["Keys"]
        if "m" in keys:
            self._of_ledger(keys["m"]["S"], keys["b"]["S"])
        elif keys["sk"]["S"].startswith("outbox#"):
            self._outbox(record)
        else:
            if keys["sk"]["S"].startswith("event#"):
                self._event(record)
            alert = keys["alert" if "alert" in keys else "id"]["S"]
            self.counts[alert] = CountMessage(alert=alert)
            row = record["dynamodb"].get("NewImage", {})
            if row.get("public", {}).get("BOOL") and row["state"]["S"] in BEGUN:
                self.public[alert] = None

    def _outbox(self, record: Mapping[str, Any]) -> None:
        row = record["dynamodb"].get("NewImage")
        if record["eventName"] != "INSERT" or not row:
            return
        wave = int(row["wave"]["N"]) if "wave" in row else 1
        message = PlanMessage(alert=row["id"]["S"], message=row["message"]["S"], wave=wave)
        # Only a call counts down. What comes after it is due when it is written, and the second is rounded up.
        due = int(row["due"]["N"]) if message.message == MessageKind.CALL else 0
        self.plans.append((due, message))
        if row.get("public", {}).get("BOOL") and wave == 1:
            self.topics.append((due, TopicMessage(alert=message.alert, message=message.message)))

    def _event(self, record: Mapping[str, Any]) -> None:
        """Of an alert's history: a deed for the audit trail. Of some, staff must know by e-mail."""
        row = record["dynamodb"].get("NewImage", {})
        if record["eventName"] != "INSERT":
            return
        if row.get("type", {}).get("S") in MAILED:
            cursor = row["sk"]["S"].removeprefix("event#").replace("#", "_")
            self.mails.append(StaffMailMessage(alert=row["id"]["S"], event=cursor))
        self.deeds.append(of_history(row))

    def _of_ledger(self, partition: str, sort: str) -> None:
        alert, message = partition.split("#")
        kind, _, rest = sort.partition("#")
        if kind in ("batch", "match"):
            unit = int(rest.split("-")[0])
            self.tallies[alert, message, unit] = TallyMessage(alert=alert, message=message, unit=unit)
        elif kind == "unit":
            self.counts[alert] = CountMessage(alert=alert)
