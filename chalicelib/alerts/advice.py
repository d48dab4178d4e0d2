"""What a colleague would say of an alert's wording before it goes out: advice, never a refusal.

Why: participants complained most of abbreviations that nobody understood; a description by origin alone points at
everybody who looks so; who does not read "do not approach" may walk up to a burglar. What cannot be told from the words
is not told.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from chalicelib.alerts import sms_parts
from chalicelib.alerts.advice_words import ABBREVIATIONS, BY_DAY, CAUTION, JARGON, KNOWN_CAPITALS, PLACE, PLACEHOLDER
from chalicelib.alerts.content import MISSING, Category, Content, Kind
from chalicelib.alerts.descriptions import Person
from chalicelib.alerts.text import Language, Text
from chalicelib.channels.model import Channel

LONGEST_SENTENCE = 20  # words; language level B1
TIME = re.compile(r"\b([01]?\d|2[0-3])[:.][0-5]\d\b")
DOTTED = re.compile(r"\b(?:[a-z]{1,3}\.){2,}|\b[a-z]{1,4}/[a-z]{1,4}\b", re.IGNORECASE)
CAPITALS = re.compile(r"\b[A-Z]{2,5}\b")
WORD = re.compile(r"[^\W\d_]+")
DANGEROUS = frozenset({Category.RESIDENTIAL_BURGLARY, Category.ROBBERY, Category.HIT_AND_RUN, Category.OTHER_URGENT})


class Concern(StrEnum):
    PLACEHOLDER = "placeholder"  # something was still to be filled in
    ABBREVIATION = "abbreviation"
    JARGON = "jargon"  # ``instead`` says it in plain words
    LONG_SENTENCE = "long_sentence"
    NOT_GSM = "not_gsm"  # a character that makes each SMS hold 70 characters instead of 160
    ORIGIN_ONLY = "origin_only"  # nothing tells this person from others who look so
    NO_PLACE = "no_place"
    NO_TIME = "no_time"
    NO_NUMBER = "no_number"  # it does not say whom to call
    NO_CAUTION = "no_caution"  # it does not say to keep away
    SUSPECT_SHOWN = "suspect_shown"  # whoever is shown may be a suspect: the public prosecutor must agree


@dataclass(frozen=True)
class Advice:
    """``field``: path as in the API's bodies. ``found``: the words that it is about; ``instead``: better ones."""

    concern: Concern
    field: str
    found: str | None = None
    instead: str | None = None


def advise(content: Content) -> tuple[Advice, ...]:
    """In the order in which it is read; nothing twice."""
    found = [*_of_words(content), *_of_persons(content), *_of_what_is_missing(content)]
    return tuple(dict.fromkeys(found))


def _texts(content: Content) -> Iterator[tuple[str, Language, str]]:
    """Field, language, text."""
    for name in ("headline", "description", "instruction"):
        yield from _both(name, getattr(content, name))
    if content.photo:
        yield from _both("photo.alt", content.photo.alt)
    for index, person in enumerate(content.persons):
        for trait in ("appearance", "hair", "clothing", "distinguishing"):
            yield from _both(f"persons.{index}.{trait}", getattr(person, trait))
    for index, vehicle in enumerate(content.vehicles):
        yield from _both(f"vehicles.{index}.direction", vehicle.direction)


def _both(name: str, text: Text | None) -> Iterator[tuple[str, Language, str]]:
    if text is None:
        return
    yield f"{name}.nl", Language.NL, text.nl
    if text.en:
        yield f"{name}.en", Language.EN, text.en


def _of_words(content: Content) -> Iterator[Advice]:
    for field, language, text in _texts(content):
        yield from (Advice(Concern.PLACEHOLDER, field, it.group()) for it in PLACEHOLDER.finditer(text))
        yield from (Advice(Concern.ABBREVIATION, field, it) for it in _abbreviations(text, language))
        for word in WORD.findall(text):
            if plain := JARGON[language].get(word.casefold()):
                yield Advice(Concern.JARGON, field, word, plain)
        for sentence in re.split(r"(?<=[.!?])\s+|\n+", text):
            if len(sentence.split()) > LONGEST_SENTENCE:
                yield Advice(Concern.LONG_SENTENCE, field, sentence)
        if Channel.SMS in content.channels:
            yield from (Advice(Concern.NOT_GSM, field, it) for it in sms_parts.outside_gsm(text))


def _abbreviations(text: str, language: Language) -> Iterator[str]:
    yield from (it.group() for it in DOTTED.finditer(text))
    yield from (word for word in WORD.findall(text) if word.casefold() in ABBREVIATIONS[language])
    if not text.isupper():
        yield from (word for word in CAPITALS.findall(text) if word not in KNOWN_CAPITALS)


def _of_persons(content: Content) -> Iterator[Advice]:
    for index, person in enumerate(content.persons):
        if person.appearance and not _says_more(person):
            yield Advice(Concern.ORIGIN_ONLY, f"persons.{index}.appearance", person.appearance.nl)


def _says_more(person: Person) -> bool:
    """Sex and age are no more than origin is: they fit thousands."""
    return any((person.height_cm, person.build, person.hair, person.clothing, person.distinguishing))


def _of_what_is_missing(content: Content) -> Iterator[Advice]:
    told = f"{content.headline.nl} {content.description.nl}"
    if not PLACE.search(told):
        yield Advice(Concern.NO_PLACE, "description")
    if content.photo and content.category not in MISSING:
        yield Advice(Concern.SUSPECT_SHOWN, "photo")
    if content.kind is Kind.PREVENTION:
        return
    if content.incident_at is None and not TIME.search(told) and not _names_a_time(told):
        yield Advice(Concern.NO_TIME, "description")
    asked = content.instruction.nl
    if "112" not in asked and content.call_number not in asked:
        yield Advice(Concern.NO_NUMBER, "instruction")
    if content.kind is Kind.ALERT and content.category in DANGEROUS and not CAUTION.search(asked):
        yield Advice(Concern.NO_CAUTION, "instruction")


def _names_a_time(text: str) -> bool:
    return not BY_DAY.isdisjoint(word.casefold() for word in WORD.findall(text))
