"""A batch as it lies in table ``deliveries``: two rows, in DynamoDB's own JSON. And a tally, in one.

The row of people is written once: references, neighbourhoods, languages, and for each channel who is on it and their
contacts, sealed with a key. The row of lanes is small, a single write unit however often it changes: it holds the keys,
and what became of each message. With a lane's end its key goes, and with the key the contacts.
"""

import base64
import json
import os
import string
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any, TypeAlias

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from chalicelib.channels.model import Channel
from chalicelib.delivery.model import (
    AreaTally,
    Batch,
    BatchKey,
    Cap,
    Cost,
    Lane,
    LaneState,
    Messages,
    Person,
    Plan,
    Reason,
    Result,
    Span,
    Tally,
)
from chalicelib.platform.clock import parse_rfc3339

KEY_BYTES = 16
NONCE_BYTES = 12
OF_LETTER: Mapping[str, Result] = {result.value: result for result in Result}
PEOPLE = "#people"
# More than the people of a batch; those of one byte come first.
MARKS = string.digits + string.ascii_letters + "".join(map(chr, range(0xC0, 0x100)))

Row = dict[str, Any]
Keys: TypeAlias = Mapping[Channel, bytes]  # what the contacts of a batch are sealed with


def partition(alert: str, message: str) -> str:
    return f"{alert}#{message}"


def plan_key(alert: str, message: str) -> Row:
    return {"m": {"S": partition(alert, message)}, "b": {"S": "plan"}}


def read_plan(row: Mapping[str, Any]) -> Plan:
    waves = tuple(int(units["N"]) for units in row["waves"]["L"]) if "waves" in row else ()
    return Plan(int(row["units"]["N"]), parse_rfc3339(row["at"]["S"]), waves, _read_cap(row["cap"]["M"]))


def _read_cap(cap: Mapping[str, Any]) -> Cap:
    return Cap(int(cap["most"]["N"]), tuple(earlier["S"] for earlier in cap["before"]["L"]))


def cap_value(cap: Cap) -> Row:
    return {"M": {"most": {"N": str(cap.most)}, "before": {"L": [{"S": earlier} for earlier in cap.before]}}}


def lanes_key(key: BatchKey) -> Row:
    return {"m": {"S": partition(key.alert, key.message)}, "b": {"S": f"batch#{key.batch}"}}


def people_key(key: BatchKey) -> Row:
    return {"m": {"S": partition(key.alert, key.message)}, "b": {"S": f"batch#{key.batch}{PEOPLE}"}}


def new_lane() -> Row:
    """A lane of which nothing is known yet but the key that its contacts will be sealed with."""
    return {"M": {"k": {"B": _text(os.urandom(KEY_BYTES))}, "st": {"S": LaneState.NEW.value}, "l": {"N": "0"}}}


def keys_of(lanes: Row) -> Keys:
    return {channel: _bytes(row["k"]) for channel, row in _lanes(lanes) if "k" in row}


def people_row(batch: Batch, keys: Keys) -> Row:
    """``keys``: of all the batch's channels."""
    people = [[person.participant, person.area, person.language] for person in batch.people]
    on = {channel.value: letters(lane) for channel, lane in batch.lanes.items()}
    contacts = {
        channel.value: {"B": _sealed(keys[channel], [person.contacts.get(channel, "") for person in batch.people])}
        for channel in batch.lanes
    }
    return {**people_key(batch.key), "p": {"B": _text(_packed({"people": people, "on": on}))}, **contacts}


def read_batch(people: Row, lanes: Row, channels: Collection[Channel] = tuple(Channel)) -> Batch:
    """The two rows of a batch as one. ``channels``: whose contacts are opened."""
    alert, message = people["m"]["S"].split("#")
    packed = _unpacked(_bytes(people["p"]))
    contacts = {
        channel: _unpacked(_opened(key, _bytes(people[channel.value])))
        for channel, key in keys_of(lanes).items()
        if channel in channels and channel.value in people
    }
    on: list[dict[Channel, str]] = [{} for _ in packed["people"]]
    for channel, texts in contacts.items():
        for theirs, text in zip(on, texts, strict=True):
            if text:
                theirs[channel] = text
    return Batch(
        BatchKey.parse(alert, message, people["b"]["S"].removeprefix("batch#").removesuffix(PEOPLE)),
        tuple(
            [
                Person(who, area, language, theirs)
                for (who, area, language), theirs in zip(packed["people"], on, strict=True)
            ]
        ),
        read_lanes(lanes, packed["on"]),
        version(lanes),
    )


def read_batches(rows: Iterable[Row], channels: Collection[Channel] = tuple(Channel)) -> Iterator[Batch]:
    """``rows``: in the order of their keys. ``channels``: as of ``read_batch``.

    A row of lanes whose people were never written is no batch. The order is that of the bytes: a batch's lanes, its
    people (``#``), then its fallbacks (``-``).
    """
    for _, pair in groupby(rows, key=lambda row: row["b"]["S"].removesuffix(PEOPLE)):
        lanes, *people = pair
        if people:
            yield read_batch(people[0], lanes, channels)


def read_lanes(lanes: Row, on: Mapping[str, str]) -> dict[Channel, Lane]:
    """``on``: channel -> the letters with which its lane began, of the channels that somebody is on."""
    return {channel: _read_lane(row, on[channel.value]) for channel, row in _lanes(lanes) if channel.value in on}


def lane_of(lanes: Row, channel: Channel) -> Lane | None:
    """Who has it, and until when; without results, of which the people tell how they began."""
    return _read_lane(lanes[channel.value]["M"], "") if channel.value in lanes else None


def begun_lanes(lanes: Row) -> dict[Channel, Lane]:
    """The lanes that have results: how they stand is known without a look at the people."""
    return read_lanes(lanes, {channel.value: row["r"]["S"] for channel, row in _lanes(lanes) if "r" in row})


def version(lanes: Row) -> int:
    return int(lanes["v"]["N"])


def letters(lane: Lane) -> str:
    return "".join(lane.results)


def pack_tally(tally: Tally) -> Row:
    counted = {
        "people": [tally.people, tally.asked, tally.reached],
        "results": tally.results,
        "areas": {code: [it.people, it.asked, it.reached, it.spared, it.messages] for code, it in tally.areas.items()},
        "suppressed": tally.suppressed,
        "costs": tally.costs,
        "taken": tally.taken,
    }
    return {"B": _text(_packed(counted))}


def read_tally(row: Row) -> tuple[int, Tally]:
    """Of which unit, and the tally."""
    packed = _unpacked(_bytes(row["t"]))
    people, asked, reached = packed["people"]
    return int(row["b"]["S"].removeprefix("unit#")), Tally(
        people,
        asked,
        reached,
        results={
            Channel(channel): {Result(result): number for result, number in numbers.items()}
            for channel, numbers in packed["results"].items()
        },
        areas={code: _read_area(numbers) for code, numbers in packed["areas"].items()},
        version=int(row["v"]["N"]),
        suppressed={Reason(reason): number for reason, number in packed.get("suppressed", {}).items()},
        costs={
            Channel(channel): (messages, parts, micros)
            for channel, (messages, parts, micros) in packed.get("costs", {}).items()
        },
        taken=Span(*packed["taken"]) if packed["taken"] else None,
    )


def _read_area(numbers: list[Any]) -> AreaTally:
    people, asked, reached, spared, messages = numbers
    told = {Channel(channel): Messages(*counts) for channel, counts in messages.items()}
    return AreaTally(people, asked, reached, spared, told)


def suppressed_key(alert: str, message: str, unit: int) -> Row:
    return {"m": {"S": partition(alert, message)}, "b": {"S": f"match#{unit:05d}"}}


def _lanes(lanes: Row) -> Iterator[tuple[Channel, Row]]:
    return ((channel, lanes[channel.value]["M"]) for channel in Channel if channel.value in lanes)


def _read_lane(row: Row, began: str) -> Lane:
    results = row["r"]["S"] if "r" in row else began
    return Lane(
        LaneState(row["st"]["S"]),
        tuple(OF_LETTER[letter] for letter in results),
        int(row["l"]["N"]),
        costs=_read_costs(row["c"]["S"]) if "c" in row else {},
        taken=Span(int(row["f"]["N"]), int(row["t"]["N"])) if "f" in row else None,
    )


def written_costs(lane: Lane) -> str:
    """Most messages of an alert cost the same: ``00-1|1:80000|2:160000`` says which of the costs behind it."""
    kinds = sorted(set(lane.costs.values()))
    marks = "".join(
        MARKS[kinds.index(lane.costs[index])] if index in lane.costs else Result.NONE
        for index in range(max(lane.costs, default=-1) + 1)
    )
    return "|".join([marks, *(f"{parts}:{micros}" for parts, micros in kinds)])


def _read_costs(text: str) -> dict[int, Cost]:
    marks, *listed = text.split("|")
    kinds = [Cost(*map(int, cost.split(":"))) for cost in listed]
    return {index: kinds[MARKS.index(mark)] for index, mark in enumerate(marks) if mark != Result.NONE}


def _packed(value: object) -> bytes:
    return zlib.compress(json.dumps(value, separators=(",", ":")).encode(), 6)


def _unpacked(packed: bytes) -> Any:
    return json.loads(zlib.decompress(packed))


def _text(value: bytes) -> str:
    return base64.b64encode(value).decode()


def _bytes(value: Row) -> bytes:
    return base64.b64decode(value["B"])


def _sealed(key: bytes, contacts: list[str]) -> str:
    nonce = os.urandom(NONCE_BYTES)
    return _text(nonce + AESGCM(key).encrypt(nonce, _packed(contacts), None))


def _opened(key: bytes, sealed: bytes) -> bytes:
    return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], None)
