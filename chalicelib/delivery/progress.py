"""How far an alert is, for the people who sent it: counts only, never who."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.delivery.model import Result, Tally
from chalicelib.delivery.store import Ledger
from chalicelib.delivery.tally import Tallies

# What a dispatcher is told, in the order of a message's way.
SHOWN: Mapping[str, tuple[Result, ...]] = {
    "queued": (Result.QUEUED, Result.TEMPORARY),
    "sent": (Result.SENT, Result.UNKNOWN),
    "delivered": (Result.DELIVERED,),
    "failed": (Result.FAILED, Result.REFUSED),
    "opted_out": (Result.OPTED_OUT,),
    "spared": (Result.STOPPED,),
}


@dataclass(frozen=True)
class Progress:
    ledger: Ledger
    tallies: Tallies

    def progress(self, alert_id: str, messages: Iterable[str]) -> dict[str, Any]:
        """Per message that was planned: people matched, asked and reached, messages per channel, people per area.

        ``units`` says in how many parts the area was split; figures grow while they are matched.
        """
        return {str(name): told for name in messages if (told := self._told(alert_id, name))}

    def _told(self, alert_id: str, message: str) -> dict[str, Any] | None:
        plan = self.ledger.plan(alert_id, message)
        if plan is None:
            return None
        tally = self.tallies.of(alert_id, message)
        return {
            "units": plan.units,
            "people": tally.people,
            "asked": tally.asked,
            "reached": tally.reached,
            "channels": {channel.value: _shown(numbers) for channel, numbers in sorted(tally.results.items())},
            "areas": _areas(tally),
        }


def _shown(numbers: Mapping[Result, int]) -> dict[str, int]:
    return {name: sum(numbers.get(result, 0) for result in results) for name, results in SHOWN.items()}


def _areas(tally: Tally) -> list[dict[str, Any]]:
    return [
        {"code": code, "people": people, "asked": asked, "reached": reached}
        for code, (people, asked, reached) in sorted(tally.areas.items())
    ]
