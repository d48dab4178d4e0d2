"""What the people who send an alert are told of browsers without an account: figures, beside those of people."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Protocol

from chalicelib.topics.store import TopicStore


class Progress(Protocol):
    def progress(self, alert_id: str, messages: Iterable[str]) -> Mapping[str, Any]: ...


@dataclass(frozen=True)
class ProgressWithTopics:
    """``people``: what is told of them. Browsers are in none of its figures."""

    people: Progress
    store: TopicStore

    def progress(self, alert_id: str, messages: Iterable[str]) -> dict[str, Any]:
        told = self.people.progress(alert_id, messages)
        return {message: {**figures, **self._topics(alert_id, message)} for message, figures in told.items()}

    def _topics(self, alert_id: str, message: str) -> dict[str, Any]:
        figures = self.store.figures(alert_id, message)
        return {"topics": asdict(figures)} if figures else {}
