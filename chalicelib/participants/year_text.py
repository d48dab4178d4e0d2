"""What became of a year where somebody lives, in sentences of level B1."""

from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.participants.area_year import AreaYear
from chalicelib.participants.model import Language


@dataclass(frozen=True)
class _Sentences:
    """By how often; None: any other number. What is 0 is not said, except that there was no alert."""

    alerts: Mapping[int | None, str]
    successes: Mapping[int | None, str]
    helped: Mapping[int | None, str]
    participants: str
    thanks: str
    thousands: str


_NL = _Sentences(
    alerts={
        0: "In {year} vroeg Burgernet in {place} niet om hulp.",
        1: "In {year} vroeg Burgernet in {place} één keer om hulp.",
        None: "In {year} vroeg Burgernet in {place} {number} keer om hulp.",
    },
    successes={
        1: "Eén keer liep het goed af: een verdachte aangehouden, een vermiste gevonden of spullen terug.",
        None: "{number} keer liep het goed af: een verdachte aangehouden, een vermiste gevonden of spullen terug.",
    },
    helped={1: "Eén keer hielp een deelnemer mee.", None: "{number} keer hielp een deelnemer mee."},
    participants="Daar doen nu {number} mensen mee.",
    thanks="Dank u wel dat u een van hen bent.",
    thousands=".",
)
_EN = _Sentences(
    alerts={
        0: "In {year} Burgernet did not ask for help in {place}.",
        1: "In {year} Burgernet asked for help in {place} once.",
        None: "In {year} Burgernet asked for help in {place} {number} times.",
    },
    successes={
        1: "Once it ended well: a suspect arrested, a missing person found or property recovered.",
        None: "{number} times it ended well: a suspect arrested, a missing person found or property recovered.",
    },
    helped={1: "Once a participant helped.", None: "{number} times a participant helped."},
    participants="{number} people take part there now.",
    thanks="Thank you for being one of them.",
    thousands=",",
)
SENTENCES: Mapping[Language, _Sentences] = {Language.NL: _NL, Language.EN: _EN}


def year_text(language: Language, year: AreaYear) -> str:
    say = SENTENCES[language]

    def said(choices: Mapping[int | None, str], number: int) -> str:
        text = choices.get(number, choices[None])
        return text.format(place=year.place, year=year.year, number=f"{number:,}".replace(",", say.thousands))

    parts = [said(say.alerts, year.alerts)]
    parts += [said(choices, number) for choices, number in _yields(say, year) if number]
    if year.participants is not None:
        parts += [said({None: say.participants}, year.participants), say.thanks]
    return " ".join(parts)


def _yields(say: _Sentences, year: AreaYear) -> tuple[tuple[Mapping[int | None, str], int], ...]:
    return (say.successes, year.successes), (say.helped, year.helped)
