"""The personal link in a message: where in the ledger its reader stands, so that a tip needs no login.

A token is signed (``platform.tokens.LinkSigner``, purpose ``tip``); this is the reference inside it.
"""

from functools import lru_cache

from msgspec import Struct

from chalicelib.platform import ids
from chalicelib.platform.errors import NotFound
from chalicelib.platform.tokens import TAIL

PURPOSE = "tip"
ALERT, UNIT, BATCH, INDEX = 10, 3, 3, 2  # characters of each part, in this order
REFERENCE = ALERT + UNIT + BATCH + INDEX


class ReplyRef(Struct, frozen=True, gc=False):
    """``unit`` and ``batch`` are below 32,768, ``index`` (in the batch) below 1,024."""

    alert: str
    unit: int
    batch: int
    index: int


def reply_reference(ref: ReplyRef) -> str:
    """18 characters of the id alphabet. Raises ``ValueError`` where a number is too large."""
    return _of_batch(ref.alert, ref.unit, ref.batch) + ids.encode(ref.index, INDEX)


@lru_cache(maxsize=16)
def _of_batch(alert: str, unit: int, batch: int) -> str:
    """What the references of a whole batch begin with."""
    if len(alert) != ALERT:
        raise ValueError(f"an alert's id has {ALERT} characters")
    return alert + ids.encode(unit, UNIT) + ids.encode(batch, BATCH)


def read_reference(text: str) -> ReplyRef:
    """Raises ``NotFound`` where the text is no reference."""
    if len(text) != REFERENCE or not set(text) <= set(ids.ALPHABET):
        raise NotFound("link_not_valid", "This link is not valid.")
    unit, batch, index = ALERT, ALERT + UNIT, ALERT + UNIT + BATCH
    return ReplyRef(text[:unit], ids.decode(text[unit:batch]), ids.decode(text[batch:index]), ids.decode(text[index:]))


def reply_url(web_url: str, token: str) -> str:
    """Where the reader of a message answers."""
    return f"{web_url}/t/{token}"


def sample_url(web_url: str) -> str:
    """A link as long as a real one, for previews; it leads nowhere."""
    return reply_url(web_url, "0" * (REFERENCE + TAIL))
