"""Invented participants: people of the joined municipalities who have signed up.

Their phone numbers are well-formed Dutch numbers: mobile, or a landline of who wants to be called only. We know of no
range in the Dutch numbering plan set apart for fiction, so they may be somebody's: never send to them for real.
Their mail domain is nobody's (RFC 2606).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from local.town.addresses import Address
from local.town.dice import Dice

PARTICIPANTS = 3_000
WORKING_ELSEWHERE = 0.4
ENGLISH = 0.1
CHANNELS = (
    (("sms",), 0.46),
    (("sms", "email"), 0.33),
    (("email",), 0.13),
    (("voice",), 0.05),
    (("sms", "voice"), 0.02),
    (("voice", "email"), 0.01),
)
ONE_IN_PUSHED = 20  # get push messages too
SOURCES = (("web", 0.5), ("municipality", 0.25), ("facebook", 0.15), ("letter", 0.1))
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri")
EVERY_DAY = (*WEEKDAYS, "sat", "sun")
Hours: TypeAlias = tuple[tuple[tuple[str, ...], str, str], ...]
HOURS: tuple[tuple[Hours, float], ...] = (
    ((), 0.85),
    (((EVERY_DAY, "07:00", "22:30"),), 0.06),
    (((WEEKDAYS, "08:30", "17:30"),), 0.04),
    (((WEEKDAYS, "18:00", "23:00"), (("sat", "sun"), "09:00", "00:00")), 0.03),
    (((EVERY_DAY, "22:00", "07:00"),), 0.02),
)
DECLINED: tuple[tuple[tuple[str, ...], float], ...] = (
    ((), 0.9),
    (("residential_burglary",), 0.03),
    (("prevention", "inquiry"), 0.04),
    (("robbery", "hit_and_run", "missing_person"), 0.03),
)
EXERCISES = 0.3
FIRST_PHONE = 31_610_000_000
FIRST_LANDLINE = 31_202_000_000


@dataclass(frozen=True)
class InventedParticipant:
    """``number``: from 1. ``phone``, ``email`` and ``device``: as ``channels`` need them. ``source``: how they came.

    ``device``: its name at the carrier. ``hours``: of home and of work, each of days, start and end. ``declined``: what
    they do not want to be asked about.
    """

    number: int
    phone: str | None
    email: str | None
    device: str | None
    channels: tuple[str, ...]
    language: str
    birth_year: int
    source: str
    home: Address
    work: Address | None
    hours: tuple[Hours, Hours]
    declined: tuple[str, ...]
    exercises: bool

    def to_json(self) -> dict[str, Any]:
        at_home, at_work = self.hours
        places = [_place("home", self.home, at_home)] + ([_place("work", self.work, at_work)] if self.work else [])
        return {
            "number": self.number,
            "phone": self.phone,
            "email": self.email,
            "device": self.device,
            "channels": list(self.channels),
            "language": self.language,
            "birth_year": self.birth_year,
            "source": self.source,
            "places": places,
            "declined": list(self.declined),
            "exercises": self.exercises,
        }


def population(addresses: Sequence[Address]) -> list[InventedParticipant]:
    """Homes and workplaces lie in joined municipalities only: elsewhere nobody can sign up."""
    joined = [address for address in addresses if address.neighbourhood.municipality.joined]
    return [_participant(number, joined) for number in range(1, PARTICIPANTS + 1)]


def _participant(number: int, addresses: Sequence[Address]) -> InventedParticipant:
    dice = Dice("participant", number)
    channels = dice.weighted(CHANNELS)
    wishes = Dice("wishes", number)
    device = f"toestel{number:04}" if number % ONE_IN_PUSHED == 0 else None
    return InventedParticipant(
        number=number,
        phone=_phone(number, channels),
        email=f"deelnemer{number:04}@burgernet.example" if "email" in channels else None,
        device=device,
        channels=(*channels, "push") if device else channels,
        language="en" if dice.chance(ENGLISH) else "nl",
        birth_year=1940 + dice.below(68),
        source=dice.weighted(SOURCES),
        home=dice.pick(addresses),
        work=dice.pick(addresses) if dice.chance(WORKING_ELSEWHERE) else None,
        hours=(wishes.weighted(HOURS), wishes.weighted(HOURS)),
        declined=wishes.weighted(DECLINED),
        exercises=wishes.chance(EXERCISES),
    )


def _phone(number: int, channels: Sequence[str]) -> str | None:
    if "sms" in channels:
        return f"+{FIRST_PHONE + number}"
    return f"+{FIRST_LANDLINE + number}" if "voice" in channels else None


def _place(kind: str, address: Address, hours: Hours) -> dict[str, Any]:
    return {
        "kind": kind,
        "address": address.label,
        "lon": address.point[0],
        "lat": address.point[1],
        "neighbourhood": address.neighbourhood.code,
        "hours": [{"days": list(days), "start": start, "end": end} for days, start, end in hours],
    }
