"""The invented country of the demonstration: an island in the IJsselmeer, where in truth there is water.

Three municipalities (one has not joined), 12 districts, 40 neighbourhoods, some 6,000 addresses, 3,000 participants.
Everything is made by dice that fall the same way every time, so a fresh clone needs no data and a test can count on it.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from local.town.addresses import Address, book
from local.town.areas import collection, settle
from local.town.names import MUNICIPALITIES
from local.town.participants import InventedParticipant, population

JOINED = tuple(municipality.code for municipality in MUNICIPALITIES if municipality.joined)


@dataclass(frozen=True)
class Town:
    """``areas``: a GeoJSON FeatureCollection, fields as ``./dev import-areas`` reads them."""

    areas: dict[str, Any]
    addresses: tuple[Address, ...]
    participants: tuple[InventedParticipant, ...]


@cache
def build() -> Town:
    """The same every time."""
    country = settle()
    addresses = book(country)
    return Town(collection(country), tuple(addresses), tuple(population(addresses)))


def documents(town: Town) -> Mapping[str, str]:
    """File name -> JSON. Addresses are a list of PDOK documents, participants a list as ``to_json`` gives them."""
    contents: Mapping[str, Any] = {
        "town.geojson": town.areas,
        "addresses.json": [address.pdok() for address in town.addresses],
        "participants.json": [participant.to_json() for participant in town.participants],
    }
    return {
        name: json.dumps(content, ensure_ascii=False, separators=(",", ":")) + "\n"
        for name, content in contents.items()
    }


def write(folder: Path) -> None:
    """``town.geojson``, ``addresses.json`` and ``participants.json`` into ``folder``, made where missing."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in documents(build()).items():
        (folder / name).write_text(text, encoding="utf-8")
