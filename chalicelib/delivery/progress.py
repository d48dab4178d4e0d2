"""How far an alert is, for the people who sent it: counts only, never who."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.channels.model import Channel
from chalicelib.channels.prices import CURRENCY, HOME, PriceTable, Sent, cents
from chalicelib.delivery.model import Plan, Reason, Result, Tally
from chalicelib.delivery.store import Ledger
from chalicelib.delivery.tally import total
from chalicelib.platform.clock import AMSTERDAM

# What a dispatcher is told, in the order of a message's way.
SHOWN: Mapping[str, tuple[Result, ...]] = {
    "queued": (Result.QUEUED, Result.TEMPORARY, Result.STALLED, Result.UNSURE),
    "sent": (Result.SENT, Result.UNKNOWN),
    "delivered": (Result.DELIVERED,),
    "failed": (Result.FAILED, Result.REFUSED),
    "opted_out": (Result.OPTED_OUT,),
    "spared": (Result.STOPPED,),
}

CHARGED_IN = "USD"  # as AWS says it in receipts


@dataclass(frozen=True)
class Progress:
    ledger: Ledger
    prices: PriceTable

    def progress(self, alert_id: str, messages: Iterable[str]) -> dict[str, Any]:
        """Per message that was planned: people matched, asked and reached, messages per channel, people per area; and
        by reason, who was not disturbed. ``costs``: per channel, of the messages whose receipt told: what providers
        charged, and what our own table of prices expects of the same messages, both in whole cents, rounded up.

        ``units`` says in how many parts the area was split; figures grow while they are matched. ``waves``: the people
        of each wave of the call that has begun.
        """
        return {str(name): told for name in messages if (told := self._told(alert_id, name))}

    def _told(self, alert_id: str, message: str) -> dict[str, Any] | None:
        plan = self.ledger.plan(alert_id, message)
        if plan is None:
            return None
        units = dict(self.ledger.tallies(alert_id, message))
        tally = total(units.values())
        return {
            "units": plan.units,
            **_people(tally),
            "suppressed": {reason.value: tally.suppressed.get(reason, 0) for reason in Reason},
            **({"waves": _waves(plan, units)} if len(plan.waves) > 1 else {}),
            "channels": {channel.value: _shown(numbers) for channel, numbers in sorted(tally.results.items())},
            "areas": _areas(tally),
            "costs": {channel.value: self._cost(channel, *told, plan) for channel, told in sorted(tally.costs.items())},
        }

    def _cost(self, channel: Channel, messages: int, parts: int, micros: int, plan: Plan) -> dict[str, Any]:
        """A receipt that is folded no longer knows the number's country."""
        day = plan.planned_at.astimezone(AMSTERDAM).date()
        expected = self.prices.micros([Sent(channel, HOME, messages, parts)], day)
        return {
            "messages": messages,
            "parts": parts,
            "charged": {"cents": cents(micros), "currency": CHARGED_IN},
            "expected": {"cents": cents(expected), "currency": CURRENCY},
        }


def _people(tally: Tally) -> dict[str, int]:
    return {"people": tally.people, "asked": tally.asked, "reached": tally.reached}


def _waves(plan: Plan, units: Mapping[int, Tally]) -> list[dict[str, int]]:
    """By wave, the nearest first."""
    waves = (plan.units_of(wave) for wave in range(1, len(plan.waves) + 1))
    return [_people(total(units[unit] for unit in wave if unit in units)) for wave in waves]


def _shown(numbers: Mapping[Result, int]) -> dict[str, int]:
    return {name: sum(numbers.get(result, 0) for result in results) for name, results in SHOWN.items()}


def _areas(tally: Tally) -> list[dict[str, Any]]:
    return [
        {"code": code, "people": it.people, "asked": it.asked, "reached": it.reached}
        for code, it in sorted(tally.areas.items())
    ]
