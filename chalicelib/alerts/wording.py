"""What a participant reads, per channel and language. Every text begins by saying whether it is meant."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from chalicelib.alerts import email_layout
from chalicelib.alerts.content import Kind
from chalicelib.alerts.email_layout import Block, Heading, Items, Link, Paragraph
from chalicelib.alerts.model import Alert, MessageKind
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

AREA = "gebied"  # where on the reply page the area is drawn


@dataclass(frozen=True)
class Email:
    subject: str
    text: str
    html: str


def sms(alert: Alert, message: MessageKind, language: Language, reply_url: str) -> str:
    """The text of one SMS: prefix first, reply link last. ``sms_parts.count`` says what it takes."""
    said = _call_sms(alert, language) if message is MessageKind.CALL else _outcome_sms(alert, language)
    phrases = PHRASES[language]
    lead = " ".join(filter(None, (phrases.prefix[alert.status], _in_dutch(alert, message, language))))
    ask = phrases.reply if message is MessageKind.CALL else phrases.more
    return f"{lead}: {_plain(' '.join(said))} {ask} {reply_url}"


def email(alert: Alert, message: MessageKind, language: Language, reply_url: str, manage_url: str) -> Email:
    """``reply_url`` and ``manage_url`` may be placeholders like ``{{reply}}``; nothing else in it is one."""
    phrases = PHRASES[language]
    headline = _one_line(alert.content.headline.read_in(language))
    if message is MessageKind.CALL:
        topic = phrases.subject[alert.kind].format(headline=headline)
        middle = _call_blocks(alert, language, reply_url)
    else:
        topic = f"{phrases.outcome}: {headline}"
        middle = _outcome_blocks(alert, language, reply_url)
    subject = f"{phrases.prefix[alert.status]}: {_no_placeholder(topic)}"
    blocks = [
        *_warnings(alert, message, language),
        *middle,
        Paragraph(phrases.why, language),
        Link(phrases.manage, manage_url),
    ]
    return Email(subject, email_layout.as_text(blocks), email_layout.as_html(blocks, subject, language))


def _call_sms(alert: Alert, language: Language) -> Iterator[str]:
    content, phrases = alert.content, PHRASES[language]
    yield _sentence(content.headline.read_in(language))
    lines = descriptions(content, language)
    if lines:
        yield _sentence(f"{phrases.description}: {'; '.join(lines)}")
    else:
        yield _sentence(content.description.read_in(language))
    instruction = content.instruction.read_in(language)
    yield _sentence(instruction)
    if not re.search(r"\d{3}", instruction):
        yield phrases.call.format(number=content.call_number)


def _outcome_sms(alert: Alert, language: Language) -> Iterator[str]:
    yield f"{PHRASES[language].outcome} {_sentence(alert.content.headline.read_in(language))}"
    yield from _outcome(alert, language)
    if alert.outcome_text:
        yield _sentence(alert.outcome_text.read_in(language))
    yield PHRASES[language].thanks


def _outcome(alert: Alert, language: Language) -> Iterator[str]:
    """Our own sentences on how it ended."""
    phrases = PHRASES[language]
    result, contribution = alert.result or Result.NONE, alert.contribution or Contribution.NONE
    if alert.kind is Kind.PREVENTION:  # it looked for nothing, so it cannot have failed to find it
        yield f"{phrases.ended[alert.kind]}."
        return
    yield phrases.result[result].format(ended=phrases.ended[alert.kind])
    if contribution is not Contribution.NONE:
        yield phrases.tips_without_result if result is Result.NONE else phrases.contribution[contribution]


def _warnings(alert: Alert, message: MessageKind, language: Language) -> Iterator[Block]:
    phrases = PHRASES[language]
    if alert.status in phrases.not_meant:
        yield Paragraph(f"{phrases.prefix[alert.status]}: {phrases.not_meant[alert.status]}", language, strong=True)
    if _in_dutch(alert, message, language):
        yield Paragraph(phrases.dutch_only, language)


def _call_blocks(alert: Alert, language: Language, reply_url: str) -> Iterator[Block]:
    content, phrases = alert.content, PHRASES[language]
    yield _heading(content.headline, language)
    yield _paragraph(content.description, language)
    if content.incident_at:
        local = content.incident_at.astimezone(AMSTERDAM)
        yield Paragraph(f"{phrases.when}: {local.strftime(phrases.time)}", language)
    lines = descriptions(content, language)
    if lines:
        yield Heading(phrases.description, language)
        yield Items(tuple(map(_no_placeholder, lines)), language)
    yield _paragraph(content.instruction, language, strong=True)
    yield Paragraph(phrases.asked[alert.kind], language)
    yield Link(phrases.button[alert.kind], reply_url, button=True)
    yield Link(phrases.area, f"{reply_url}#{AREA}")
    yield Paragraph(phrases.emergency.format(number=content.call_number), language)


def _outcome_blocks(alert: Alert, language: Language, reply_url: str) -> Iterator[Block]:
    phrases = PHRASES[language]
    yield _heading(alert.content.headline, language)
    yield Heading(phrases.outcome, language)
    yield Paragraph(" ".join(_outcome(alert, language)), language, strong=True)
    if alert.outcome_text:
        yield _paragraph(alert.outcome_text, language)
    yield Paragraph(phrases.thanks, language)
    yield Link(phrases.outcome_button, reply_url, button=True)


def _heading(text: Text, language: Language) -> Heading:
    return Heading(_no_placeholder(_one_line(text.read_in(language))), text.language(language), level=1)


def _paragraph(text: Text, language: Language, *, strong: bool = False) -> Paragraph:
    return Paragraph(_no_placeholder(text.read_in(language)), text.language(language), strong)


def _in_dutch(alert: Alert, message: MessageKind, language: Language) -> str:
    """Says to a reader of another language that what follows is Dutch."""
    texts = [alert.content.headline]
    if message is MessageKind.OUTCOME and alert.outcome_text:
        texts.append(alert.outcome_text)
    all_translated = all(text.language(language) is language for text in texts)
    return "" if all_translated else PHRASES[language].in_dutch


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _sentence(text: str) -> str:
    line = _one_line(text)
    return line if line.endswith((".", "!", "?", ":")) else f"{line}."


def _plain(text: str) -> str:
    """Composed letters and plain signs; a letter that GSM-7 does not have stays what it is."""
    return unicodedata.normalize("NFC", text).translate(_PLAIN_SIGNS)


def _no_placeholder(text: str) -> str:
    """Braces that a person wrote must not read as a placeholder to the e-mail provider."""
    return re.sub(r"\{(?=\{)", "{ ", text)
