"""The twin of table ``topics``."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from threading import Lock

from chalicelib.alerts.messages import MessageKind
from chalicelib.platform.clock import Clock, epoch_ms
from chalicelib.topics.model import HEARD, Claim, Figures, Listener, Outcome, Page, shard


@dataclass
class MemoryTopicStore:
    clock: Clock
    listeners: dict[str, tuple[Listener, tuple[str, ...]]] = field(default_factory=dict)
    claims: dict[tuple[str, str, str], Claim] = field(default_factory=dict)
    done: dict[tuple[str, str, str], tuple[Figures, str]] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock, repr=False)

    def put(self, listener: Listener, areas: Iterable[str]) -> None:
        self.listeners[listener.id] = (listener, tuple(sorted(set(areas))))

    def remove(self, listener: str) -> None:
        self.listeners.pop(listener, None)

    def page(self, area: str, after: str, most: int) -> Page:
        return self._page((name for name, (_, areas) in self.listeners.items() if area in areas), after, most)

    def heard(self, alert: str, number: int, after: str, most: int) -> Page:
        asked = (
            listener
            for of, message, listener in self.claims
            if (of, message) == (alert, MessageKind.CALL) and shard(listener) == number
        )
        page = self._page(asked, after, most)
        return replace(
            page,
            listeners=tuple(
                one for one in page.listeners if self.claims[alert, MessageKind.CALL, one.id].outcome in HEARD
            ),
        )

    def _page(self, names: Iterable[str], after: str, most: int) -> Page:
        wanted = sorted(name for name in names if name > after)
        some = wanted[:most]
        known = tuple(self.listeners[name][0] for name in some if name in self.listeners)
        return Page(known, some[-1] if len(wanted) > most else "")

    def claim(self, alert: str, message: str, listener: str, page: str, said: int = 0) -> Claim:
        with self.lock:
            key = (alert, str(message), listener)
            if key in self.claims:
                return self.claims[key]
            self.claims[key] = Claim(Outcome.CLAIMED, page, epoch_ms(self.clock.now()), said)
            return replace(self.claims[key], mine=True)

    def look(self, alert: str, message: str, listener: str) -> Claim | None:
        return self.claims.get((alert, str(message), listener))

    def settle(self, alert: str, message: str, listener: str, outcome: Outcome) -> None:
        key = (alert, str(message), listener)
        self.claims[key] = replace(self.claims[key], outcome=outcome)

    def release(self, alert: str, message: str, listener: str) -> None:
        self.claims.pop((alert, str(message), listener), None)

    def finish(self, alert: str, message: str, page: str, figures: Figures, after: str) -> None:
        self.done.setdefault((alert, str(message), page), (figures, after))

    def finished(self, alert: str, message: str, page: str) -> str | None:
        found = self.done.get((alert, str(message), page))
        return found[1] if found else None

    def figures(self, alert: str, message: str) -> Figures | None:
        found = [figures for (of, name, _), (figures, _) in self.done.items() if (of, name) == (alert, message)]
        return sum(found, Figures()) if found else None
