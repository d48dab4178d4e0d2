"""Signing up: five hundred at once on a local stack, and whether an answer's time tells who is known.

Burst: 500 people send their form at the same moment; every one must be signed up once, and get one code. Whoever does
not come to a turn in time is told to come again, and sends the same form with the same key, as the page does. Where a
function was ended half-way, the next try is the same sign-up, whose code may come twice; but never two codes. What is
told of answers is the time from somebody's first try to the one that was taken.

Timing: known and unknown e-mail addresses, in random order, one after the other. The statistic is Mann and Whitney's:
the share of all pairs (known, unknown) in which the known one took longer. Where there is no difference that is one
half; 600 of each find it with a standard error of 0.017. Wall clock, as whoever would measure it sees it.
"""

import random
import shutil
import statistics
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from math import erfc, sqrt
from typing import Any, NamedTuple

import httpx

from bench.figures import Outcome
from chalicelib.platform.queues import QueueName
from chalicelib.platform.settings import Settings
from local.addresses import FOLDER
from local.demo.client import Api, Carrier, code_in, until
from local.deploy import Emulator, function_environment
from local.stack import Stack

BURST = 500
PAIRS = 600
POINT = {"lon": 5.4336, "lat": 52.7783}
CONSENT = {"version": "bench-1"}
WAIT_S = 300
AGAIN = frozenset({409, 429, 502, 503, 504})  # 409: the first one is still being worked on
AGAIN_AFTER_S = "2"  # where the answer does not say
LIMITS = {
    "burst_lost": 0,
    "burst_signed_up_twice": 0,
    "burst_second_codes": 0,
    "timing_distance_from_one_half": 0.05,
}


def add_arguments(parser: Any) -> None:
    parser.add_argument("--pairs", type=int, default=PAIRS, help=f"known and unknown contacts (default: {PAIRS})")


def run(pairs: int = PAIRS) -> Outcome:
    def progress(step: str) -> None:
        print(f"  stack: {step}", file=sys.stderr)

    folder = FOLDER / "bench-signups"
    limits = httpx.Limits(max_connections=BURST, max_keepalive_connections=0)  # everybody has a browser of their own
    with Stack(folder, progress=progress) as stack, httpx.Client(timeout=WAIT_S, limits=limits) as http:
        api, carrier = Api(http, stack.addresses.api), Carrier(http, stack.addresses.carrier)
        api.post(
            "/sign-ups", _by_mail("first@burgernet.example")
        )  # the first call of a function is another measurement
        figures = {**_timing(api, pairs), **_burst(api, carrier, stack.emulator)}
    shutil.rmtree(folder, ignore_errors=True)
    return Outcome("signups", figures, LIMITS)


class _Taken(NamedTuple):
    seconds: float
    tries: int


def _burst(api: Api, carrier: Carrier, emulator: Emulator) -> dict[str, float]:
    phones = [f"06{10_000_000 + 79_999 * number:08d}" for number in range(BURST)]
    settings = Settings.from_environment(function_environment(emulator))
    kept_before, heard_before = _rows(emulator, settings.tables["sign_ups"]), carrier.last()
    begin = time.perf_counter()
    with ThreadPoolExecutor(BURST) as pool:
        tried = list(pool.map(partial(_sign_up, api), phones))
    all_taken = time.perf_counter() - begin
    taken = [one for one in tried if one]

    def heard() -> list[tuple[str, str]] | None:
        got = [(it["to"], code_in(it)) for it in carrier.messages(channel="sms", after=str(heard_before))]
        return got if len(got) >= len(taken) and _empty(emulator, settings.queue_urls[QueueName.NOTICES]) else None

    codes = until(heard, "a code for everybody", WAIT_S)
    all_have_a_code = time.perf_counter() - begin
    answers = [one.seconds for one in taken]
    return {
        "burst_people": BURST,
        "burst_served": len(taken),
        "burst_sent_again": sum(one.tries - 1 for one in taken),
        "burst_lost": len({f"+31{phone[1:]}" for phone in phones} - {to for to, _ in codes}),
        "burst_signed_up_twice": _rows(emulator, settings.tables["sign_ups"]) - kept_before - len(taken),
        "burst_second_codes": len(set(codes)) - len({to for to, _ in codes}),
        "burst_codes_repeated": len(codes) - len(set(codes)),
        "burst_answer_p50_s": statistics.median(answers),
        "burst_answer_p95_s": statistics.quantiles(answers, n=20)[-1],
        "burst_all_taken_s": all_taken,
        "burst_all_have_a_code_s": all_have_a_code,
    }


def _sign_up(api: Api, phone: str) -> _Taken | None:
    """None: it was refused, or never taken."""
    begin, tries = time.perf_counter(), 0
    while time.perf_counter() - begin < WAIT_S:
        tries += 1
        answer = api.http.post(
            f"{api.base}/sign-ups", json=_by_phone(phone), headers={"Idempotency-Key": f"burst-{phone}"}
        )
        if answer.is_success:
            return _Taken(time.perf_counter() - begin, tries)
        if answer.status_code not in AGAIN:
            return None
        time.sleep(float(answer.headers.get("Retry-After", AGAIN_AFTER_S)) * random.uniform(1, 2))
    return None


def _rows(emulator: Emulator, table: str) -> int:
    pages = emulator.client("dynamodb").get_paginator("scan").paginate(TableName=table, Select="COUNT")
    return sum(page["Count"] for page in pages)


def _empty(emulator: Emulator, url: str) -> bool:
    """Nothing waits in the queue, and nothing is being worked on."""
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    held = emulator.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
    return not any(int(held[name]) for name in names)


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
