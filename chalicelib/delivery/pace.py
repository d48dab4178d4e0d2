"""Table ``pace``: one clock per channel that all senders share, so that together they keep to the granted rate.

The clock stands at the moment from which nothing is promised yet. Whoever wants to send moves it forward by the time
that the messages take at the granted rate; where it stood is when they may begin. One small write for many messages.
It also says which alert had the last turn, so that alerts that are sent at the same time can take turns.
"""

from dataclasses import dataclass, field
from threading import Lock
from typing import NamedTuple, Protocol

from botocore.exceptions import ClientError

from chalicelib.channels.model import Channel
from chalicelib.platform.dynamo import only_condition_failed
from chalicelib.platform.flat_dynamo import FlatDynamo


class Promised(NamedTuple):
    """Until when time is promised, and to which alert the last of it."""

    until_us: int
    alert: str


class Latest(NamedTuple):
    """When a turn may begin at the latest: where the last one was of the same alert, and where it was another's."""

    own_us: int
    other_us: int

    def after(self, promised: Promised, alert: str) -> int:
        return self.own_us if promised.alert == alert else self.other_us


class Full(Exception):
    """The clock stands too far ahead. ``early_us``: by how much."""

    def __init__(self, early_us: int) -> None:
        super().__init__("the pace is full")
        self.early_us = early_us


class Pace(Protocol):
    """Times are microseconds since 1970."""

    def reserve(self, channel: Channel, alert: str, length_us: int, now_us: int, latest: Latest) -> int:
        """Move the clock forward by ``length_us`` for an alert; returns when that time begins, never before ``now_us``.

        Raises:
            Full: it would begin too late; nothing is reserved.
        """
        ...

    def standing(self, channel: Channel) -> Promised:
        """Where the clock stands: a read, which costs a fifth of a write that fails."""
        ...

    def give_back(self, channel: Channel, length_us: int, now_us: int) -> None:
        """Return time that was reserved and not used; what others reserved stays theirs."""
        ...

    def hold(self, channel: Channel, until_us: int) -> None:
        """Nobody begins before ``until_us``. Twice the same is once."""
        ...


NOTHING = Promised(0, "")


@dataclass(frozen=True)
class DynamoPace:
    """``idle``: channels whose clock had been passed by the last time, which is tried first then."""

    table: str
    dynamo: FlatDynamo = field(default_factory=FlatDynamo)
    idle: set[Channel] = field(default_factory=set)

    def reserve(self, channel: Channel, alert: str, length_us: int, now_us: int, latest: Latest) -> int:
        if channel in self.idle and self._begin(channel, alert, length_us, now_us):
            return now_us
        self.idle.discard(channel)
        while True:
            # Under load the clock is ahead, and this one write does it.
            old = self._set(
                channel,
                "nxt = nxt + :length, alert = :alert",
                "nxt BETWEEN :now AND :own OR (nxt BETWEEN :now AND :other AND NOT (alert = :alert))",
                alert=alert,
                length=length_us,
                now=now_us,
                own=latest.own_us,
                other=latest.other_us,
            )
            if old is not None:
                return old
            promised = self.standing(channel)
            if (early := promised.until_us - latest.after(promised, alert)) > 0:
                raise Full(early)
            if promised.until_us < now_us and self._begin(channel, alert, length_us, now_us):
                self.idle.add(channel)
                return now_us

    def _begin(self, channel: Channel, alert: str, length_us: int, now_us: int) -> bool:
        idle = "attribute_not_exists(nxt) OR nxt < :now"
        end = now_us + length_us
        return self._set(channel, "nxt = :end, alert = :alert", idle, alert=alert, end=end, now=now_us) is not None

    def standing(self, channel: Channel) -> Promised:
        asked = {"TableName": self.table, "Key": {"channel": {"S": channel.value}}, "ConsistentRead": True}
        row = self.dynamo.ask("GetItem", asked).get("Item")
        return Promised(int(row["nxt"]["N"]), row["alert"]["S"] if "alert" in row else "") if row else NOTHING

    def give_back(self, channel: Channel, length_us: int, now_us: int) -> None:
        self._set(channel, "nxt = nxt - :length", "nxt > :now", length=length_us, now=now_us)

    def hold(self, channel: Channel, until_us: int) -> None:
        self._set(channel, "nxt = :until", "attribute_not_exists(nxt) OR nxt < :until", until=until_us)

    def _set(self, channel: Channel, change: str, condition: str, alert: str = "", **values: int) -> int | None:
        """Change the clock; where it stood (0 for nowhere), or None where the condition did not hold."""
        request = {
            "TableName": self.table,
            "Key": {"channel": {"S": channel.value}},
            "UpdateExpression": f"SET {change}",
            "ConditionExpression": condition,
            "ExpressionAttributeValues": {f":{name}": {"N": str(number)} for name, number in values.items()}
            | ({":alert": {"S": alert}} if alert else {}),
            "ReturnValues": "UPDATED_OLD",
        }
        try:
            answer = self.dynamo.ask("UpdateItem", request)
        except ClientError as error:
            only_condition_failed(error)
            return None
        return int(answer.get("Attributes", {}).get("nxt", {}).get("N", "0"))


@dataclass
class MemoryPace:
    """The twin. ``writes``: what it would have written, refused conditions too."""

    clocks: dict[Channel, Promised] = field(default_factory=dict)
    writes: int = 0
    lock: Lock = field(default_factory=Lock, repr=False)

    def reserve(self, channel: Channel, alert: str, length_us: int, now_us: int, latest: Latest) -> int:
        with self.lock:
            promised = self.standing(channel)
            self.writes += 1 if promised.until_us >= now_us else 2
            if (early := promised.until_us - latest.after(promised, alert)) > 0:
                raise Full(early)
            begin = max(promised.until_us, now_us)
            self.clocks[channel] = Promised(begin + length_us, alert)
            return begin

    def standing(self, channel: Channel) -> Promised:
        return self.clocks.get(channel, NOTHING)

    def give_back(self, channel: Channel, length_us: int, now_us: int) -> None:
        with self.lock:
            self.writes += 1
            promised = self.standing(channel)
            if promised.until_us > now_us:
                self.clocks[channel] = promised._replace(until_us=promised.until_us - length_us)

    def hold(self, channel: Channel, until_us: int) -> None:
        with self.lock:
            self.writes += 1
            promised = self.standing(channel)
            self.clocks[channel] = promised._replace(until_us=max(promised.until_us, until_us))
