"""Places as rows of the table: the product's own form, with sealed contacts for everybody.

75 % get SMS and 70 % mail, as the performance study has it; everybody has at least one of them.
"""

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter

from bench.matching.inputs import Places
from chalicelib.areas.model import Point
from chalicelib.participants.model import ID_CHARACTERS, ContactKind
from chalicelib.participants.place_rows import PlaceRow
from chalicelib.participants.sealing import KEY_BYTES, seal
from chalicelib.platform import ids

SINCE_MS = 1_700_000_000_000
KEY = bytes(KEY_BYTES)  # one for all: matching passes contacts on without looking
PROVIDERS = ("gmail.com", "hotmail.com", "ziggo.nl", "kpnmail.nl", "outlook.com")


def reference(who: int) -> str:
    """A participant's reference as the product makes them: id and link version."""
    return ids.encode(who, ID_CHARACTERS) + "1"


def who_of(reference: str) -> int:
    return ids.decode(reference[:ID_CHARACTERS])


def place_rows(places: Places) -> Iterator[PlaceRow]:
    """Every place, those of one participant one after the other."""
    columns = zip(*(column.tolist() for column in (places.who, places.lon, places.lat)), strict=True)
    for who, own in groupby(columns, key=itemgetter(0)):
        points = [Point(lon, lat) for _, lon, lat in own]
        for rank, point in enumerate(points):  # where the file leaves out ranks, the order of those that are there
            yield _row(who, rank, point, tuple(points[:rank]), tuple(points[rank + 1 :]))


def _row(who: int, rank: int, point: Point, earlier: tuple[Point, ...], later: tuple[Point, ...]) -> PlaceRow:
    phone = f"+316{who % 10**8:08d}" if who % 20 >= 5 else None
    email = f"deelnemer.{who}@{PROVIDERS[who % 7 % 5]}" if who % 20 < 5 or who % 20 >= 11 else None
    return PlaceRow(
        participant=reference(who),
        rank=rank,
        point=point,
        earlier=earlier,
        later=later,
        phone=phone and seal(KEY, reference(who), ContactKind.PHONE, phone),
        email=email and seal(KEY, reference(who), ContactKind.EMAIL, email),
        language="en" if who % 10 == 3 else "nl",
        neighbourhood=f"BU{who % 10**8:08d}",
        valid_from_ms=SINCE_MS,
    )
