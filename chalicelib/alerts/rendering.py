"""Descriptions in words, short enough for an SMS: ``man, 20-25 jaar, 180 cm, slank, zwarte jas``."""

from collections.abc import Iterator

from chalicelib.alerts.content import Content
from chalicelib.alerts.descriptions import Person, Vehicle
from chalicelib.alerts.phrases import PHRASES, Phrases
from chalicelib.alerts.text import Language

ADULT_AGE = 18


def descriptions(content: Content, language: Language) -> list[str]:
    """One line per person and per vehicle."""
    return [person(each, language) for each in content.persons] + [vehicle(each, language) for each in content.vehicles]


def person(described: Person, language: Language) -> str:
    return ", ".join(_traits(described, language, PHRASES[language]))


def vehicle(described: Vehicle, language: Language) -> str:
    phrases = PHRASES[language]
    name = " ".join(word for word in (described.make, described.model) if word)
    traits = [phrases.vehicle[described.kind], name]
    if described.colour:
        traits.append(phrases.colour[described.colour])
    if described.plate:
        traits.append(phrases.plate.format(plate=described.plate))
    if described.direction:
        traits.append(phrases.direction.format(direction=described.direction.read_in(language)))
    return ", ".join(filter(None, traits))


def _traits(described: Person, language: Language, phrases: Phrases) -> Iterator[str]:
    young = described.age_to is not None and described.age_to < ADULT_AGE
    yield (phrases.child if young else phrases.adult)[described.sex]
    if age := _age(described, phrases):
        yield age
    if described.height_cm is not None:
        yield phrases.height.format(height=described.height_cm)
    if described.build:
        yield phrases.build[described.build]
    for text in (described.appearance, described.hair, described.clothing, described.distinguishing):
        if text:
            yield text.read_in(language)


def _age(described: Person, phrases: Phrases) -> str:
    low, high = described.age_from, described.age_to
    if low is None and high is None:
        return ""
    if high is None:
        pattern = phrases.age_from
    elif low is None:
        pattern = phrases.age_to
    else:
        pattern = phrases.age_exact if low == high else phrases.age_between
    return pattern.format(low=low, high=high)
