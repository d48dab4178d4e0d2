"""What a participant reads, per channel and language. Every text begins by saying whether it is meant."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from chalicelib.alerts import email_layout
from chalicelib.alerts.content import Content, Kind
from chalicelib.alerts.email_layout import Block, Heading, Items, Link, Paragraph
from chalicelib.alerts.messages import MessageKind, Update, kind_of, update_number
from chalicelib.alerts.model import Alert
from chalicelib.alerts.outcome import Contribution, Result
from chalicelib.alerts.phrases import PHRASES
from chalicelib.alerts.rendering import descriptions
from chalicelib.alerts.text import Language, Text
from chalicelib.platform.clock import AMSTERDAM

# What word processors put in place of a plain sign; any of these would turn the whole SMS into UCS-2.
_PLAIN_SIGNS = str.maketrans(
    {
        "‘": "'",
        "’": "'",
        "‚": "'",
        "‛": "'",
        "´": "'",
        "`": "'",
        "“": '"',
        "”": '"',
        "„": '"',
        "‟": '"',
        "«": '"',
        "»": '"',
        "‐": "-",
        "‑": "-",
        "‒": "-",
        "–": "-",
        "—": "-",
        "−": "-",
        "•": "-",
        "…": "...",
    }
)

AREA, PHOTO = "gebied", "foto"  # where on the reply page they are shown


@dataclass(frozen=True)
class Email:
    subject: str
    text: str
    html: str


def sms(alert: Alert, message: str, language: Language, reply_url: str) -> str:
    """The text of one SMS: prefix first, reply link last. ``sms_parts.count`` says what it takes."""
    phrases, kind = PHRASES[language], kind_of(message)
    said = _SMS[kind](alert, message, language)
    lead = " ".join(filter(None, (phrases.prefix[alert.status], _in_dutch(alert, message, language))))
    call = phrases.reply_and_photo if alert.content.photo and kind is MessageKind.CALL else phrases.reply
    ask = phrases.more if kind is MessageKind.OUTCOME else call
    return f"{lead}: {_plain(' '.join(said))} {ask} {reply_url}"


def email(
    alert: Alert,
    message: str,
    language: Language,
    reply_url: str,
    manage_url: str,
    *,
    before: Iterable[Block] = (),
) -> Email:
    """``reply_url`` and ``manage_url`` may be placeholders like ``{{reply}}``; nothing else in it is one.

    ``before``: comes first of all.
    """
    phrases = PHRASES[language]
    match kind_of(message):
        case MessageKind.CALL:
            middle = _call_blocks(alert, language, reply_url)
        case MessageKind.UPDATE:
            middle = _update_blocks(alert, _update(alert, message), language, reply_url)
        case MessageKind.OUTCOME:
            middle = _outcome_blocks(alert, language, reply_url)
    line = subject(alert, message, language)
    blocks = [
        *before,
        *_warnings(alert, message, language),
        *middle,
        Paragraph(phrases.why, language),
        Link(phrases.manage, manage_url),
    ]
    return Email(line, email_layout.as_text(blocks), email_layout.as_html(blocks, line, language))


def subject(alert: Alert, message: str, language: Language) -> str:
    """What it is about, in one line: of a mail, and the title of a push message."""
    phrases = PHRASES[language]
    headline = _one_line(alert.content.headline.read_in(language))
    match kind_of(message):
        case MessageKind.CALL:
            topic = phrases.subject[alert.kind].format(headline=headline)
        case MessageKind.UPDATE:
            topic = f"{phrases.update[_update(alert, message).type]}: {headline}"
        case MessageKind.OUTCOME:
            topic = f"{phrases.outcome}: {headline}"
    return f"{phrases.prefix[alert.status]}: {email_layout.no_placeholder(topic)}"


def push(alert: Alert, message: str, language: Language) -> list[str]:
    """The lines of a push message, below its title: without a link, for it is one."""
    kind, content, phrases = kind_of(message), alert.content, PHRASES[language]
    lines = [phrases.not_meant.get(alert.status, "")]
    lines.append(phrases.dutch_only if _in_dutch(alert, message, language) else "")
    if kind is MessageKind.OUTCOME:
        lines += outcome(alert, language)
        lines.append(sentence(alert.outcome_text.read_in(language)) if alert.outcome_text else "")
        lines.append(phrases.thanks)
    else:
        if kind is MessageKind.UPDATE:
            lines.append(sentence(_update(alert, message).text.read_in(language)))
        elif alert.updates:
            lines.append(_news(alert.updates[-1], language))
        lines += _details(content, language)
    return list(filter(None, lines))


def _update(alert: Alert, message: str) -> Update:
    return alert.updates[update_number(message) - 1]


def _call_sms(alert: Alert, _: str, language: Language) -> Iterator[str]:
    """Who is asked after an update hears it at once."""
    content = alert.content
    yield sentence(content.headline.read_in(language))
    if alert.updates:
        yield _news(alert.updates[-1], language)
    yield from _details(content, language)


def _details(content: Content, language: Language) -> Iterator[str]:
    phrases, lines = PHRASES[language], descriptions(content, language)
    if lines:
        yield sentence(f"{phrases.description}: {'; '.join(lines)}")
    else:
        yield sentence(content.description.read_in(language))
    instruction = content.instruction.read_in(language)
    yield sentence(instruction)
    if not re.search(r"\d{3}", instruction):
        yield phrases.call.format(number=content.call_number)


def _update_sms(alert: Alert, message: str, language: Language) -> Iterator[str]:
    update = _update(alert, message)
    yield f"{PHRASES[language].update[update.type]} {sentence(alert.content.headline.read_in(language))}"
    yield sentence(update.text.read_in(language))


def _news(update: Update, language: Language) -> str:
    return sentence(f"{PHRASES[language].update[update.type]}: {update.text.read_in(language)}")


def _outcome_sms(alert: Alert, _: str, language: Language) -> Iterator[str]:
    yield f"{PHRASES[language].outcome} {sentence(alert.content.headline.read_in(language))}"
    yield from outcome(alert, language)
    if alert.outcome_text:
        yield sentence(alert.outcome_text.read_in(language))
    yield PHRASES[language].thanks


def outcome(alert: Alert, language: Language) -> Iterator[str]:
    """Our own sentences on how it ended."""
    phrases = PHRASES[language]
    result, contribution = alert.result or Result.NONE, alert.contribution or Contribution.NONE
    if alert.kind is Kind.PREVENTION:  # it looked for nothing, so it cannot have failed to find it
        yield f"{phrases.ended[alert.kind]}."
        return
    if alert.outcome_at:  # they read before that nobody knew
        yield phrases.known_now
    yield phrases.result[result].format(ended=phrases.ended[alert.kind])
    if helped := phrases.contribution[contribution]:
        yield phrases.tips_without_result if result is Result.NONE else helped


def _warnings(alert: Alert, message: str, language: Language) -> Iterator[Block]:
    phrases = PHRASES[language]
    if alert.status in phrases.not_meant:
        yield Paragraph(f"{phrases.prefix[alert.status]}: {phrases.not_meant[alert.status]}", language, strong=True)
    if _in_dutch(alert, message, language):
        yield Paragraph(phrases.dutch_only, language)


def _call_blocks(alert: Alert, language: Language, reply_url: str) -> Iterator[Block]:
    content, phrases = alert.content, PHRASES[language]
    yield _heading(content.headline, language)
    if alert.updates:
        yield from _news_blocks(alert.updates[-1], language)
    yield _paragraph(content.description, language)
    if content.incident_at:
        local = content.incident_at.astimezone(AMSTERDAM)
        yield Paragraph(f"{phrases.when}: {local.strftime(phrases.time)}", language)
    lines = descriptions(content, language)
    if lines:
        yield Heading(phrases.description, language)
        yield Items(tuple(map(email_layout.no_placeholder, lines)), language)
    if content.photo:
        yield Heading(phrases.photo, language)
        yield _paragraph(content.photo.alt, language)
        yield Link(phrases.look, f"{reply_url}#{PHOTO}")
    yield _paragraph(content.instruction, language, strong=True)
    yield Paragraph(phrases.asked[alert.kind], language)
    yield Link(phrases.button[alert.kind], reply_url, button=True)
    yield Link(phrases.area, f"{reply_url}#{AREA}")
    yield Paragraph(phrases.emergency.format(number=content.call_number), language)


def _news_blocks(update: Update, language: Language) -> Iterator[Block]:
    yield Heading(PHRASES[language].update[update.type], language)
    yield _paragraph(update.text, language, strong=True)


def _update_blocks(alert: Alert, update: Update, language: Language, reply_url: str) -> Iterator[Block]:
    content, phrases = alert.content, PHRASES[language]
    yield _heading(content.headline, language)
    yield from _news_blocks(update, language)
    yield Paragraph(phrases.asked[alert.kind], language)
    yield Link(phrases.button[alert.kind], reply_url, button=True)
    yield Paragraph(phrases.emergency.format(number=content.call_number), language)


def _outcome_blocks(alert: Alert, language: Language, reply_url: str) -> Iterator[Block]:
    phrases = PHRASES[language]
    yield _heading(alert.content.headline, language)
    yield Heading(phrases.outcome, language)
    yield Paragraph(" ".join(outcome(alert, language)), language, strong=True)
    if alert.outcome_text:
        yield _paragraph(alert.outcome_text, language)
    yield Paragraph(phrases.thanks, language)
    yield Link(phrases.outcome_button, reply_url, button=True)


def _heading(text: Text, language: Language) -> Heading:
    return Heading(email_layout.no_placeholder(_one_line(text.read_in(language))), text.language(language), level=1)


def _paragraph(text: Text, language: Language, *, strong: bool = False) -> Paragraph:
    return Paragraph(email_layout.no_placeholder(text.read_in(language)), text.language(language), strong)


_SMS: Mapping[MessageKind, Callable[[Alert, str, Language], Iterator[str]]] = {
    MessageKind.CALL: _call_sms,
    MessageKind.UPDATE: _update_sms,
    MessageKind.OUTCOME: _outcome_sms,
}


def _in_dutch(alert: Alert, message: str, language: Language) -> str:
    """Says to a reader of another language that what follows is Dutch."""
    texts = [alert.content.headline]
    kind = kind_of(message)
    if kind is MessageKind.OUTCOME and alert.outcome_text:
        texts.append(alert.outcome_text)
    if kind is MessageKind.UPDATE:
        texts.append(_update(alert, message).text)
    if kind is MessageKind.CALL and alert.updates:
        texts.append(alert.updates[-1].text)
    all_translated = all(text.language(language) is language for text in texts)
    return "" if all_translated else PHRASES[language].in_dutch


def _one_line(text: str) -> str:
    return " ".join(text.split())


def sentence(text: str) -> str:
    """On one line, with a mark at its end."""
    line = _one_line(text)
    return line if line.endswith((".", "!", "?", ":")) else f"{line}."


def _plain(text: str) -> str:
    """Composed letters and plain signs; a letter that GSM-7 does not have stays what it is."""
    return unicodedata.normalize("NFC", text).translate(_PLAIN_SIGNS)
