"""The alerts that may still hold something of somebody."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from chalicelib.alerts.listing import Pages, Summary, since

LOOKED_BACK = timedelta(days=400)  # what is older was swept long ago, even by a sweep that stood still for months


def recent(pages: Pages, now: datetime) -> Iterator[Summary]:
    """Newest first."""
    return since(pages, now - LOOKED_BACK)
