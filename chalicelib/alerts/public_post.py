"""What everybody reads on a social network: one post for an alert, short enough for where it stands.

In Dutch, and what matters most in English where somebody wrote that. What does not fit is cut from the description.
"""

import re
from collections.abc import Sequence

from chalicelib.alerts.content import Content
from chalicelib.alerts.late_outcome import before_it_was_known
from chalicelib.alerts.messages import LATE_OUTCOME, MessageKind, Update, kind_of, update_number
from chalicelib.alerts.model import Alert
from chalicelib.alerts.phrases import PHRASES
from chalicelib.alerts.rendering import descriptions
from chalicelib.alerts.text import Language
from chalicelib.alerts.wording import outcome, sentence
from chalicelib.channels.social import Room
from chalicelib.platform.clock import AMSTERDAM

LANGUAGE = Language.NL  # what a post is marked as
MORE = " …"
ENGLISH = "\n\nEN: "
WHEN = "%d-%m %H:%M"
MARK = 4  # letters: of two calls with the same words in one minute, one pair in a million has the same
LEAST = 40  # characters of a description that are worth having


def post(alert: Alert, says: str, where: str, room: Room) -> str:
    """``says``: ``call``, ``call-2`` (the call as update 2 changed it), ``update-2``, ``outcome``, ``outcome-late``."""
    if says.startswith(f"{MessageKind.CALL}-"):
        return _call(alert, alert.updates[int(says.partition("-")[2]) - 1], where, room)
    match kind_of(says):
        case MessageKind.CALL:
            return _call(alert, None, where, room)
        case MessageKind.UPDATE:
            return _update(alert, alert.updates[update_number(says) - 1], where, room)
        case MessageKind.OUTCOME:
            return _outcome(alert if says == LATE_OUTCOME else before_it_was_known(alert), where, room)


def _call(alert: Alert, news: Update | None, where: str, room: Room) -> str:
    content = alert.content
    lines = descriptions(content, LANGUAGE)
    told = f"{PHRASES[LANGUAGE].description}: {'; '.join(lines)}" if lines else content.description.nl
    body = " ".join(filter(None, (_news(news), sentence(told))))
    do, number, english = _instruction(content), _number(content, LANGUAGE), _english(content)
    return _fitted(_lead(alert, where), body, (do + english, do, number + english, number), room)


def _update(alert: Alert, news: Update, where: str, room: Room) -> str:
    return _fitted(_lead(alert, where), _news(news), (_number(alert.content, LANGUAGE),), room)


def _outcome(alert: Alert, where: str, room: Room) -> str:
    """Our own sentences alone: whoever was looked for is nobody's business any more."""
    ended = {language: " ".join(outcome(alert, language)) for language in Language}
    english = f"{ENGLISH}{ended[Language.EN]}" if alert.content.headline.en else ""
    lead = f"{_prefix(alert, where)}:" if alert.content.describes_somebody else _lead(alert, where)
    said = f"{ended[LANGUAGE]} {PHRASES[LANGUAGE].thanks}"
    return _fitted(lead, "", (said + english, said), room)


def _prefix(alert: Alert, where: str) -> str:
    """With the time of the call: a post is passed on for days. And with letters of the alert's own, so that no other
    has the same words: X refuses what it has read before, and a post that may stand is looked for by its words.
    """
    began = (alert.activated_at or alert.changed_at).astimezone(AMSTERDAM)
    mark = f"({alert.id[-MARK:]})"
    return " ".join(filter(None, (PHRASES[LANGUAGE].prefix[alert.status], began.strftime(WHEN), where, mark)))


def _lead(alert: Alert, where: str) -> str:
    return f"{_prefix(alert, where)}: {sentence(alert.content.headline.nl)}"


def _news(news: Update | None) -> str:
    return sentence(f"{PHRASES[LANGUAGE].update[news.type]}: {news.text.nl}") if news else ""


def _instruction(content: Content) -> str:
    """What to do, with a number to call in it."""
    said = sentence(content.instruction.nl)
    return said if re.search(r"\d{3}", said) else f"{said} {_number(content, LANGUAGE)}"


def _number(content: Content, language: Language) -> str:
    return PHRASES[language].call.format(number=content.call_number)


def _english(content: Content) -> str:
    if content.headline.en is None:
        return ""
    return f"{ENGLISH}{sentence(content.headline.en)} {_number(content, Language.EN)}"


def _fitted(lead: str, body: str, ends: Sequence[str], room: Room) -> str:
    """With the first of the ``ends`` that leaves room for some of the body; the body is cut at a word, and says so."""
    for end in ends:
        if room.holds(_joined(lead, body[:LEAST], end)):
            return _joined(lead, _cut(body, _joined(lead, "", end), room), end)
    return _joined(_cut(lead, ends[-1], room), "", ends[-1])


def _cut(text: str, beside: str, room: Room) -> str:
    """As much of the text as stands beside the rest."""
    if room.holds(f"{text} {beside}"):
        return text
    words = text[: room.most].split()
    while words and not room.holds(f"{' '.join(words)}{MORE} {beside}"):
        words.pop()
    return f"{' '.join(words)}{MORE}" if words else ""


def _joined(*parts: str) -> str:
    return " ".join(filter(None, parts))
