"""The mail after an alert was closed: what and when, whom it reached, how it ended, how long it took and what it cost.

No headline of the alert and no text of its outcome: those describe people, and a mailbox is no place for that.
"""

from collections.abc import Collection, Iterator

from chalicelib.alerts import email_layout
from chalicelib.alerts.content import Kind
from chalicelib.alerts.email_layout import Block, Heading, Link, Paragraph
from chalicelib.alerts.email_tables import Row, Table
from chalicelib.alerts.late_outcome import TOLD_WITHIN
from chalicelib.alerts.text import Language
from chalicelib.channels.model import Mail
from chalicelib.platform.clock import AMSTERDAM
from chalicelib.reports import words
from chalicelib.reports.model import NATION
from chalicelib.reports.outcome import Outcome, Touched
from chalicelib.reports.outcome_phrases import PHRASES
from chalicelib.reports.suppression import SMALL
from chalicelib.reports.words import CATEGORIES, CONTRIBUTIONS, RESULTS, named

NAMED = 3  # municipalities in the subject
LISTED = 10  # municipalities with their share


def outcome_mail(
    outcome: Outcome, municipalities: Collection[str], language: Language, web_url: str, console: bool
) -> Mail:
    """``municipalities``: codes of the reader's own. ``console``: whether they can open the alert there."""
    writer = _Writer(outcome, outcome.of(municipalities), language)
    title = writer.title()
    return email_layout.mail(title, list(writer.blocks(title, web_url, console)), language)


class _Writer:
    def __init__(self, outcome: Outcome, own: tuple[Touched, ...], language: Language) -> None:
        self.outcome, self.own, self.language = outcome, own, language
        self.say, self.facts = PHRASES[language], outcome.row.facts

    def title(self) -> str:
        category = named(CATEGORIES, self.language, self.facts.category).lower()
        title = self.say.late_title if self.outcome.late else self.say.title
        return title.format(category=category, places=self._places())

    def blocks(self, title: str, web_url: str, console: bool) -> Iterator[Block]:
        say, language = self.say, self.language
        yield Heading(title, language, level=1)
        yield Paragraph(self._headline(), language, strong=True)
        yield Table(say.figures, tuple(self._rows()))
        if self.own:
            yield Table(say.by_municipality, tuple(map(self._share, self.own[:LISTED])))
        if others := len(self.outcome.touched) - len(self.own[:LISTED]):
            yield Paragraph(say.more_there.format(number=self._number(others)), language)
        if console:
            if self.facts.result == "unknown":
                yield Paragraph(say.add_it.format(days=TOLD_WITHIN.days), language)
            yield Link(say.console, f"{web_url}/console#/alerts/{self.facts.alert}", button=True)
        area = self.own[0].code if len(self.own) == 1 else NATION
        yield Link(say.dashboard, f"{web_url}/dashboard#/{area}?period={self.facts.month}", button=not console)
        yield Paragraph(say.may_change, language)
        yield Paragraph(say.why, language)

    def _places(self) -> str:
        """Where it was: of the reader's own municipalities, or of all where none is."""
        names = [it.name for it in self.own or self.outcome.touched]
        if len(names) > NAMED:
            rest = self._number(len(names) - NAMED + 1)
            return self.say.places_more.format(places=", ".join(names[: NAMED - 1]), number=rest)
        *first, last = names
        return self.say.places_and.format(places=", ".join(first), last=last) if first else last

    def _headline(self) -> str:
        opened = self.facts.opened.astimezone(AMSTERDAM)
        asked = self.say.asked[Kind(self.facts.kind)].format(
            day=words.day(self.language, opened.date()),
            time=f"{opened:%H:%M}",
            people=self._people(self.outcome.asked),
        )
        return f"{asked} {self._end()}"

    def _end(self) -> str:
        if self.facts.result == "unknown":
            return self.say.unknown
        late = f"{self.say.late} " if self.outcome.late else ""
        return f"{late}{self._result()}. {self._contribution()}."

    def _rows(self) -> Iterator[Row]:
        say, times = self.say, self.outcome.row.times
        yield Row(say.number, self.facts.alert)
        yield Row(say.people_asked, self._small(self.outcome.asked))
        yield Row(say.reached, self._small(self.outcome.reached))
        yield Row(say.tips, self._number(self.facts.tips))
        yield Row(say.result, self._result())
        yield Row(say.contribution, self._contribution())
        for label, seconds in zip(
            (say.first_message, say.last_message, say.first_tip, say.closing), times, strict=True
        ):
            if seconds is not None:
                yield Row(label, words.duration(self.language, seconds))
        yield Row(say.cost, words.money(self.language, self.outcome.cents), say.cost_note)

    def _share(self, there: Touched) -> Row:
        say = self.say
        few = 0 < there.asked < SMALL
        note = say.few_there if few else say.there.format(number=self._number(there.asked))
        return Row(there.name, words.money(self.language, there.cents), note)

    def _people(self, number: int) -> str:
        people = "mensen" if self.language is Language.NL else "people"
        return f"{self._small(number)} {people}"

    def _small(self, number: int) -> str:
        return self.say.few if 0 < number < SMALL else self._number(number)

    def _result(self) -> str:
        return named(RESULTS, self.language, self.facts.result or "unknown")

    def _contribution(self) -> str:
        return named(CONTRIBUTIONS, self.language, self.facts.contribution or "unknown")

    def _number(self, value: int) -> str:
        return words.number(self.language, value)
