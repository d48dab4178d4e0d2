"""Invented municipalities, and alerts in them as their rows stand in the table of reports."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from itertools import count as numbers
from random import Random

from bench.example_alert import START
from chalicelib.channels.model import Channel
from chalicelib.delivery.model import AreaTally, Messages
from chalicelib.reports.figures import AlertRow, Facts, Times
from chalicelib.reports.model import NATION

NATION_PEOPLE, NEIGHBOURHOODS, LARGEST = 1_700_000, 14_400, 145
PEOPLE_EACH = NATION_PEOPLE // NEIGHBOURHOODS
OTHERS = 660  # alerts of the same month: 8,000 a year
BY_CHANNEL = {Channel.SMS: 0.75, Channel.EMAIL: 0.7}


def codes(most: int) -> list[str]:
    """Neighbourhoods, those of the largest municipality first, ten to a district."""
    random, found = Random(7), []
    sizes = [LARGEST, *(random.randint(10, 74) for _ in range(400))]
    for municipality, number in zip(numbers(1), sizes, strict=False):
        found += [f"BU{municipality:04d}{n // 10:02d}{n % 10:02d}" for n in range(number)]
    return found[:most]


def area_tally(people: int, sent: float, told: float) -> AreaTally:
    messages = {}
    for channel, share in BY_CHANNEL.items():
        out = round(people * share * sent)
        known = min(round(people * share * told), out)
        priced = known if channel is Channel.SMS else 0
        messages[channel] = Messages(
            out, round(known * 0.97), known - round(known * 0.97), priced, 2 * priced, 160_000 * priced
        )
    asked = round(people * sent)
    return AreaTally(people, asked, round(asked * told * 0.97), 0, messages)


def other(alert: str, day: date, touched: Sequence[str], random: Random) -> AlertRow:
    """Another alert of a month, in the partition of one municipality."""
    opened = datetime(day.year, day.month, day.day, random.randint(6, 22), random.randint(0, 59), tzinfo=START.tzinfo)
    kinds = ("residential_burglary", "robbery", "missing_person", "hit_and_run", "other_urgent")
    ended = ("none", "none", "none", "other", "suspect_arrested", "missing_person_found")
    facts = Facts(
        alert,
        opened,
        "Actual",
        "alert",
        random.choice(kinds),
        "Immediate",
        random.randint(0, 40),
        random.choice(ended),
        "direct",
    )
    times = Times(
        random.randint(2, 9), random.randint(60, 900), random.randint(90, 3_000), random.randint(2_000, 20_000)
    )
    people = {code: area_tally(random.randint(5, 2 * PEOPLE_EACH), 1.0, 1.0) for code in touched}
    return AlertRow(municipality(touched[0]), facts, times, people, random.randint(200, 9_000))


def others() -> list[AlertRow]:
    """What else there is in the month: of each alert the row of its municipality, and that in the nation."""
    random, everywhere = Random(3), codes(NEIGHBOURHOODS)
    found = []
    for n in range(OTHERS):
        start = random.randrange(len(everywhere) - 13)
        some = [
            code for code in everywhere[start : start + 13] if municipality(code) == municipality(everywhere[start])
        ]
        row = other(f"{n:010d}", date(2026, 11, 1 + n % 20), some, random)
        whole = row.sums()[row.area]
        nation = AreaTally(whole.people, whole.asked, whole.reached, whole.spared, whole.messages)
        found += [row, replace(row, area=NATION, people={row.area: nation})]
    return found


def municipality(code: str) -> str:
    return f"GM{code[2:6]}"
