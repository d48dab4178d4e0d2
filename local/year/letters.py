"""What a summary says, read as its reader may read it: from its plain text, and from its HTML."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from html.parser import HTMLParser

from chalicelib.alerts.text import Language
from chalicelib.reports.words import CATEGORIES, CONTRIBUTIONS, RESULTS
from local.year.expected import Figures


@dataclass(frozen=True)
class Letter:
    """As it lies in an inbox."""

    to: str
    subject: str
    text: str
    html: str

    @property
    def about(self) -> tuple[str, str]:
        """Area and period, as its link to the dashboard has them."""
        found = re.search(r"/dashboard#/(\w+)\?period=([\w-]+)", self.text)
        return (found[1], found[2]) if found else ("", "")


Inbox = Callable[[], list[Letter]]

_LABELS = {
    Language.NL: {
        "Oproepen": "alerts.total",
        "Nog niet afgesloten": "alerts.open",
        "Mensen gevraagd": "people.asked",
        "Mensen bereikt": "people.reached",
        "Tips": "tips",
        "Spoedoproepen die goed afliepen": "success.successes",
        "Deelnemers": "participants.participants",
        "Tijd tot het eerste bericht": "minutes.first_message",
        "Tijd tot het laatste bericht": "minutes.last_message",
        "Tijd tot de eerste tip": "minutes.first_tip",
        "Tijd tot het afsluiten": "minutes.closing",
        "Kosten": "cost.cents",
    },
    Language.EN: {
        "Alerts": "alerts.total",
        "Not closed yet": "alerts.open",
        "People asked": "people.asked",
        "People reached": "people.reached",
        "Tips": "tips",
        "Urgent alerts that ended well": "success.successes",
        "Participants": "participants.participants",
        "Time to the first message": "minutes.first_message",
        "Time to the last message": "minutes.last_message",
        "Time to the first tip": "minutes.first_tip",
        "Time to closing": "minutes.closing",
        "Cost": "cost.cents",
    },
}
_BARS = (("alerts.by_category.", CATEGORIES), ("results.", RESULTS), ("contributions.", CONTRIBUTIONS))
_NUMBER = re.compile(r"\d{1,3}(?:[.,]\d{3})+|\d+")
_OF = re.compile(r"(?:van|of) ([\d.,]*\d)")
_BEFORE = re.compile(r"(?:meer|minder|more|fewer) .*\(([\d.,]+)\)$")
_AS_MANY = re.compile(r"(?:evenveel|as many) (?:als|as) in ")
_HELPED = re.compile(r"(?:om hulp|once|times); (.*?)\.(?: |$)")
_REST = re.compile(r"(?:Er waren er nog|There were) ([\d.,]*\d)")
_MONEY = re.compile(r"€ ?([\d.,]+)[.,](\d{2})\b")
_HOURS = re.compile(r"\d+ (?:uur|hours)\b")
_RATE = re.compile(r"([\d.,]+) (?:per 1\.000 inwoners|per 1,000 inhabitants)")
_GREW = re.compile(r"([\d.,]+) (?:meer dan aan het begin|more than at the beginning)")
_LISTED = re.compile(r"\d+ [a-zA-Z]+: ")  # an alert begins with its day


def in_text(letter: Letter) -> Figures:
    """What its plain text says; figures are named as in the API."""
    lines = [line.removeprefix("- ") for line in letter.text.splitlines() if line.startswith("- ")]
    return _figures(lines, letter.text, _language(letter))


def in_html(letter: Letter) -> Figures:
    """The same of its HTML."""
    page = _Page()
    page.feed(letter.html)
    return _figures(page.lines, " ".join(page.words), _language(letter))


def _language(letter: Letter) -> Language:
    found = re.search(r'<html lang="(\w+)"', letter.html)
    return Language(found[1]) if found else Language.NL


def _figures(lines: list[str], words: str, language: Language) -> Figures:
    """``before.``: of the period before. ``helped``: of the sentence at the top. ``listed``: alerts, one by one."""
    names = dict(_LABELS[language])
    for prefix, known in _BARS:
        names |= {word: f"{prefix}{code}" for code, word in known[language].items()}
    found: Figures = Counter()
    for line in lines:
        label, _, rest = line.partition(": ")
        if _LISTED.match(line):
            found["listed"] += 1
        elif label in names:
            found.update(_row(names[label], rest))
    sentence = " ".join(words.split())
    if helped := _HELPED.search(sentence):
        found["helped"] = _count(helped[1])
    if more := _REST.search(sentence):
        found["listed"] += _whole(more[1])
    return found


def _row(name: str, said: str) -> Figures:
    """``said``: the number, and what stands behind it. A time is in minutes, money in cents."""
    if money := _MONEY.match(said):
        return Counter({name: 100 * _whole(money[1]) + int(money[2])})
    number = _NUMBER.match(said)
    if number is None:
        return Counter()
    found = Counter({name: _whole(number[0]) * (60 if _HOURS.match(said) else 1)})
    if rate := _RATE.search(said):
        found["participants.per_thousand"] = _whole(rate[1])
    if grew := _GREW.search(said):
        found["grew"] = _whole(grew[1])
    if total := _OF.search(said):
        found["success.closed"] = _whole(total[1])
    if before := _BEFORE.search(said):
        found[f"before.{name}"] = _whole(before[1])
    elif _AS_MANY.search(said):
        found[f"before.{name}"] = found[name]
    return found


class _Page(HTMLParser):
    """``lines``: rows and items, as the plain text has them. ``words``: all that is to be read."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self.words: list[str] = []
        self._cells: dict[str, str] = {}
        self._in = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("th", "td", "li", "span"):
            self._in = tag
            self._cells[tag] = ""

    def handle_data(self, data: str) -> None:
        self.words.append(data)
        if self._in:
            self._cells[self._in] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == self._in:
            self._in = ""
        if tag == "li":
            self.lines.append(self._cells.pop("li"))
        elif tag == "tr":
            said = self._cells.get("td", ""), self._cells.get("span", "")
            if "th" in self._cells:
                self.lines.append(f"{self._cells['th']}: {', '.join(filter(None, said))}")
            self._cells.clear()


def _count(clause: str) -> int:
    """How often a participant helped, in words or in digits."""
    if number := _NUMBER.search(clause):
        return _whole(number[0])
    return 0 if {"geen", "no"} & set(clause.split()) else 1


def _whole(text: str) -> int:
    return int(re.sub(r"[.,]", "", text))
