"""Participants as the stream of their table tells of them."""

from chalicelib.areas.model import Point
from chalicelib.participants.model import ChannelChoice, Contact, ContactKind, Place, PlaceKind
from tests.made import images, participant

NAMES = ("anna00000001", "bram00000002", "cees00000003")


def somebody(*areas, name=NAMES[0], work=(), paused=False, channels=(ChannelChoice.SMS,), version=1):
    """Who lives in the first of ``areas``, and works in those of ``work``."""
    kinds = [(area, PlaceKind.HOME) for area in areas] + [(area, PlaceKind.WORK) for area in work]
    return participant(
        id=name,
        chosen=frozenset(channels),
        contacts=(
            Contact(ContactKind.EMAIL, f"{name}@example.org"),
            Contact(ContactKind.PHONE, f"+316{ord(name[0]) % 10}{ord(name[1]) % 10}{name[-6:]}"),
        ),
        places=tuple(Place(kind, Point(5.2, 52.5), area, f"GM{area[2:6]}") for area, kind in kinds),
        paused=paused,
        version=version,
    )


def record(old=None, new=None):
    """Of the stream: from one ``Participant`` to the next."""
    return {"dynamodb": images(old, new)}
