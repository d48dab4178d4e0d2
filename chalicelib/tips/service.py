"""Decides what a reply link shows, which tips are taken, and how the control room works through them."""

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from chalicelib.alerts.jurisdiction import Jurisdiction
from chalicelib.alerts.model import Alert
from chalicelib.alerts.reply import PURPOSE, ReplyRef, read_reference, reply_reference
from chalicelib.alerts.states import State
from chalicelib.alerts.text import Language
from chalicelib.areas.geodesy import distance_m
from chalicelib.areas.geometry import Bounds
from chalicelib.areas.model import Point
from chalicelib.platform.clock import Clock
from chalicelib.platform.crowd import Crowd, Flood
from chalicelib.platform.errors import Gone, InvalidInput, NotFound
from chalicelib.platform.ids import random_id
from chalicelib.platform.tokens import LinkSigner
from chalicelib.staff.model import StaffMember
from chalicelib.tips.model import CHANCE_CHARACTERS, Tip, TipKind, TipStatus, Triage, tip_id
from chalicelib.tips.store import TipStore

TIPS_PER_LINK = 20
# A flood of inventions hides the one that is true; each link has a limit of its own besides.
FLOOD = Flood(
    "tip", "TipsRefused", "too_many_tips_at_once", "Many tips came from here just now. Call the police instead."
)
LINK_KEPT = timedelta(days=30)  # after the end of its alert: who opens an old mail reads how it ended
CLOCK_ERROR = timedelta(minutes=5)
OLDEST_SIGHTING = timedelta(days=7)
# Tips are written by many functions at once: one that is this old has no earlier one still under way.
SETTLED = timedelta(seconds=30)
HIDDEN = {"Cc", "Cf", "Cs"}  # Unicode: control, format, surrogate
KEPT = "\n\u200d"  # line breaks, and the joiner of emoji


class AlertReader(Protocol):
    """What tips need of alerts; ``AlertStore`` and ``AlertService`` are both one."""

    def get(self, alert_id: str, /) -> Alert:
        """Raises ``NotFound``."""
        ...


@dataclass(frozen=True, kw_only=True)
class Sighting:
    """What somebody sends by a reply link. ``photos``: how many will follow."""

    kind: TipKind
    text: str | None
    place: Point | None
    seen_at: datetime | None
    contact_me: bool
    language: Language
    photos: int = 0


@dataclass(frozen=True)
class TriagedTip:
    """``distance_m``: from the incident, None where either place is unknown."""

    tip: Tip
    distance_m: int | None


@dataclass(frozen=True)
class TipPage:
    """``cursor``: give it as ``after`` next time. It stays behind tips of the last 30 s, which then come again."""

    tips: Sequence[TriagedTip]
    cursor: str | None
    live: bool


@dataclass(frozen=True)
class TipService:
    """``bounds``: west, south, east, north: where a sighting may lie."""

    store: TipStore
    alerts: AlertReader
    signer: LinkSigner
    clock: Clock
    bounds: Bounds
    jurisdiction: Jurisdiction
    crowd: Crowd
    chance: Callable[[int], str] = random_id

    def asked(self, token: str) -> Alert:
        """The alert of a reply link: active, or closed with an outcome. Changes nothing.

        Raises:
            NotFound: ``link_not_valid``.
            Gone: ``alert_cancelled``, ``link_expired``.
        """
        return self.of_link(token)[0]

    def give(self, token: str, sighting: Sighting, address: str) -> Tip:
        """Take a tip. ``address``: of whoever sent it.

        Raises:
            NotFound: ``link_not_valid``.
            Gone: ``alert_closed``, ``alert_cancelled``, ``link_expired``.
            InvalidInput: ``text_missing``, ``outside_bounds``, ``seen_in_future``, ``seen_too_long_ago``.
            TooManyRequests: ``too_many_tips``, ``too_many_tips_at_once``.
        """
        alert, ref = self.of_link(token)
        if alert.state is State.CLOSED:
            raise Gone("alert_closed", "This alert has ended. Call the police with what you know.")
        now = self._now()
        text = readable(sighting.text)
        self._check(sighting, text, now)
        self.crowd.admit(address, alert.id)
        tip = Tip(
            id=tip_id(now, self.chance(CHANCE_CHARACTERS)),
            alert=alert.id,
            reply=reply_reference(ref),
            kind=sighting.kind,
            at=now,
            text=text,
            place=sighting.place,
            seen_at=sighting.seen_at,
            contact_me=sighting.contact_me,
            language=sighting.language,
            photos_due=sighting.photos,
        )
        self.store.add(tip, TIPS_PER_LINK)
        return tip

    def page(
        self, alert_id: str, member: StaffMember, *, after: str | None, limit: int, newest: bool = False
    ) -> TipPage:
        """Oldest first. ``newest``: the last there are, not the first; the cursor then leads to what is newer still.

        Raises ``NotFound``, or ``Forbidden`` other_control_room, no_areas.
        """
        alert = self.own_alert(alert_id, member)
        tips = self.store.page(alert_id, after=after, limit=limit, newest=newest)
        settled = [tip.id for tip in tips if tip.at <= self.clock.now() - SETTLED]
        return TipPage(
            tips=[_seen_from(alert, tip) for tip in tips],
            cursor=settled[-1] if settled else after,
            live=alert.state is State.ACTIVE,
        )

    def triage(self, alert_id: str, tip: str, status: TipStatus, note: str | None, member: StaffMember) -> TriagedTip:
        """Say what became of a tip. ``note``: None leaves the one that stands.

        Raises as ``page``, and ``Gone`` ``tips_withdrawn``: a note now would stay for ever.
        """
        alert = self.own_alert(alert_id, member)
        if alert.tips_withdrawn_at:
            raise Gone("tips_withdrawn", "What these tips said was removed; nothing can be noted on them any more.")
        triage = Triage(status, readable(note), member.user, self._now())
        return _seen_from(alert, self.store.triage(alert_id, tip, triage))

    def own_alert(self, alert_id: str, member: StaffMember) -> Alert:
        """One whose tips the member works through. Raises as ``page``."""
        alert = self.alerts.get(alert_id)
        self.jurisdiction.check_acts(member, alert)
        self.jurisdiction.check_any(member)
        return alert

    def of_link(self, token: str) -> tuple[Alert, ReplyRef]:
        """The alert of a reply link, and whose link it is. Raises as ``asked``."""
        ref = read_reference(self.signer.read(PURPOSE, token))
        alert = self.alerts.get(ref.alert)
        if alert.state is State.CANCELLED:
            raise Gone("alert_cancelled", "This alert was withdrawn.")
        if alert.state not in (State.ACTIVE, State.CLOSED):
            # No message of it has gone out, so nobody can have this link from us.
            raise NotFound("link_not_valid", "This link is not valid.")
        if self.clock.now() > max(alert.expires, alert.closed_at or alert.expires) + LINK_KEPT:
            raise Gone("link_expired", "This link is too old.")
        return alert, ref

    def _check(self, sighting: Sighting, text: str | None, now: datetime) -> None:
        if sighting.kind is not TipKind.NOT_SEEN and not text and not sighting.place and not sighting.photos:
            raise InvalidInput.of("text", "text_missing", "Say what you saw, or where.")
        if sighting.place and not _within(self.bounds, sighting.place):
            raise InvalidInput.of("place", "outside_bounds", "This place is too far away; lon comes before lat.")
        if sighting.seen_at and sighting.seen_at > now + CLOCK_ERROR:
            raise InvalidInput.of("seen_at", "seen_in_future", "This moment is yet to come.")
        if sighting.seen_at and sighting.seen_at < now - OLDEST_SIGHTING:
            raise InvalidInput.of("seen_at", "seen_too_long_ago", f"At most {OLDEST_SIGHTING.days} days ago.")

    def _now(self) -> datetime:
        """As fine as stored times show."""
        now = self.clock.now()
        return now.replace(microsecond=now.microsecond // 1000 * 1000)


def readable(text: str | None) -> str | None:
    """Without control characters and marks that reorder or hide text; None where nothing is left."""
    if text is None:
        return None
    lines = unicodedata.normalize("NFC", text.replace("\r\n", "\n"))
    kept = (character for character in lines if character in KEPT or unicodedata.category(character) not in HIDDEN)
    return "".join(kept).strip() or None


def _within(bounds: Bounds, place: Point) -> bool:
    west, south, east, north = bounds
    return west <= place.lon <= east and south <= place.lat <= north


def _seen_from(alert: Alert, tip: Tip) -> TriagedTip:
    incident = alert.incident_point
    return TriagedTip(tip, round(distance_m(*incident, *tip.place)) if incident and tip.place else None)
