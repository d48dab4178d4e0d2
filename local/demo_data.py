"""Fills a local stack with the invented country, through the product's own stores."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from chalicelib.areas import importer
from chalicelib.areas.model import BoundarySource, Point
from chalicelib.areas.service import AreaService
from chalicelib.channels.model import Device
from chalicelib.participants import consents
from chalicelib.participants.changes import Step, joining
from chalicelib.participants.devices import subscription
from chalicelib.participants.model import (
    ChannelChoice,
    Consent,
    Contact,
    ContactKind,
    Language,
    Participant,
    Place,
    PlaceKind,
    Source,
)
from chalicelib.participants.place_rows import rounded
from chalicelib.participants.wishes import Day, Topic
from chalicelib.participants.wishes_bodies import HoursBody
from chalicelib.platform import ids
from chalicelib.wiring import Parts
from local.carrier import devices
from local.town import JOINED, Town
from local.town.areas import YEAR
from local.town.organisations import ORGANISATIONS
from local.town.participants import InventedParticipant

INVENTED = "Burgernet (verzonnen, invented)"
SIGNED_UP = timedelta(days=30)  # before now, so that every alert of today finds them
CONSENT = consents.CURRENT
TOGETHER = 15  # participants in one transaction: at most 100 actions of 5 rows or so each
THREADS = 4


def load(parts: Parts, bounds: tuple[float, float, float, float], town: Town, folder: Path, push_service: str) -> int:
    """Returns how many participants there are now. ``folder``: where the town was written.

    ``push_service``: address of the carrier, which has made everybody's device.
    """
    areas = AreaService(parts.areas, bounds)
    areas.load(importer.read(folder / "town.geojson", bounds))
    areas.say_source(BoundarySource(INVENTED, YEAR))
    for code in JOINED:
        areas.put_municipality(code, joined=True, summary_emails=(f"{code.lower()}@burgernet.example",))
    for organisation in ORGANISATIONS:
        parts.organisations.put(organisation)
    joined = parts.clock.now() - SIGNED_UP
    steps = [step(invented, joined, push_service) for invented in town.participants]
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(parts.participants.commit, _lots(steps)))
    return len(steps)


def step(invented: InventedParticipant, joined: datetime, push_service: str) -> Step:
    """Somebody of the town joins, with their device."""
    if invented.device is None:
        return joining(participant(invented, joined), joined)
    made = devices.Device(invented.device)
    device = subscription(Device(f"{push_service}/push/{made.name}", made.p256dh, made.auth))
    somebody = participant(invented, joined).with_device(device.id)
    return replace(joining(somebody, joined), subscribe=device)


def participant(invented: InventedParticipant, joined: datetime) -> Participant:
    """Somebody of the town as if they had signed up and proved their contacts."""
    contacts = (
        (ContactKind.EMAIL, invented.email),
        (ContactKind.PHONE, invented.phone),
    )
    at_home, at_work = invented.hours
    places = [(PlaceKind.HOME, invented.home, at_home)]
    places += [(PlaceKind.WORK, invented.work, at_work)] if invented.work else []
    return Participant(
        id=ids.derived_id("town", str(invented.number), length=12),
        language=Language(invented.language),
        chosen=frozenset(map(ChannelChoice, invented.channels)),
        contacts=tuple(Contact(kind, text) for kind, text in contacts if text),
        places=tuple(
            Place(
                kind,
                rounded(Point(*address.point)),
                address.neighbourhood.code,
                address.neighbourhood.municipality.code,
                address.label,
                tuple(HoursBody(days=[*map(Day, days)], start=start, end=end).value() for days, start, end in hours),
            )
            for kind, address, hours in places
        ),
        paused=False,
        consent=Consent(CONSENT, joined),
        source=Source(invented.source),
        created_at=joined,
        declined=frozenset(map(Topic, invented.declined)),
        exercises=invented.exercises,
    )


def _lots(steps: list[Step]) -> Iterator[list[Step]]:
    for start in range(0, len(steps), TOGETHER):
        yield steps[start : start + TOGETHER]
