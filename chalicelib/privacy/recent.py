"""The alerts that may still hold something of somebody."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from chalicelib.alerts.listing import Summary
from chalicelib.alerts.store import AlertStore

LOOKED_BACK = timedelta(days=400)  # a draft may be sent long after it was begun; what is older was swept long ago
PAGE = 100


def since(store: AlertStore, moment: datetime) -> Iterator[Summary]:
    """Those that were begun at that moment or later, newest first."""
    cursor: str | None = None
    while True:
        page = store.page(limit=PAGE, cursor=cursor)
        for summary in page.alerts:
            if summary.created_at < moment:
                return
            yield summary
        cursor = page.cursor
        if cursor is None:
            return
