"""PDOK Locatieserver v3.1, ``/free``, over a file of addresses: ``[{"weergavenaam", "centroide_ll", ...}, ...]``."""

import json
import re
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from local.carrier.watched_file import WatchedFile

MAX_ROWS = 100  # PDOK's own

Entry = tuple[str, Mapping[str, Any]]  # the words to search in, and the address as the file has it


class Geocoder:
    """``path``: reread when it changes; None or no such file: no addresses."""

    def __init__(self, path: Path | None) -> None:
        self._file: WatchedFile[list[Entry]] = WatchedFile(path, _index, [])

    def free(self, query: str, rows: int = 10, start: int = 0) -> dict[str, Any]:
        """PDOK's answer: addresses with a word that begins with each word of ``query``; whole words first."""
        words = _words(query)
        found = [
            (sum(f" {word} " not in text for word in words), entry)
            for text, entry in self._file.read()
            if all(f" {word}" in text for word in words)
        ]
        found.sort(key=lambda scored: scored[0])
        return {
            "response": {
                "numFound": len(found),
                "start": start,
                "maxScore": 1.0,
                "numFoundExact": True,
                "docs": [{"type": "adres", "score": 1.0, **entry} for _, entry in found[start : start + rows]],
            }
        }


def _index(text: str) -> list[Entry]:
    return [(f" {' '.join(_words(entry['weergavenaam']))} ", entry) for entry in json.loads(text)]


def _words(text: str) -> list[str]:
    bare = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()
    joined = re.sub(r"\b(\d{4})\s+([a-z]{2})\b", r"\1\2", bare)  # a postcode with or without its space
    return re.findall(r"[a-z0-9]+", joined)
