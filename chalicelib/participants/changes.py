"""What one change of a participant means for the tables: which place rows begin, end and go."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.participants.devices import Subscription
from chalicelib.participants.model import ChannelChoice, Contact, ContactKind, Participant, RowRef
from chalicelib.participants.place_rows import ENDED_ROWS_KEPT_S, PlaceRow
from chalicelib.platform.clock import epoch_ms

# So that two participants in one change, each with all their rows, fit in a transaction of 100 items.
MAX_ENDED_ROWS = 30
MAX_SIGN_UPS = 5


@dataclass(frozen=True)
class Step:
    """One participant from ``before`` (None: new) to ``after`` (None: gone).

    ``begin``, ``end``, ``drop``: place rows to write, to give an end, to remove. ``forget``: sign-ups to remove.
    ``subscribe``: how a device is reached that is among the participant's from now on, or anew.
    """

    before: Participant | None
    after: Participant | None
    begin: tuple[PlaceRow, ...] = ()
    end: tuple[RowRef, ...] = ()
    drop: tuple[RowRef, ...] = ()
    forget: tuple[str, ...] = ()
    subscribe: Subscription | None = None


@dataclass(frozen=True)
class Proof:
    """A contact of a sign-up turned out to be theirs, and led to ``participant``."""

    sign_up: str
    kind: ContactKind
    participant: str


def joining(after: Participant, now: datetime) -> Step:
    """A participant who was not there before."""
    return _to(None, after, now)


def changing(before: Participant, after: Participant, now: datetime, subscribe: Subscription | None = None) -> Step:
    """Rows that stay as they are stay; the others end now, and their successors begin now."""
    return replace(_to(before, after, now), subscribe=subscribe)


def leaving(before: Participant) -> Step:
    """Every row goes, ended ones too."""
    return Step(before, None, drop=before.rows, forget=tuple(ref.id for ref in before.sign_ups))


def _to(before: Participant | None, after: Participant, now: datetime) -> Step:
    version = before.version + 1 if before else 1
    # Never before the last change, so that the times of two rows in succession cannot overlap.
    at = max(epoch_ms(now), before.changed_ms if before else 0)
    standing = _standing(before) if before else {}
    live: list[RowRef] = []
    begin: list[PlaceRow] = []
    for row in _rows(after):
        if row in standing:
            live.append(standing.pop(row))
            continue
        begin.append(row._replace(valid_from_ms=at, version=version))
        live.append(RowRef(*begin[-1].key))
    end = tuple(replace(ref, ended_ms=at) for ref in standing.values())
    history = [ref for ref in before.rows if ref.ended_ms is not None] if before else []
    kept, drop = _recent(history, at, MAX_ENDED_ROWS - len(end))
    valid = [ref for ref in after.sign_ups if ref.expires_ms > at]
    sign_ups = tuple(valid[-MAX_SIGN_UPS:])
    return Step(
        before=before,
        after=replace(after, version=version, changed_ms=at, rows=(*live, *kept, *end), sign_ups=sign_ups),
        begin=tuple(begin),
        end=end,
        drop=drop,
        forget=tuple(ref.id for ref in after.sign_ups if ref not in sign_ups),
    )


def _rows(participant: Participant) -> Iterator[PlaceRow]:
    """The rows that they should have, times and version left open."""
    if not participant.active:
        return
    to = {channel: participant.address(channel) for channel in participant.channels}
    points = tuple(place.point for place in participant.places)
    wishes = participant.wishes.packed
    for rank, place in enumerate(participant.places):
        yield PlaceRow(
            participant=participant.reference,
            rank=rank,
            point=place.point,
            earlier=points[:rank],
            phone=to.get(ChannelChoice.SMS),
            email=to.get(ChannelChoice.EMAIL),
            language=participant.language,
            neighbourhood=place.area,
            valid_from_ms=0,
            later=points[rank + 1 :],
            wishes=wishes,
            voice=to.get(ChannelChoice.VOICE),
            push=ChannelChoice.PUSH in to,
        )


def _standing(participant: Participant) -> dict[PlaceRow, RowRef]:
    live = [ref for ref in participant.rows if ref.ended_ms is None]
    return dict(zip(_rows(participant), live, strict=True))


def _recent(history: list[RowRef], at: int, room: int) -> tuple[list[RowRef], tuple[RowRef, ...]]:
    """The ended rows that stay, and those that go: older than a day, or the oldest of too many."""
    young = [ref for ref in history if ref.ended_ms is not None and ref.ended_ms + ENDED_ROWS_KEPT_S * 1000 > at]
    kept = young[max(len(young) - room, 0) :]
    return kept, tuple(ref for ref in history if ref not in kept)


def owners(steps: Sequence[Step]) -> tuple[Mapping[Contact, str], tuple[Contact, ...]]:
    """Which contacts get which owner, and which are nobody's any more; those that stay as they are left out."""
    before = {contact.identity: step.before.id for step in steps if step.before for contact in step.before.contacts}
    after = {contact.identity: step.after.id for step in steps if step.after for contact in step.after.contacts}
    gained = {
        contact: step.after.id
        for step in steps
        if step.after
        for contact in step.after.contacts
        if before.get(contact.identity) != step.after.id
    }
    lost = tuple(
        contact for step in steps if step.before for contact in step.before.contacts if contact.identity not in after
    )
    return gained, lost
