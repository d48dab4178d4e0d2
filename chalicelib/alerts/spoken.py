"""What a participant hears: who calls, what is the matter, all of it again, and the number to call."""

from collections.abc import Iterable, Iterator

from chalicelib.alerts.messages import MessageKind, Update, kind_of, update_number
from chalicelib.alerts.model import Alert
from chalicelib.alerts.phrases import PHRASES
from chalicelib.alerts.rendering import descriptions
from chalicelib.alerts.spoken_phrases import SPOKEN
from chalicelib.alerts.text import Language, Text
from chalicelib.alerts.wording import outcome, sentence
from chalicelib.channels import speech


def voice(alert: Alert, message: str, language: Language, *, before: Iterable[str] = ()) -> str:
    """SSML of one call. It begins by saying whether it is meant, and ends with the number to call, said twice.

    ``before``: paragraphs, in SSML, that come first of all.
    """
    phrases, kind = SPOKEN[language], kind_of(message)
    body = " ".join(_said(alert, message, language))
    number = speech.phone(alert.content.call_number)
    ask = phrases.more if kind is MessageKind.OUTCOME else phrases.ask
    return speech.document(
        *before,
        phrases.greeting[alert.status],
        body,
        phrases.again,
        body,
        f"{ask.format(number=number)} {phrases.number_again.format(number=number)}",
    )


def around(alert: Alert, language: Language) -> tuple[str, str]:
    """SSML of what is said before and after a dispatcher's own recording of a call."""
    phrases, number = SPOKEN[language], speech.phone(alert.content.call_number)
    after = f"{phrases.ask.format(number=number)} {phrases.number_again.format(number=number)}"
    return speech.document(phrases.greeting[alert.status]), speech.document(after)


def _said(alert: Alert, message: str, language: Language) -> Iterator[str]:
    match kind_of(message):
        case MessageKind.CALL:
            return _call(alert, language)
        case MessageKind.UPDATE:
            return _update(alert, alert.updates[update_number(message) - 1], language)
        case MessageKind.OUTCOME:
            return _outcome(alert, language)


def _call(alert: Alert, language: Language) -> Iterator[str]:
    """Who is asked after an update hears it at once."""
    content, phrases = alert.content, PHRASES[language]
    yield _written(content.headline, language)
    if alert.updates:
        yield from _news(alert.updates[-1], language)
    if lines := descriptions(content, language):
        yield _own(f"{phrases.description}:", language)
        yield from (_own(sentence(line), language) for line in lines)
    else:
        yield _written(content.description, language)
    yield _written(content.instruction, language)


def _update(alert: Alert, update: Update, language: Language) -> Iterator[str]:
    yield _written(alert.content.headline, language)
    yield from _news(update, language)


def _news(update: Update, language: Language) -> Iterator[str]:
    yield _own(f"{PHRASES[language].update[update.type]}:", language)
    yield _written(update.text, language)


def _outcome(alert: Alert, language: Language) -> Iterator[str]:
    yield _own(f"{PHRASES[language].outcome}:", language)
    yield _written(alert.content.headline, language)
    yield from (_own(text, language) for text in outcome(alert, language))
    if alert.outcome_text:
        yield _written(alert.outcome_text, language)
    yield _own(PHRASES[language].thanks, language)


def _own(text: str, language: Language) -> str:
    return speech.said(text, language)


def _written(text: Text, wanted: Language) -> str:
    """What a person wrote, in a Dutch voice's Dutch where there is no English."""
    language = text.language(wanted)
    ssml = speech.said(sentence(text.read_in(wanted)), language)
    return ssml if language is wanted else speech.foreign(ssml, language)
