"""Where an alert goes. A shape may have thousands of vertices and only planning and matching look at it, so it
stays compressed until somebody asks: a sender reads the alert for each batch and pays nothing for the shape.
"""

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Target:
    """``municipalities``: codes of those that the shape touches. ``packed``: the area as asked for and its shape."""

    municipalities: tuple[str, ...]
    packed: bytes = field(repr=False)

    @classmethod
    def of(cls, area: Mapping[str, Any], shape: Mapping[str, Any], municipalities: tuple[str, ...]) -> "Target":
        """``area``: geometry, circle or codes, as given. ``shape``: what that resolves to (``Shape.to_json``)."""
        text = json.dumps({"area": area, "shape": shape}, separators=(",", ":"))
        return cls(municipalities, zlib.compress(text.encode()))

    @property
    def area(self) -> dict[str, Any]:
        return self._unpacked()["area"]

    @property
    def shape(self) -> dict[str, Any]:
        return self._unpacked()["shape"]

    def _unpacked(self) -> dict[str, dict[str, Any]]:
        unpacked: dict[str, dict[str, Any]] = json.loads(zlib.decompress(self.packed))
        return unpacked
