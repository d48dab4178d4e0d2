"""What happened and when, a line each, and what turned out to be wrong."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

Tell = Callable[[float, str, str], None]


def printed(seconds: float, who: str, what: str) -> None:
    print(f"{seconds:7.1f} s  {who:<12} {what}", flush=True)


@dataclass
class Timeline:
    """``tell``: gets each line: seconds since the start, who (or CHECK, or WRONG), and what."""

    tell: Tell = printed
    started: float = field(default_factory=time.monotonic)
    wrong: list[str] = field(default_factory=list)

    def say(self, who: str, what: str) -> None:
        self.tell(time.monotonic() - self.started, who, what)

    def check(self, what: str, holds: bool, seen: object = "") -> None:
        """A fact that must hold; where it does not, the run goes on and fails at the end."""
        self.say("CHECK" if holds else "WRONG", what + ("" if holds else f": {seen}"))
        if not holds:
            self.wrong.append(what)
