"""Signing up: five hundred at once on a local stack, and whether an answer's time tells who is known.

Burst: 500 people send their form at the same moment; every one must be taken, and get one code. Where an emulator on
two cores cannot answer all of them in the time that a gateway waits, they send the same form again, with the same
key, as the page does. Timing: known and unknown
e-mail addresses, in random order, one after the other. The statistic is Mann and Whitney's: the share of all pairs
(known, unknown) in which the known one took longer. Where there is no difference that is one half; 600 of each find it
with a standard error of 0.017. Wall clock, as whoever would measure it sees it.
"""

import random
import shutil
import statistics
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from math import erfc, sqrt
from typing import Any, NamedTuple

import httpx

from bench.figures import Outcome
from local.addresses import FOLDER
from local.demo.client import Api, Carrier, until
from local.stack import Stack

BURST = 500
PAIRS = 600
POINT = {"lon": 5.4336, "lat": 52.7783}
CONSENT = {"version": "bench-1"}
WAIT_S = 300
AGAIN = frozenset({409, 429, 500, 502, 503, 504})  # 409: the first one is still being worked on
PAUSE_S = (1, 4)
LIMITS = {
    "burst_refused": 0,
    "burst_without_a_code": 0,
    "burst_codes_twice": 0,
    "timing_distance_from_one_half": 0.05,
}


def add_arguments(parser: Any) -> None:
    parser.add_argument("--pairs", type=int, default=PAIRS, help=f"known and unknown contacts (default: {PAIRS})")


def run(pairs: int = PAIRS) -> Outcome:
    def progress(step: str) -> None:
        print(f"  stack: {step}", file=sys.stderr)

    folder = FOLDER / "bench-signups"
    limits = httpx.Limits(max_connections=BURST)
    with Stack(folder, progress=progress) as stack, httpx.Client(timeout=WAIT_S, limits=limits) as http:
        api, carrier = Api(http, stack.addresses.api), Carrier(http, stack.addresses.carrier)
        api.post(
            "/sign-ups", _by_mail("first@burgernet.example")
        )  # the first call of a function is another measurement
        figures = {**_timing(api, pairs), **_burst(api, carrier)}
    shutil.rmtree(folder, ignore_errors=True)
    return Outcome("signups", figures, LIMITS)


class _Taken(NamedTuple):
    seconds: float
    tries: int


def _burst(api: Api, carrier: Carrier) -> dict[str, float]:
    numbers = [f"06{10_000_000 + 79_999 * number:08d}" for number in range(BURST)]
    before = carrier.last()

    def one(phone: str) -> _Taken | None:
        begin = time.perf_counter()
        headers, tries = {"Idempotency-Key": f"burst-{phone}"}, 0
        while time.perf_counter() - begin < WAIT_S:
            tries += 1
            with suppress(httpx.TransportError):
                answer = api.http.post(f"{api.base}/sign-ups", json=_by_phone(phone), headers=headers)
                if answer.is_success:
                    return _Taken(time.perf_counter() - begin, tries)
                if answer.status_code not in AGAIN:
                    return None
            time.sleep(random.uniform(*PAUSE_S))
        return None

    begin = time.perf_counter()
    with ThreadPoolExecutor(BURST) as pool:
        took = list(pool.map(one, numbers))
    all_taken = time.perf_counter() - begin
    served = [taken for taken in took if taken]

    def heard() -> list[str] | None:
        got = [message["to"] for message in carrier.messages(channel="sms", after=str(before))]
        return got if len(got) >= len(served) else None

    got = until(heard, "a code for everybody", WAIT_S)
    return {
        "burst_people": BURST,
        "burst_refused": BURST - len(served),
        "burst_without_a_code": len({f"+31{phone[1:]}" for phone in numbers} - set(got)),
        "burst_codes_twice": len(got) - len(set(got)),
        "burst_all_taken_s": all_taken,
        "burst_answer_median_s": statistics.median([taken.seconds for taken in served] or [WAIT_S]),
        "burst_sent_again": sum(taken.tries - 1 for taken in served),
        "burst_all_have_a_code_s": time.perf_counter() - begin,
    }


def _timing(api: Api, pairs: int) -> dict[str, float]:
    dice = random.Random(7)
    # The invented country's own people, and others of addresses as long.
    known = [f"deelnemer{number:04}@burgernet.example" for number in range(1, pairs + 1)]
    tried = [(mail, True) for mail in known] + [(mail.replace("deelnemer", "onbekende"), False) for mail in known]
    dice.shuffle(tried)
    took: dict[bool, list[float]] = {True: [], False: []}
    for mail, is_known in tried:
        begin = time.perf_counter()
        api.post("/sign-ups", _by_mail(mail))
        took[is_known].append(time.perf_counter() - begin)
    share = longer(took[True], took[False])
    error = sqrt((2 * pairs + 1) / (12 * pairs * pairs))
    return {
        "timing_pairs": pairs,
        "timing_known_median_ms": statistics.median(took[True]) * 1_000,
        "timing_unknown_median_ms": statistics.median(took[False]) * 1_000,
        "timing_known_longer_share": share,
        "timing_standard_error": error,
        "timing_p": erfc(abs(share - 0.5) / error / sqrt(2)),
        "timing_distance_from_one_half": abs(share - 0.5),
    }


def longer(some: list[float], others: list[float]) -> float:
    """The share of pairs in which the one of ``some`` is longer; a draw is half. Mann-Whitney U over all pairs."""
    ordered = sorted([(value, True) for value in some] + [(value, False) for value in others])
    wins, below, start = 0.0, 0, 0
    while start < len(ordered):
        end = start
        while end < len(ordered) and ordered[end][0] == ordered[start][0]:
            end += 1
        here = sum(mine for _, mine in ordered[start:end])
        theirs = end - start - here
        wins += here * (below + theirs / 2)
        below += theirs
        start = end
    return wins / (len(some) * len(others))


def _by_phone(phone: str) -> dict[str, Any]:
    return _form("sms") | {"phone": phone}


def _by_mail(mail: str) -> dict[str, Any]:
    return _form("email") | {"email": mail}


def _form(channel: str) -> dict[str, Any]:
    return {
        "places": [{"kind": "home", "point": POINT}],
        "channels": [channel],
        "language": "nl",
        "birth_year": 1980,
        "consent": CONSENT,
        "source": "web",
    }
