"""How the numbers of participants lie in the table ``reports``, in DynamoDB's own JSON."""

import json
import zlib
from collections.abc import Mapping
from dataclasses import asdict, astuple
from datetime import date
from typing import Any, TypeAlias

from chalicelib.reports.census_model import FIGURES, Generations, Participants, RowKey, Snapshot
from chalicelib.reports.model import NATION

Item: TypeAlias = dict[str, Any]

LAST = "~"  # behind every code
STATE: Item = {"area": {"S": NATION}, "sk": {"S": "census"}}


def people_sk(generation: int, area: str) -> str:
    return f"people#{generation}#{area}"


def people_key(generation: int, key: RowKey) -> Item:
    return {"area": {"S": key.partition}, "sk": {"S": people_sk(generation, key.area)}}


def addition(people: Participants) -> Item:
    changed = {name: number for name, number in asdict(people).items() if number}
    return {
        "UpdateExpression": "ADD " + ", ".join(f"#{name} :{name}" for name in changed),
        "ExpressionAttributeNames": {f"#{name}": name for name in changed},
        "ExpressionAttributeValues": {f":{name}": {"N": str(number)} for name, number in changed.items()},
    }


def read_people(item: Mapping[str, Any]) -> Participants:
    return Participants(**{name: int(item[name]["N"]) for name in FIGURES if name in item})


def written(generations: Generations) -> Item:
    """What is None is left out."""
    values = {name: value for name, value in asdict(generations).items() if value is not None}
    return {name: {"S": value} if isinstance(value, str) else {"N": str(value)} for name, value in values.items()}


def read_generations(item: Mapping[str, Any]) -> Generations:
    numbers = {name: int(value["N"]) for name, value in item.items() if "N" in value}
    return Generations(**numbers, cursor=item["cursor"]["S"] if "cursor" in item else None)


def day_key(partition: str, day: date) -> Item:
    return {"area": {"S": partition}, "sk": {"S": f"day#{day}"}}


def written_snapshot(snapshot: Snapshot) -> Item:
    people = {area: astuple(numbers) for area, numbers in sorted(snapshot.people.items())}
    return {
        **day_key(snapshot.partition, snapshot.day),
        "d": {"S": snapshot.day.isoformat()},
        "y": {"N": str(snapshot.year)},
        "p": {"B": zlib.compress(json.dumps(people, separators=(",", ":")).encode())},
    }


def read_snapshot(item: Mapping[str, Any]) -> Snapshot:
    people = json.loads(zlib.decompress(item["p"]["B"]))
    return Snapshot(
        item["area"]["S"],
        date.fromisoformat(item["d"]["S"]),
        int(item["y"]["N"]),
        {area: Participants(*numbers) for area, numbers in people.items()},
    )
