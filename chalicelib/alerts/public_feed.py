"""What anybody may know of alerts that are marked public: while they run what was asked, afterwards that they ended.

An exercise is never among them, nor anything of who was asked, who answered or who decided. Descriptions go with the
end of an alert: what is read here is passed on, and must not outlive what it was for.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.alerts.cap import MsgType, Status
from chalicelib.alerts.content import MAX_LIFE
from chalicelib.alerts.listing import Summary, since
from chalicelib.alerts.model import Alert
from chalicelib.alerts.phrases import PHRASES
from chalicelib.alerts.rendering import descriptions
from chalicelib.alerts.states import State
from chalicelib.alerts.store import AlertStore
from chalicelib.alerts.text import Language, Text
from chalicelib.alerts.withdrawal import ABANDONED
from chalicelib.alerts.wording import outcome, sentence
from chalicelib.areas.model import Shape, shape_from_json
from chalicelib.platform.clock import Clock
from chalicelib.platform.errors import NotFound

LISTED = timedelta(hours=24)  # after its end: whoever polls once a day hears of it
LOOKED_BACK = ABANDONED + MAX_LIFE + LISTED  # a draft may wait for long


@dataclass(frozen=True)
class Message:
    """The newest of an alert, as CAP 1.2 has it. ``identifier``: of this message; ``before``: those that it replaces.

    ``area``, ``description`` and ``instruction`` are None once it is over: a circle may have somebody's home in its
    middle.
    """

    alert: Alert
    identifier: str
    sent: datetime
    msg_type: MsgType
    before: tuple[tuple[str, datetime], ...]
    headline: Text
    area: Shape | None
    description: Text | None
    instruction: Text | None


@dataclass(frozen=True)
class PublicFeed:
    alerts: AlertStore
    clock: Clock

    def messages(self) -> Sequence[Message]:
        """One of each alert that runs or has just ended, the newest first."""
        now = self.clock.now()
        found = (self.alerts.get(it.id) for it in since(self.alerts, now - LOOKED_BACK) if _may_be_listed(it, now))
        listed = [message_of(alert, now) for alert in found if is_listed(alert, now)]
        return sorted(listed, key=lambda message: message.sent, reverse=True)

    def message(self, alert_id: str) -> Message:
        """Raises ``NotFound``, also for one that is not public."""
        now, alert = self.clock.now(), self.alerts.get(alert_id)
        if not is_listed(alert, now):
            raise NotFound("alert_not_found", "There is no such alert.")
        return message_of(alert, now)


def over_at(alert: Alert, now: datetime) -> datetime | None:
    """When nobody was to look out any more; None while somebody is."""
    ends = [it for it in (alert.stopped_at, alert.closed_at, alert.expires) if it and it <= now]
    return min(ends, default=None)


def is_listed(alert: Alert, now: datetime) -> bool:
    if not alert.content.is_public or alert.activated_at is None or alert.state not in (State.ACTIVE, State.CLOSED):
        return False
    return now < (over_at(alert, now) or now) + LISTED


def _may_be_listed(found: Summary, now: datetime) -> bool:
    """As far as a row of the list tells."""
    if found.status is not Status.ACTUAL or found.state not in (State.ACTIVE, State.CLOSED):
        return False
    return now < min(found.ended_at or found.expires, found.expires) + LISTED


def message_of(alert: Alert, now: datetime) -> Message:
    """``alert``: one that is listed."""
    assert alert.activated_at is not None
    sent = [(alert.id, alert.activated_at)]
    sent += [(f"{alert.id}-update-{number}", update.at) for number, update in enumerate(alert.updates, 1)]
    ends = [(f"{alert.id}-{what}", at) for what, at in _ends(alert, now)]
    *before, (identifier, at) = sent + ends
    if ends:
        return Message(alert, identifier, at, MsgType.CANCEL, tuple(before), _over(alert), None, None, None)
    kind = MsgType.UPDATE if before else MsgType.ALERT
    content, area = alert.content, shape_from_json(alert.shape)
    said = content.headline, area, _description(alert), content.instruction
    return Message(alert, identifier, at, kind, tuple(before), *said)


def _ends(alert: Alert, now: datetime) -> Iterator[tuple[str, datetime]]:
    """That nobody need look out any more, how it ended, and how it really did, where that was known later."""
    over = over_at(alert, now)
    if over and over != alert.closed_at:
        yield "over", over
    if alert.closed_at:
        yield "closed", alert.closed_at
    if alert.outcome_at:
        yield "outcome", alert.outcome_at


def _over(alert: Alert) -> Text:
    """Our own sentences, and nothing of what was said of anybody."""
    nl, en = (" ".join(_ended(alert, language)) for language in Language)
    return Text(nl, en)


def _ended(alert: Alert, language: Language) -> Iterator[str]:
    if alert.state is State.CLOSED:
        yield from outcome(alert, language)
    else:
        yield f"{PHRASES[language].ended[alert.kind]}."


def _description(alert: Alert) -> Text:
    nl = " ".join(_told(alert, Language.NL))
    return Text(nl, " ".join(_told(alert, Language.EN)) if alert.content.headline.en else None)


def _told(alert: Alert, language: Language) -> Iterator[str]:
    """The newest update first: it comes before the rest, as in every message."""
    content, phrases = alert.content, PHRASES[language]
    if alert.updates:
        news = alert.updates[-1]
        yield sentence(f"{phrases.update[news.type]}: {news.text.read_in(language)}")
    yield sentence(content.description.read_in(language))
    if lines := descriptions(content, language):
        yield sentence(f"{phrases.description}: {'; '.join(lines)}")
