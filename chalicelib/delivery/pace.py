"""Table ``pace``: one clock per channel that all senders share, so that together they keep to the granted rate.

The clock stands at the moment from which nothing is promised yet. Whoever wants to send moves it forward by the time
that the messages take at the granted rate; where it stood is when they may begin. One small write for many messages.
"""

from dataclasses import dataclass, field
from threading import Lock
from typing import Protocol

from botocore.exceptions import ClientError

from chalicelib.channels.model import Channel
from chalicelib.platform.dynamo import only_condition_failed
from chalicelib.platform.flat_dynamo import FlatDynamo


class Full(Exception):
    """The clock stands too far ahead. ``free_us``: where it stands."""

    def __init__(self, free_us: int) -> None:
        super().__init__("the pace is full")
        self.free_us = free_us


class Pace(Protocol):
    """Times are microseconds since 1970."""

    def reserve(self, channel: Channel, length_us: int, now_us: int, latest_us: int) -> int:
        """Move the clock forward by ``length_us``; returns when that time begins, never before ``now_us``.

        Raises:
            Full: it would begin after ``latest_us``; nothing is reserved.
        """
        ...

    def standing(self, channel: Channel) -> int:
        """Where the clock stands: a read, which costs a fifth of a write that fails."""
        ...

    def give_back(self, channel: Channel, length_us: int, now_us: int) -> None:
        """Return time that was reserved and not used; what others reserved stays theirs."""
        ...

    def hold(self, channel: Channel, until_us: int) -> None:
        """Nobody begins before ``until_us``. Twice the same is once."""
        ...


@dataclass(frozen=True)
class DynamoPace:
    """``idle``: channels whose clock had been passed by the last time, which is tried first then."""

    table: str
    dynamo: FlatDynamo = field(default_factory=FlatDynamo)
    idle: set[Channel] = field(default_factory=set)

    def reserve(self, channel: Channel, length_us: int, now_us: int, latest_us: int) -> int:
        if channel in self.idle and self._begin(channel, length_us, now_us):
            return now_us
        self.idle.discard(channel)
        while True:
            # Under load the clock is ahead, and this one write does it.
            old = self._set(
                channel, "nxt + :length", "nxt BETWEEN :now AND :latest", length=length_us, now=now_us, latest=latest_us
            )
            if old is not None:
                return old
            standing = self.standing(channel)
            if standing > latest_us:
                raise Full(standing)
            if standing < now_us and self._begin(channel, length_us, now_us):
                self.idle.add(channel)
                return now_us

    def _begin(self, channel: Channel, length_us: int, now_us: int) -> bool:
        idle = "attribute_not_exists(nxt) OR nxt < :now"
        return self._set(channel, ":end", idle, end=now_us + length_us, now=now_us) is not None

    def standing(self, channel: Channel) -> int:
        asked = {"TableName": self.table, "Key": {"channel": {"S": channel.value}}, "ConsistentRead": True}
        answer = self.dynamo.ask("GetItem", asked)
        return int(answer["Item"]["nxt"]["N"]) if "Item" in answer else 0

    def give_back(self, channel: Channel, length_us: int, now_us: int) -> None:
        self._set(channel, "nxt - :length", "nxt > :now", length=length_us, now=now_us)

    def hold(self, channel: Channel, until_us: int) -> None:
        self._set(channel, ":until", "attribute_not_exists(nxt) OR nxt < :until", until=until_us)

    def _set(self, channel: Channel, value: str, condition: str, **values: int) -> int | None:
        """Set the clock; where it stood (0 for nowhere), or None where the condition did not hold."""
        request = {
            "TableName": self.table,
            "Key": {"channel": {"S": channel.value}},
            "UpdateExpression": f"SET nxt = {value}",
            "ConditionExpression": condition,
            "ExpressionAttributeValues": {f":{name}": {"N": str(number)} for name, number in values.items()},
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

    clocks: dict[Channel, int] = field(default_factory=dict)
    writes: int = 0
    lock: Lock = field(default_factory=Lock, repr=False)

    def reserve(self, channel: Channel, length_us: int, now_us: int, latest_us: int) -> int:
        with self.lock:
            standing = self.clocks.get(channel, 0)
            self.writes += 1 if standing >= now_us else 2
            if standing > latest_us:
                raise Full(standing)
            begin = max(standing, now_us)
            self.clocks[channel] = begin + length_us
            return begin

    def standing(self, channel: Channel) -> int:
        return self.clocks.get(channel, 0)

    def give_back(self, channel: Channel, length_us: int, now_us: int) -> None:
        with self.lock:
            self.writes += 1
            if self.clocks.get(channel, 0) > now_us:
                self.clocks[channel] -= length_us

    def hold(self, channel: Channel, until_us: int) -> None:
        with self.lock:
            self.writes += 1
            self.clocks[channel] = max(self.clocks.get(channel, 0), until_us)
