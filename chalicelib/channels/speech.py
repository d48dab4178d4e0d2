"""Words for the ear: text becomes SSML in which numbers and number plates are said so that they are understood.

Only elements that every Amazon Polly voice knows: ``speak``, ``p``, ``break``, ``lang``, ``say-as``.
"""

import re
from collections.abc import Iterator, Mapping
from xml.sax.saxutils import escape

MAX_SSML = 6_000  # AWS End User Messaging, SendVoiceMessage: MessageBody with its elements
MAX_SPOKEN = 3_000  # Amazon Polly: characters that are said

PAUSE = '<break time="400ms"/>'
LONG_PAUSE = '<break time="1s"/>'
LOCALES: Mapping[str, str] = {"nl": "nl-NL", "en": "en-GB"}

_DUTCH = (
    "Anton Bernard Cornelis Dirk Eduard Ferdinand Gerard Hendrik Izaak Johan Karel Lodewijk Maria Nico Otto Pieter "
    "Quotient Rudolf Simon Teunis Utrecht Victor Willem Xantippe Ypsilon Zaandam"
)
_ENGLISH = (
    "Alfa Bravo Charlie Delta Echo Foxtrot Golf Hotel India Juliett Kilo Lima Mike November Oscar Papa "
    "Quebec Romeo Sierra Tango Uniform Victor Whiskey X-ray Yankee Zulu"
)
_ALPHABETS = {
    language: {name[0]: name for name in names.split()} for language, names in (("nl", _DUTCH), ("en", _ENGLISH))
}
_AS_IN = {"nl": "{letter} van {name}", "en": "{letter} for {name}"}
_TO = {"nl": "tot", "en": "to"}
_CENTIMETRES = {"nl": "centimeter", "en": "centimetres"}

# A length and a range, as our own descriptions write them. A plate: three groups of letters and digits, in capitals. A
# phone number: of an emergency line, or 7 digits and more that begin with 0 or +, unless they are a date.
_HARD = re.compile(
    r"(?P<length>\b\d+ cm\b)"
    r"|(?P<plate>\b(?=[A-Z0-9-]*[A-Z])(?=[A-Z0-9-]*\d)[A-Z0-9]{1,3}-[A-Z0-9]{1,3}-[A-Z0-9]{1,3}\b)"
    r"|(?P<phone>(?<![\w+-])(?:11[236]|144|(?!\d\d-\d\d-\d{4})(?:\+\d|0\d)(?:[ -]?\d){5,})(?![\w-]))"
    r"|(?P<range>(?<![\w-])\d{1,4}-\d{1,4}(?![\w-]))"
)


def said(text: str, language: str) -> str:
    """SSML of a text; everything in it that is hard to hear said slowly. ``language``: ``nl`` or ``en``."""
    return "".join(_pieces(" ".join(text.split()), language))


def phone(number: str) -> str:
    """SSML: digit by digit, with a pause between the groups in which it is written."""
    groups = re.findall(r"\d+", number)
    return PAUSE.join(f'<say-as interpret-as="digits">{group}</say-as>' for group in groups)


def plate(text: str, language: str) -> str:
    """SSML of a number plate: each letter with a name that begins with it, so that B and D are not mixed up."""
    groups = re.findall(r"[A-Z0-9]+", text.upper())
    return PAUSE.join(", ".join(_character(character, language) for character in group) for group in groups)


def foreign(ssml: str, language: str) -> str:
    """Words of another language than the voice's."""
    return f'<lang xml:lang="{LOCALES[language]}">{ssml}</lang>'


def document(*paragraphs: str) -> str:
    """A whole SSML document. A pause comes first: who picks up is still lifting the receiver to the ear."""
    return f"<speak>{LONG_PAUSE}{''.join(f'<p>{paragraph}</p>' for paragraph in paragraphs)}</speak>"


def as_text(ssml: str) -> str:
    """What is said, to read: without elements."""
    text = re.sub(r"<break[^>]*/>|</p>", " ", ssml)
    plain = re.sub(r"<[^>]+>", "", text).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return " ".join(plain.split())


def too_long(ssml: str) -> bool:
    """Whether the provider would refuse to say it."""
    return len(ssml) > MAX_SSML or len(as_text(ssml)) > MAX_SPOKEN


def _pieces(text: str, language: str) -> Iterator[str]:
    end = 0
    for found in _HARD.finditer(text):
        yield escape(text[end : found.start()])
        end = found.end()
        yield _hard(str(found.lastgroup), found[0], language)
    yield escape(text[end:])


def _hard(kind: str, text: str, language: str) -> str:
    if kind == "plate":
        return plate(text, language)
    if kind == "phone":
        return phone(text)
    if kind == "range":
        low, high = text.split("-")
        return f"{low} {_TO[language]} {high}"
    return f"{text.removesuffix(' cm')} {_CENTIMETRES[language]}"


def _character(character: str, language: str) -> str:
    if character.isdigit():
        return character
    return _AS_IN[language].format(letter=character, name=_ALPHABETS[language][character])
