"""Table ``tips``: an alert's tips in the order of time, and how many came by each reply link."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Protocol

from pynamodb.attributes import BooleanAttribute, NumberAttribute, NumberSetAttribute, UnicodeAttribute
from pynamodb.expressions.update import Action
from pynamodb.models import Model

from chalicelib.alerts.text import Language
from chalicelib.areas.model import Point
from chalicelib.platform.clock import parse_rfc3339, rfc3339
from chalicelib.platform.dynamo import bind, condition_failed
from chalicelib.platform.errors import NotFound, TooManyRequests
from chalicelib.tips.model import Tip, TipKind, TipStatus, Triage, matters, sort_key

WITHDRAWN = "-"  # in the place of a reply link's reference
_TIMES = ("0", ":")  # keys of tips begin with a digit; ":" follows "9"


class TipStore(Protocol):
    def add(self, tip: Tip, limit: int) -> None:
        """Keep a tip.

        Raises:
            TooManyRequests: ``too_many_tips``: ``limit`` tips came by this reply link before.
        """
        ...

    def page(self, alert: str, *, after: str | None, limit: int, newest: bool = False) -> list[Tip]:
        """Oldest first, those with an id greater than ``after``. ``newest``: the last of them, not the first."""
        ...

    def get(self, alert: str, tip: str) -> Tip:
        """Raises ``NotFound`` ``tip_not_found``."""
        ...

    def triage(self, alert: str, tip: str, triage: Triage) -> Tip:
        """The tip as it is then. Raises ``NotFound`` ``tip_not_found``, also where it was withdrawn."""
        ...

    def add_photo(self, tip: Tip, number: int) -> None:
        """Say that this photo of it has come. Raises ``NotFound`` ``tip_not_found``: also of one that is withdrawn."""
        ...

    def came_since(self, alert: str, moment: datetime) -> bool:
        """Whether somebody saw or knew something, as far as the control room has not called it of no use."""
        ...

    def count(self, alert: str) -> dict[TipKind, int]:
        """How many of each kind, all kinds named."""
        ...

    def withdraw(self, alert: str) -> int:
        """Take out what was said, where, and by which link; of how many tips. What kind they were remains."""
        ...


def tip_not_found() -> NotFound:
    return NotFound("tip_not_found", "There is no such tip.")


def _too_many() -> TooManyRequests:
    return TooManyRequests("too_many_tips", "Many tips came by this link already. Call the police with what is new.")


class _TipRow(Model):
    alert = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    reply = UnicodeAttribute()
    kind = UnicodeAttribute()
    text = UnicodeAttribute(null=True)
    lon = NumberAttribute(null=True)
    lat = NumberAttribute(null=True)
    seen_at = UnicodeAttribute(null=True)
    contact_me = BooleanAttribute()
    language = UnicodeAttribute()
    photos_due = NumberAttribute(null=True)
    photos = NumberSetAttribute(null=True)
    status = UnicodeAttribute()
    note = UnicodeAttribute(null=True)
    triaged_by = UnicodeAttribute(null=True)
    triaged_at = UnicodeAttribute(null=True)


class _LinkRow(Model):
    """``sk``: ``link#<reference>``."""

    alert = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    tips = NumberAttribute()


_PERSONAL = ("text", "lon", "lat", "seen_at", "photos_due", "photos", "note")


class DynamoTipStore:
    def __init__(self, table: str) -> None:
        self._tips = bind(_TipRow, table)
        self._links = bind(_LinkRow, table)

    def add(self, tip: Tip, limit: int) -> None:
        # Counted first: whoever is cut off in between has lost a try, and nobody ever has one too many.
        with condition_failed(_too_many()):
            self._links(tip.alert, f"link#{tip.reply}").update(
                [_LinkRow.tips.add(1)], condition=_LinkRow.tips.does_not_exist() | (_LinkRow.tips < limit)
            )
        self._tips(tip.alert, sort_key(tip.id), **_written(tip)).save()

    def page(self, alert: str, *, after: str | None, limit: int, newest: bool = False) -> list[Tip]:
        behind = _TipRow.sk.between(f"{sort_key(after)}!" if after else _TIMES[0], _TIMES[1])
        rows = self._tips.query(alert, behind, limit=limit, scan_index_forward=not newest, consistent_read=True)
        tips = [_read(row) for row in rows]
        return tips[::-1] if newest else tips

    def get(self, alert: str, tip: str) -> Tip:
        try:
            return _read(self._tips.get(alert, sort_key(tip), consistent_read=True))
        except self._tips.DoesNotExist:
            raise tip_not_found() from None

    def add_photo(self, tip: Tip, number: int) -> None:
        with condition_failed(tip_not_found()):
            self._tips(tip.alert, sort_key(tip.id)).update(
                [_TipRow.photos.add({number})], condition=_TipRow.reply == tip.reply
            )

    def triage(self, alert: str, tip: str, triage: Triage) -> Tip:
        actions: list[Action] = [
            _TipRow.status.set(triage.status.value),
            _TipRow.triaged_by.set(triage.by),
            _TipRow.triaged_at.set(rfc3339(triage.at)),
        ]
        if triage.note is not None:
            actions.append(_TipRow.note.set(triage.note))
        row = self._tips(alert, sort_key(tip))
        with condition_failed(tip_not_found()):
            row.update(actions, condition=_TipRow.alert.exists() & (_TipRow.reply != WITHDRAWN))
        return _read(row)

    def came_since(self, alert: str, moment: datetime) -> bool:
        since = _TipRow.sk.between(rfc3339(moment), _TIMES[1])
        rows = self._tips.query(alert, since, attributes_to_get=["kind", "status"], consistent_read=True)
        return any(matters(TipKind(row.kind), TipStatus(row.status)) for row in rows)

    def count(self, alert: str) -> dict[TipKind, int]:
        rows = self._tips.query(alert, _TipRow.sk.between(*_TIMES), attributes_to_get=["kind"], consistent_read=True)
        return _counted(row.kind for row in rows)

    def withdraw(self, alert: str) -> int:
        left = [row for row in self._tips.query(alert, _TipRow.sk.between(*_TIMES)) if row.reply != WITHDRAWN]
        gone: list[Action] = [getattr(_TipRow, name).remove() for name in _PERSONAL]
        for row in left:  # whole, also what was noted since it was read
            row.update([_TipRow.reply.set(WITHDRAWN), _TipRow.contact_me.set(False), *gone])
        for link in self._links.query(alert, _LinkRow.sk.startswith("link#")):
            link.delete()
        return len(left)


def _written(tip: Tip) -> dict[str, Any]:
    return {
        "reply": tip.reply,
        "kind": tip.kind.value,
        "text": tip.text,
        "lon": tip.place.lon if tip.place else None,
        "lat": tip.place.lat if tip.place else None,
        "seen_at": rfc3339(tip.seen_at) if tip.seen_at else None,
        "contact_me": tip.contact_me,
        "language": tip.language.value,
        "photos_due": tip.photos_due or None,
        "photos": set(tip.photos) or None,
        "status": tip.status.value,
        "note": tip.note,
        "triaged_by": tip.triaged_by,
        "triaged_at": rfc3339(tip.triaged_at) if tip.triaged_at else None,
    }


def _read(row: _TipRow) -> Tip:
    at, tip = row.sk.split("#")
    return Tip(
        id=tip,
        alert=row.alert,
        reply=row.reply,
        kind=TipKind(row.kind),
        at=parse_rfc3339(at),
        text=row.text,
        place=Point(float(row.lon), float(row.lat)) if row.lon is not None and row.lat is not None else None,
        seen_at=parse_rfc3339(row.seen_at) if row.seen_at else None,
        contact_me=row.contact_me,
        language=Language(row.language),
        photos_due=int(row.photos_due or 0),
        photos=tuple(sorted(map(int, row.photos or ()))),
        status=TipStatus(row.status),
        note=row.note,
        triaged_by=row.triaged_by,
        triaged_at=parse_rfc3339(row.triaged_at) if row.triaged_at else None,
    )


def _counted(kinds: Iterable[str]) -> dict[TipKind, int]:
    tally = Counter(kinds)
    return {kind: tally[kind] for kind in TipKind}


@dataclass
class MemoryTipStore:
    """The twin. ``links``: (alert, reference) -> tips that came by it."""

    tips: dict[tuple[str, str], Tip] = field(default_factory=dict)
    links: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, tip: Tip, limit: int) -> None:
        if self.links[tip.alert, tip.reply] >= limit:
            raise _too_many()
        self.links[tip.alert, tip.reply] += 1
        self.tips[tip.alert, tip.id] = tip

    def page(self, alert: str, *, after: str | None, limit: int, newest: bool = False) -> list[Tip]:
        behind = sorted(key for key in self.tips if key[0] == alert and key[1] > (after or ""))
        return [self.tips[key] for key in (behind[-limit:] if newest else behind[:limit])]

    def get(self, alert: str, tip: str) -> Tip:
        if (alert, tip) not in self.tips:
            raise tip_not_found()
        return self.tips[alert, tip]

    def add_photo(self, tip: Tip, number: int) -> None:
        stands = self.get(tip.alert, tip.id)
        if stands.reply != tip.reply:
            raise tip_not_found()
        photos = tuple(sorted({*stands.photos, number}))
        self.tips[tip.alert, tip.id] = replace(stands, photos=photos)

    def triage(self, alert: str, tip: str, triage: Triage) -> Tip:
        before = self.get(alert, tip)
        if before.reply == WITHDRAWN:
            raise tip_not_found()
        note = before.note if triage.note is None else triage.note
        after = replace(before, status=triage.status, note=note, triaged_by=triage.by, triaged_at=triage.at)
        self.tips[alert, tip] = after
        return after

    def came_since(self, alert: str, moment: datetime) -> bool:
        return any(
            tip.at >= moment and matters(tip.kind, tip.status) for (of, _), tip in self.tips.items() if of == alert
        )

    def count(self, alert: str) -> dict[TipKind, int]:
        return _counted(tip.kind for (of, _), tip in self.tips.items() if of == alert)

    def withdraw(self, alert: str) -> int:
        left = [key for key, tip in self.tips.items() if key[0] == alert and tip.reply != WITHDRAWN]
        for key in left:
            without = replace(self.tips[key], text=None, place=None, seen_at=None, photos_due=0, photos=(), note=None)
            self.tips[key] = replace(without, reply=WITHDRAWN, contact_me=False)
        self.links = Counter({key: tips for key, tips in self.links.items() if key[0] != alert})
        return len(left)
