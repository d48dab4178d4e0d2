"""What happened and when, a line each, and what turned out to be wrong."""

import time
from dataclasses import dataclass, field


@dataclass
class Timeline:
    started: float = field(default_factory=time.monotonic)
    wrong: list[str] = field(default_factory=list)

    def say(self, who: str, what: str) -> None:
        print(f"{time.monotonic() - self.started:7.1f} s  {who:<12} {what}", flush=True)

    def check(self, what: str, holds: bool, seen: object = "") -> None:
        """A fact that must hold; where it does not, the run goes on and fails at the end."""
        self.say("CHECK" if holds else "WRONG", what + ("" if holds else f": {seen}"))
        if not holds:
            self.wrong.append(what)
