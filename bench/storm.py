"""A bad evening on the deployed template.

An alert to some 2,000 people on every channel, with providers that are slow, throttle, bounce and know who opted out;
a stop after 40 %, a correction, an outcome. What ``GET /alerts/{id}`` tells is compared with the carrier's own record,
channel by channel; nobody hears anything twice, and correction and outcome reach exactly those who may have had the
call.
"""

import shutil
import sys
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx

from bench.figures import Outcome
from chalicelib.platform.clock import parse_rfc3339
from chalicelib.staff.model import Role
from local import tokens
from local.addresses import FOLDER
from local.demo.client import Api, Carrier, until
from local.demo.play import residents
from local.demo.story import WITHOUT_RECEIPTS
from local.stack import Stack

STOP_AT = 0.4
WAIT_S = 300.0
# Slow enough that a stop comes in the middle of it.
PARAMETERS = {"CountdownSeconds": "2", "SmsRate": "60", "EmailRate": "40", "VoiceRate": "20"}
FAULTS = (
    {"fault": "slow", "rate": 0.10, "delay_ms": 1_000},
    {"fault": "throttled", "rate": 0.05},
    {"fault": "bounced", "rate": 0.03},
    {"fault": "opted_out", "rate": 0.01},
)
ALERT = {
    "kind": "alert",
    "category": "missing_child",
    "status": "Actual",
    "headline": {"nl": "Vermist: jongen van 7 uit Fabelstad"},
    "description": {"nl": "Een jongen van 7 is sinds 16 uur vermist. Hij heeft een rode muts."},
    "instruction": {"nl": "Gezien? Blijf bij hem en bel 112."},
    "area": {"codes": ["GM9001", "WK900200"]},
}
CORRECTION = {"type": "correction", "text": {"nl": "De muts is blauw, niet rood."}}
CLOSING = {"result": "missing_person_found", "contribution": "direct", "text": {"nl": "Hij is terecht."}}

# What the carrier knows of a message, in the words of the API's progress.
TRUTH = {
    "accepted": "sent",
    "delivered": "delivered",
    "undelivered": "failed",
    "bounced": "failed",
    "rejected": "failed",
    "rendering_failed": "failed",
    "opted_out": "opted_out",
}


Numbers = dict[str, dict[str, int]]


@dataclass(frozen=True)
class Phase:
    """One message of the alert when all is quiet.

    ``told`` by the API; at the carrier ``messages`` were taken, and so many ``refused`` for good, by channel.
    ``first_s``: from the request to the first hand-over.
    """

    told: Mapping[str, Any]
    messages: list[dict[str, Any]]
    refused: Mapping[str, int]
    first_s: float

    @property
    def pairs(self) -> list[tuple[str, str]]:
        return [(message["channel"], message["to"]) for message in self.messages]

    @property
    def truth(self) -> Numbers:
        counted: dict[str, Counter[str]] = {}
        for message in self.messages:
            channel, state = message["channel"], TRUTH[message["status"]]
            if channel == "email" and state == "opted_out":  # SES knows no such event: it tells of a bounce
                state = "failed"
            told = "sent" if channel in WITHOUT_RECEIPTS and state == "delivered" else state
            counted.setdefault(channel, Counter())[told] += 1
        for channel, number in self.refused.items():
            counted.setdefault(channel, Counter())["opted_out"] += number
        return {channel: dict(numbers) for channel, numbers in counted.items()}

    @property
    def differences(self) -> dict[str, int]:
        """By channel and state, how many messages more the API tells of than the carrier took."""
        truth = self.truth
        told = {
            f"{channel} {state}": self.told["channels"].get(channel, {}).get(state, 0)
            - truth.get(channel, {}).get(state, 0)
            for channel in {*self.told["channels"], *truth}
            for state in ("sent", "delivered", "failed", "opted_out")
        }
        return {where: number for where, number in sorted(told.items()) if number}

    @property
    def twice(self) -> int:
        return len(self.pairs) - len(set(self.pairs))


def run() -> Outcome:
    def progress(step: str) -> None:
        print(f"  stack: {step}", file=sys.stderr)

    folder = FOLDER / "bench-storm"
    with Stack(folder, parameters=PARAMETERS, progress=progress) as stack, httpx.Client(timeout=60) as http:
        api = Api(http, stack.addresses.api)
        storm = Storm(
            api.as_(tokens.issue(Role.DISPATCHER, user="anna")),
            api.as_(tokens.issue(Role.APPROVER, user="bram")),
            Carrier(http, stack.addresses.carrier),
            _waiting(stack),
        )
        outcome = storm.play()
    shutil.rmtree(folder, ignore_errors=True)
    return outcome


@dataclass(frozen=True)
class Storm:
    """``waiting``: how many messages the queues of the system hold, in whatever state."""

    dispatcher: Api
    approver: Api
    carrier: Carrier
    waiting: Callable[[], int]

    def play(self) -> Outcome:
        self.carrier.faults(*FAULTS)
        alert = self._approved()
        call = self._phase(alert, "call", lambda: self._stop(alert))
        correction = self._phase(
            alert, "update-1", lambda: self.dispatcher.post(f"/alerts/{alert}/updates", CORRECTION)
        )
        outcome = self._phase(alert, "outcome", lambda: self.dispatcher.post(f"/alerts/{alert}/close", CLOSING))
        return _told(call, correction, outcome)

    def _approved(self) -> str:
        drafted = self.dispatcher.post("/alerts", ALERT)
        submitted = self.dispatcher.post(f"/alerts/{drafted['id']}/submit", {})
        band = self.approver.post(f"/alerts/{drafted['id']}/preview", {})["band"]["label"]["nl"]
        approval = {"version": submitted["version"], "reach": band}
        self.approver.post(f"/alerts/{drafted['id']}/approve", approval)
        return str(drafted["id"])

    def _stop(self, alert: str) -> None:
        """Once the API says that ``STOP_AT`` of the messages have been handed over."""

        def enough() -> bool | None:
            numbers = _sums(self._progress(alert, "call"))
            done = sum(numbers.values()) - numbers["queued"]
            return True if numbers and done >= STOP_AT * sum(numbers.values()) else None

        until(enough, f"{STOP_AT:.0%} of the call", WAIT_S)
        self.dispatcher.post(f"/alerts/{alert}/stop", {})

    def _phase(self, alert: str, message: str, act: Callable[[], object]) -> Phase:
        before, refused, begin = self.carrier.last(), self._refused(), datetime.now(UTC)
        act()
        told = self._settled(alert, message)
        messages = self.carrier.messages(alert=alert, after=str(before))
        first = min((parse_rfc3339(found["at"]) for found in messages), default=begin)
        newly = {channel: number - refused.get(channel, 0) for channel, number in self._refused().items()}
        return Phase(told, messages, newly, (first - begin).total_seconds())

    def _refused(self) -> Mapping[str, int]:
        """A call to somebody who opted out is not taken, so no phone shows it."""
        return {channel: counted.get("opted_out", 0) for channel, counted in self.carrier.counts().items()}

    def _settled(self, alert: str, message: str) -> Mapping[str, Any]:
        """The figures of a message when nothing moves any more: no queue, no receipt under way, twice the same."""
        last: Mapping[str, Any] = {}

        def quiet() -> Mapping[str, Any] | None:
            nonlocal last
            before, last = last, self._progress(alert, message)
            still = self.waiting() == 0 and self.carrier.receipts_waiting() == 0
            return last if still and last == before and last.get("people") else None

        return until(quiet, f"the end of the {message}", WAIT_S)

    def _progress(self, alert: str, message: str) -> Mapping[str, Any]:
        told: Mapping[str, Any] = self.dispatcher.get(f"/alerts/{alert}").get("progress", {}).get(message, {})
        return told


def _sums(progress: Mapping[str, Any]) -> Counter[str]:
    """Messages by state, over all channels."""
    sums: Counter[str] = Counter()
    for numbers in progress.get("channels", {}).values():
        sums.update(numbers)
    return sums


def _told(call: Phase, correction: Phase, outcome: Phase) -> Outcome:
    phases = {"call": call, "correction": correction, "outcome": outcome}
    figures: dict[str, float] = {"people": call.told["people"], "people_asked": call.told["asked"]}
    for name, phase in phases.items():
        sums = _sums(phase.told)
        figures |= {f"{name}_{state}": sums[state] for state in ("delivered", "failed", "opted_out", "spared")}
        silent = sum(phase.told["channels"].get(channel, {}).get("sent", 0) for channel in WITHOUT_RECEIPTS)
        figures[f"{name}_unaccounted"] = sums["queued"] + sums["sent"] - silent
        figures[f"{name}_differences"] = sum(map(abs, phase.differences.values()))
        for where, number in phase.differences.items():
            print(f"  {name}: {where}: the API tells of {number:+d}", file=sys.stderr)
        figures[f"{name}_twice"] = phase.twice
    who = {to: number for number, person in enumerate(residents()) for to in person.contacts.values()}
    people = {name: {who[to] for _, to in phase.pairs} for name, phase in phases.items()}
    heard = {who[message["to"]] for message in call.messages if TRUTH[message["status"]] == "delivered"}
    for name in ("correction", "outcome"):
        # Who was called before and has told the provider to stop since: that call is refused, and no phone shows it.
        refused = sum(phases[name].refused.values())
        figures[f"{name}_missed"] = max(len(heard - people[name]) - refused, 0)
        figures[f"{name}_strangers"] = len(people[name] - people["call"])
    figures["correction_first_hand_over_s"] = correction.first_s
    zero = ("unaccounted", "differences", "twice", "missed", "strangers")
    limits = {metric: 0.0 for metric in figures if metric.rpartition("_")[2] in zero}
    return Outcome("storm", figures, limits)


def _waiting(stack: Stack) -> Callable[[], int]:
    sqs = stack.emulator.client("sqs")
    urls = [url for url in sqs.list_queues()["QueueUrls"] if "dead-letters" not in url]
    states = [f"ApproximateNumberOfMessages{state}" for state in ("", "NotVisible", "Delayed")]

    def waiting() -> int:
        answers = [sqs.get_queue_attributes(QueueUrl=url, AttributeNames=states) for url in urls]
        return sum(int(answer["Attributes"][state]) for answer in answers for state in states)

    return waiting
