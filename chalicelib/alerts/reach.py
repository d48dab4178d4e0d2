"""Whom an alert would ask now: what a preview needs to know of delivery, which lies above."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from chalicelib.alerts.content import Occasion
from chalicelib.alerts.text import Language
from chalicelib.areas.model import Shape
from chalicelib.channels.model import Channel


class Group(NamedTuple):
    """Messages that read the same and cost the same. ``country``: as ``channels.prices.country_of`` has it."""

    channel: Channel
    language: Language
    country: str


@dataclass(frozen=True)
class Reach:
    """``people``: each once, with at least one of the channels. ``messages``: one a person and channel.

    ``areas``: code of the smallest known area -> people, who count where the place lies that makes them asked.
    ``exact``: read from the places themselves; else estimated from counts.
    """

    exact: bool
    people: int
    areas: Mapping[str, int]
    messages: Mapping[Group, int]


class ReachReader(Protocol):
    def reach(self, shape: Shape, channels: Sequence[Channel], occasion: Occasion) -> Reach: ...
