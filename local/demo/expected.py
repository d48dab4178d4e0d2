"""Who must be asked, computed apart from the product: shapely over a list of people, nothing of ``chalicelib``."""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import shapely
from shapely.geometry import shape

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
NEXT = ("sms", "voice", "email", "push")  # where somebody is tried whom their own channels do not reach
MOBILE = "+316"
CLOCK = ZoneInfo("Europe/Amsterdam")


@dataclass(frozen=True)
class Resident:
    """``points``: lon, lat of every place. ``contacts``: channel -> phone number or address.

    ``hours``: of every place, as the API takes them; a place without any is always open. ``declined``: topics.
    """

    points: tuple[tuple[float, float], ...]
    contacts: Mapping[str, str] = field(repr=False)
    hours: tuple[tuple[Mapping[str, Any], ...], ...] = ()
    declined: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Expected:
    """``asked``: channel and contact of each message. ``suppressed``: reason -> people who are not disturbed."""

    asked: set[tuple[str, str]]
    suppressed: Mapping[str, int]


def inside(person: Resident, geometry: Mapping[str, Any]) -> list[int]:
    """Which of somebody's places lie in a GeoJSON geometry; the border counts as inside."""
    area = shape(geometry)
    return [n for n, point in enumerate(person.points) if shapely.covers(area, shapely.Point(point))]


def expected(
    people: Iterable[Resident],
    geometry: Mapping[str, Any],
    channels: Iterable[str],
    category: str,
    approved: datetime,
    failed: Set[tuple[str, str]] = frozenset(),
    given_up: Set[tuple[str, str]] = frozenset(),
) -> Expected:
    """What an urgent alert must do that was approved at that moment. ``failed``: messages that did not arrive.

    ``given_up``: channel and contact that are not tried any more, since an earlier message bounced for good.
    """
    wanted, asked = set(channels), set()
    suppressed = {"category": 0, "hours": 0}
    for person in people:
        places = inside(person, geometry)
        messages = {(channel, to) for channel, to in person.contacts.items() if channel in wanted}
        if not places or not messages:
            continue
        if category in person.declined:
            suppressed["category"] += 1
        elif not any(_open(person.hours[n] if n < len(person.hours) else (), approved) for n in places):
            suppressed["hours"] += 1
        else:
            asked |= _until_one_arrives(messages, person, wanted, failed, given_up)
    return Expected(asked, suppressed)


def _until_one_arrives(
    messages: Set[tuple[str, str]],
    person: Resident,
    wanted: Set[str],
    failed: Set[tuple[str, str]],
    given_up: Set[tuple[str, str]],
) -> set[tuple[str, str]]:
    """These that are tried, and where all of them failed the next that somebody's contacts allow, and so on."""
    sent, has = set(messages) - given_up, dict(person.contacts)
    if phone := has.get("sms") or has.get("voice"):
        has["voice"] = phone
        if phone.startswith(MOBILE):
            has["sms"] = phone
    for channel in NEXT:
        if sent <= failed and channel in wanted and channel in has:
            sent |= {(channel, has[channel])} - given_up
    return sent


def _open(hours: tuple[Mapping[str, Any], ...], moment: datetime) -> bool:
    there = moment.astimezone(CLOCK).replace(tzinfo=None)
    days = (there.date() - timedelta(days=1), there.date())
    return not hours or any(_holds(some, day, there) for some in hours for day in days)


def _holds(hours: Mapping[str, Any], day: date, there: datetime) -> bool:
    """Whether what begins on that day holds; what does not end after its start ends a day later."""
    start, end = (datetime.combine(day, time.fromisoformat(hours[name])) for name in ("start", "end"))
    return DAYS[day.weekday()] in hours["days"] and start <= there < end + timedelta(days=end <= start)
