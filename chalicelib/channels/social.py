"""A social network takes a post for everybody: it has no recipients, so it is no ``Channel``."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from chalicelib.channels.model import Refusal
from chalicelib.channels.post_length import mastodon_length, x_length
from chalicelib.platform.clock import Clock


class Network(StrEnum):
    X = "x"
    MASTODON = "mastodon"


EDITS = frozenset({Network.MASTODON})  # X has no way to change a post


@dataclass(frozen=True)
class Room:
    """``most``: what a post may come to, as ``length`` counts it."""

    most: int
    length: Callable[[str], int]

    def holds(self, text: str) -> bool:
        return self.length(text) <= self.most


ROOM: Mapping[Network, Room] = {Network.X: Room(280, x_length), Network.MASTODON: Room(500, mastodon_length)}


@dataclass(frozen=True)
class Posted:
    """``url``: where anybody can read it."""

    id: str
    url: str


@dataclass(frozen=True)
class Declined:
    """``code``: status, and the network's own words. ``after_s``: when it wants to be asked again; 0: it does not say.

    UNKNOWN: it may stand there.
    """

    reason: Refusal
    code: str
    after_s: int = 0


class SocialPoster(Protocol):
    """Never tries again by itself."""

    def post(self, text: str, *, key: str, language: str, reply_to: str = "") -> Posted | Declined:
        """``key``: the same for the same post, however often it is tried. ``reply_to``: id of another post of ours."""
        ...

    def find(self, text: str, since: datetime) -> Posted | Declined | None:
        """The post of this account with that text, posted since then; None: there is none among the newest."""
        ...

    def correct(self, post_id: str, text: str, *, language: str) -> Posted | Declined:
        """Other words in the same place. Twice the same is once. Only networks that ``EDITS`` names."""
        ...

    def withdraw(self, post_id: str) -> Declined | None:
        """Nobody can read it there any more; None: it is gone, or was already."""
        ...


@dataclass
class Kept:
    """A post of the twin. ``texts``: what it has said, the newest last."""

    posted: Posted
    texts: list[str]
    key: str
    language: str
    reply_to: str
    at: datetime
    withdrawn: bool = False


@dataclass
class MemorySocialPoster:
    """The twin. ``refusals``: answers to give, first come first. ``lost``: so many posts are taken and not answered.

    A key finds its post again, as on Mastodon.
    """

    clock: Clock
    posts: list[Kept] = field(default_factory=list)
    refusals: list[Declined] = field(default_factory=list)
    lost: int = 0

    @property
    def standing(self) -> list[Kept]:
        return [kept for kept in self.posts if not kept.withdrawn]

    def post(self, text: str, *, key: str, language: str, reply_to: str = "") -> Posted | Declined:
        if self.refusals:
            return self.refusals.pop(0)
        kept = next((kept for kept in self.standing if kept.key == key), None)
        if kept is None:
            number = str(len(self.posts) + 1)
            posted = Posted(number, f"https://social.example/{number}")
            kept = Kept(posted, [text], key, language, reply_to, self.clock.now())
            self.posts.append(kept)
        if self.lost:
            self.lost -= 1
            return Declined(Refusal.UNKNOWN, "ReadTimeoutError")
        return kept.posted

    def find(self, text: str, since: datetime) -> Posted | Declined | None:
        if self.refusals:
            return self.refusals.pop(0)
        found = (kept.posted for kept in self.standing if kept.texts[-1] == text and kept.at >= since)
        return next(found, None)

    def correct(self, post_id: str, text: str, *, language: str) -> Posted | Declined:
        if self.refusals:
            return self.refusals.pop(0)
        for kept in self._of(post_id):
            kept.texts.append(text)
            return kept.posted
        return Declined(Refusal.PERMANENT, "404")

    def withdraw(self, post_id: str) -> Declined | None:
        if self.refusals:
            return self.refusals.pop(0)
        for kept in self._of(post_id):
            kept.withdrawn = True
        return None

    def _of(self, post_id: str) -> Iterator[Kept]:
        return (kept for kept in self.standing if kept.posted.id == post_id)
