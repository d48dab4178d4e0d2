"""From an address as people write it to a point."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import urllib3

from chalicelib.areas.model import Point
from chalicelib.platform.errors import Unavailable

_POINT = re.compile(r"POINT\((-?[0-9]{1,3}(?:\.[0-9]+)?) (-?[0-9]{1,2}(?:\.[0-9]+)?)\)")
_MUNICIPALITY = re.compile(r"[0-9]{4}", re.ASCII)
_TIMEOUT = urllib3.Timeout(connect=1.0, read=3.0)


@dataclass(frozen=True)
class Address:
    """``municipality``: its code, such as ``GM0344``; None where the register does not tell."""

    label: str
    point: Point
    municipality: str | None = None


class Geocoder(Protocol):
    def find(self, query: str, limit: int = 5) -> list[Address]:
        """Addresses that look like the query, best first; none where nothing does.

        Raises:
            Unavailable: geocoder_unavailable: the service fails or does not answer in time.
        """
        ...


@dataclass(frozen=True)
class PdokGeocoder:
    """PDOK Locatieserver, version 3.1: addresses of the Dutch register (BAG), without a key.

    ``base_url`` ends in ``/search/v3_1``; no slash at the end.
    """

    base_url: str
    pool: urllib3.PoolManager = field(default_factory=urllib3.PoolManager, repr=False)

    def find(self, query: str, limit: int = 5) -> list[Address]:
        told = "weergavenaam,centroide_ll,gemeentecode"
        fields = {"q": query, "fq": "type:adres", "rows": str(limit), "fl": told}
        try:
            answer = self.pool.request(
                "GET", f"{self.base_url}/free", fields=fields, timeout=_TIMEOUT, retries=urllib3.Retry(1, redirect=0)
            )
        except urllib3.exceptions.HTTPError:
            raise _unavailable() from None  # its text holds the address that was asked for
        if answer.status != 200:
            raise _unavailable()
        try:
            documents = json.loads(answer.data)["response"]["docs"]
            return [_address(document) for document in documents[:limit]]
        except (ValueError, KeyError, TypeError):
            raise _unavailable() from None


def _address(document: Any) -> Address:
    point = _POINT.fullmatch(document["centroide_ll"])
    if point is None or not isinstance(document["weergavenaam"], str):
        raise ValueError("not an address")
    code = _MUNICIPALITY.fullmatch(str(document.get("gemeentecode")))
    return Address(document["weergavenaam"], Point(float(point[1]), float(point[2])), code and f"GM{code[0]}")


def _unavailable() -> Unavailable:
    return Unavailable("geocoder_unavailable", "Addresses cannot be looked up now. Try again, or point at the map.")


@dataclass(frozen=True)
class MemoryGeocoder:
    """The twin: finds the addresses that hold every word of the query."""

    addresses: Sequence[Address] = ()

    def find(self, query: str, limit: int = 5) -> list[Address]:
        words = query.casefold().split()
        found = [address for address in self.addresses if all(word in address.label.casefold() for word in words)]
        return found[:limit] if words else []
