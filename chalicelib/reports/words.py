"""Figures in words, Dutch: what a municipality reads."""

from collections.abc import Mapping

CATEGORIES: Mapping[str, str] = {
    "residential_burglary": "Woninginbraak",
    "robbery": "Beroving",
    "hit_and_run": "Doorrijden na aanrijding",
    "missing_person": "Vermiste persoon",
    "missing_child": "Vermist kind",
    "other_urgent": "Andere spoedmelding",
}
RESULTS: Mapping[str, str] = {
    "suspect_arrested": "Verdachte aangehouden",
    "missing_person_found": "Vermiste teruggevonden",
    "property_recovered": "Goederen teruggevonden",
    "other": "Ander resultaat",
    "none": "Geen resultaat",
    "unknown": "Afloop niet bekend",
}
CONTRIBUTIONS: Mapping[str, str] = {
    "direct": "Rechtstreeks door deelnemers",
    "indirect": "Met hulp van deelnemers",
    "none": "Zonder hulp van deelnemers",
    "unknown": "Bijdrage niet bekend",
}


def named(words: Mapping[str, str], code: str) -> str:
    """The word for a code; a code without one stands for itself, so that no figure is lost."""
    return words.get(code, code.replace("_", " ").capitalize())


def number(value: int) -> str:
    """``12345`` as ``12.345``."""
    return f"{value:,}".replace(",", ".")
