"""An e-mail as a list of blocks, written once and laid out twice: plain text, and HTML for screen readers too."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from chalicelib.alerts.email_tables import Bars, Table, bars_html, bars_text, table_html, table_text
from chalicelib.alerts.text import Language
from chalicelib.channels.model import Mail


@dataclass(frozen=True)
class Heading:
    """``level`` 1 is the headline."""

    text: str
    language: Language
    level: int = 2


@dataclass(frozen=True)
class Paragraph:
    """Line breaks in ``text`` are kept."""

    text: str
    language: Language
    strong: bool = False


@dataclass(frozen=True)
class Items:
    texts: tuple[str, ...]
    language: Language


@dataclass(frozen=True)
class Link:
    label: str
    url: str
    button: bool = False


Block = Heading | Paragraph | Items | Link | Table | Bars

_BODY = "margin:0;background:#fff;color:#111;font:16px/1.5 sans-serif"
_MAIN = "max-width:36em;margin:0 auto;padding:16px"
_BUTTON = (
    "display:inline-block;padding:12px 20px;background:#003d7a;color:#fff;text-decoration:none;border-radius:4px;"
    "font-weight:bold"
)
# Only for mail programs that say that it is dark; the others show what stands in each element.
_DARK = (
    '<meta name="color-scheme" content="light dark">\n<style>@media (prefers-color-scheme:dark)'
    "{body{background:#121212!important;color:#f2f2f2!important} a{color:#9ecbff} }</style>\n"
)


def no_placeholder(text: str) -> str:
    """Braces that a person wrote must not read as a placeholder to the e-mail provider."""
    return re.sub(r"\{(?=\{)", "{ ", text)


def mail(subject: str, blocks: list[Block], language: Language = Language.NL) -> Mail:
    """To staff: nothing in it is a placeholder. ``language``: of the page; a block in another one says so."""
    return Mail(
        no_placeholder(" ".join(subject.split())),
        no_placeholder(as_text(blocks)),
        no_placeholder(as_html(blocks, subject, language, _DARK)),
    )


def as_text(blocks: Iterable[Block]) -> str:
    return "\n\n".join(_text(block) for block in blocks) + "\n"


def as_html(blocks: Iterable[Block], title: str, language: Language, head: str = "") -> str:
    """``language`` is that of the page; a block in another one says so. ``head``: what else stands in it."""
    body = "\n".join(_html(block, language) for block in blocks)
    return (
        f'<!doctype html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'{head}<title>{escape(title)}</title>\n</head>\n<body style="{_BODY}">\n<main style="{_MAIN}">\n'
        f"{body}\n</main>\n</body>\n</html>\n"
    )


def _text(block: Block) -> str:
    match block:
        case Items(texts):
            return "\n".join(f"- {text}" for text in texts)
        case Link(label, url):
            return f"{label}:\n{url}"
        case Heading(text) | Paragraph(text):
            return text
        case Table():
            return table_text(block)
        case Bars():
            return bars_text(block)


def _html(block: Block, page: Language) -> str:
    match block:
        case Heading(text, language, level):
            return f"<h{level}{_lang(language, page)}>{escape(text)}</h{level}>"
        case Paragraph(text, language, strong):
            inner = escape(text).replace("\n", "<br>")
            return f"<p{_lang(language, page)}>{f'<strong>{inner}</strong>' if strong else inner}</p>"
        case Items(texts, language):
            items = "".join(f"<li>{escape(text)}</li>" for text in texts)
            return f"<ul{_lang(language, page)}>{items}</ul>"
        case Link(label, url, button):
            style = f' style="{_BUTTON}"' if button else ""
            return f'<p><a href="{escape(url)}"{style}>{escape(label)}</a></p>'
        case Table():
            return table_html(block)
        case Bars():
            return bars_html(block)


def _lang(language: Language, page: Language) -> str:
    return "" if language is page else f' lang="{language}"'
