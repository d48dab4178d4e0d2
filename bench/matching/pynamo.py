"""The same rows through PynamoDB's ``Model.query``, which is how one would read them without a path of one's own."""

import time
from collections.abc import Sequence

from pynamodb.attributes import BinaryAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.models import Model

from chalicelib.areas.cover import KeyRange
from chalicelib.participants.places import AFTER_ALL


class PlaceItem(Model):
    class Meta:
        table_name = "places"

    c = UnicodeAttribute(hash_key=True)
    k = UnicodeAttribute(range_key=True)
    x = BinaryAttribute(legacy_encoding=False)
    d = UnicodeAttribute()
    u = NumberAttribute(null=True)


PROJECTION = ["k", "x", "d", "u"]  # what matching asks for


def cpu_us_per_item(ranges: Sequence[KeyRange], endpoint: str, attributes: Sequence[str] | None = None) -> float:
    """Of reading alone: nobody is matched. ``endpoint``: where DynamoDB is. ``attributes``: None for whole rows."""
    PlaceItem.Meta.host = endpoint  # type: ignore[attr-defined]
    PlaceItem.Meta.region = "eu-west-1"  # type: ignore[attr-defined]
    items = 0
    for found in ranges[:3]:
        items += _read(found, attributes)  # warm
    items, begun = 0, time.process_time()
    for found in ranges:
        items += _read(found, attributes)
    return 1e6 * (time.process_time() - begun) / max(items, 1)


def _read(found: KeyRange, attributes: Sequence[str] | None) -> int:
    between = PlaceItem.k.between(found.first, found.last + AFTER_ALL)
    return sum(1 for _ in PlaceItem.query(found.partition, between, attributes_to_get=attributes))
