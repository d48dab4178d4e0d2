"""The summary of a period as a mail: a sentence that says what it yielded, figures, bars, and each alert."""

from collections.abc import Iterator, Mapping

from chalicelib.alerts import email_layout
from chalicelib.alerts.email_layout import Block, Heading, Items, Link, Paragraph
from chalicelib.alerts.email_tables import Bars, Row, Table
from chalicelib.alerts.text import Language
from chalicelib.channels.model import Mail
from chalicelib.platform.clock import AMSTERDAM
from chalicelib.reports import words
from chalicelib.reports.figures import AlertRow
from chalicelib.reports.statistics import Growth, per_thousand, share
from chalicelib.reports.summary import Summary, helped, whole
from chalicelib.reports.summary_phrases import PHRASES, Phrases, by_number
from chalicelib.reports.suppression import SMALL
from chalicelib.reports.words import CATEGORIES, CONTRIBUTIONS, RESULTS, Words

MOST = 25  # alerts that are listed, the latest


def summary_mail(summary: Summary, language: Language, web_url: str) -> Mail:
    """``web_url``: of the pages, among them the dashboard."""
    writer = _Writer(summary, language)
    title = PHRASES[language].title.format(place=summary.report.area.name, period=words.period(language, summary.of))
    return email_layout.mail(title, list(writer.blocks(title, web_url)), language)


class _Writer:
    def __init__(self, summary: Summary, language: Language) -> None:
        self.summary, self.language = summary, language
        self.say: Phrases = PHRASES[language]
        self.before = words.period_in_text(language, summary.of.before())

    def blocks(self, title: str, web_url: str) -> Iterator[Block]:
        say, language, figures = self.say, self.language, self.summary.figures
        yield Heading(title, language, level=1)
        yield Paragraph(self.headline(), language, strong=True)
        if self.summary.running:
            period = words.period_in_text(language, self.summary.of)
            yield Paragraph(say.running.format(period=period[0].upper() + period[1:]), language)
        yield Table(say.figures, tuple(self._rows()))
        for caption, known, counts in (
            (say.by_category, CATEGORIES, figures.by_category),
            (say.by_result, RESULTS, figures.results),
            (say.by_contribution, CONTRIBUTIONS, figures.contributions),
        ):
            if counts:
                yield self._bars(caption, known, counts)
        if alerts := self.summary.alerts:
            many = len(alerts) > MOST
            yield Heading(say.latest.format(number=self._number(MOST)) if many else say.list, language)
            yield Items(tuple(map(self._line, alerts[-MOST:])), language)
            if rest := len(alerts[:-MOST]):
                yield Paragraph(say.rest.format(number=self._number(rest)), language)
        yield Link(say.dashboard, f"{web_url}{self.summary.path}", button=True)
        yield Paragraph(say.counted, language)
        yield Paragraph(say.why, language)

    def headline(self) -> str:
        alerts, helping = self.summary.figures.alerts, helped(self.summary.figures)
        how = self.say.helped_once[helping] if alerts == 1 else by_number(self.say.helped, helping)
        return by_number(self.say.asked, alerts).format(
            period=words.period_in_text(self.language, self.summary.of),
            place=self.summary.report.area.name,
            number=self._number(alerts),
            helped=how.format(number=self._number(helping)),
        )

    def _rows(self) -> Iterator[Row]:
        say, now, then = self.say, self.summary.figures, whole(self.summary.before)
        yield self._compared(say.alerts, now.alerts, then.alerts)
        if now.open:
            yield Row(say.open, self._number(now.open))
        if now.alerts or then.alerts:
            yield self._compared(say.people_asked, now.asked, then.asked)
            yield self._compared(say.reached, now.reached, then.reached)
            yield self._compared(say.tips, now.tips, then.tips)
        if now.closed:
            yield self._successes(now.successes, now.closed)
        yield from self._participants()
        labels = (say.first_message, say.last_message, say.first_tip, say.closing)
        for label, seconds in zip(labels, self.summary.report.times or (), strict=False):
            if seconds is not None:
                yield Row(label, words.duration(self.language, seconds), say.median if now.alerts > 1 else "")
        if now.alerts:
            yield Row(say.cost, words.money(self.language, self.summary.cents), say.cost_note)

    def _compared(self, label: str, now: int, then: int) -> Row:
        how = self.say.more if now > then else self.say.fewer if now < then else self.say.as_many
        return Row(label, self._number(now), how.format(period=self.before, number=self._number(then)))

    def _successes(self, count: int, total: int) -> Row:
        found = share(count, total)
        note = self.say.too_few
        if not found.too_few and found.value is not None and found.low is not None and found.high is not None:
            low, value, high = (round(100 * part) for part in (found.low, found.value, found.high))
            note = self.say.share.format(share=value, low=low, high=high)
        value_ = self.say.of.format(number=self._number(count), total=self._number(total))
        return Row(self.say.successes, value_, note)

    def _participants(self) -> Iterator[Row]:
        report = self.summary.report
        grown = report.trend.growth if report.trend else None
        number = grown.now if grown else report.participants.participants
        if number is not None:
            rate = per_thousand(number, report.area.inhabitants)
            notes = [self.say.per_thousand.format(rate=words.rate(self.language, rate))] if rate is not None else []
            notes += [self._grown(grown)] if grown else []
            yield Row(self.say.participants, self._number(number), "; ".join(notes))

    def _grown(self, grown: Growth) -> str:
        how = self.say.grew if grown.net > 0 else self.say.shrank if grown.net < 0 else self.say.stayed
        return how.format(number=self._number(abs(grown.net)))

    def _bars(self, caption: str, known: Words, counts: Mapping[str, int]) -> Bars:
        """The most first; of equal ones in the order of the words."""
        order = list(known[self.language])
        sorted_ = sorted(counts.items(), key=lambda it: (-it[1], order.index(it[0]) if it[0] in order else len(order)))
        bars = tuple((words.named(known, self.language, code), count) for code, count in sorted_)
        return Bars(caption, bars, tuple(self._number(count) for _, count in bars))

    def _line(self, alert: AlertRow) -> str:
        say, facts = self.say, alert.facts
        asked = sum(tally.asked for tally in alert.people.values())
        end = [words.named(RESULTS, self.language, facts.result)] if facts.result else [say.not_closed]
        if facts.contribution and facts.contribution != "unknown":
            end.append(words.named(CONTRIBUTIONS, self.language, facts.contribution))
        return say.line.format(
            day=words.day(self.language, facts.opened.astimezone(AMSTERDAM).date()),
            category=words.named(CATEGORIES, self.language, facts.category).lower(),
            asked=say.few_asked if 0 < asked < SMALL else say.asked_there.format(number=self._number(asked)),
            tips=by_number(say.with_tips, facts.tips).format(number=self._number(facts.tips)),
            end=". ".join(end),
        )

    def _number(self, value: int) -> str:
        return words.number(self.language, value)
