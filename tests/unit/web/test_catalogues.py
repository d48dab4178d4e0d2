"""The texts of the pages: each in Dutch and English, none missing, none left over."""

import json
import re
from functools import cache
from pathlib import Path

import pytest

WEB = Path(__file__).parents[3] / "web"
FOLDERS = [WEB / "js" / "messages", WEB / "js" / "console" / "messages", WEB / "js" / "dashboard" / "messages"]
SOURCES = [*WEB.glob("*.html"), *(path for path in (WEB / "js").rglob("*.js") if path.parent not in FOLDERS)]
# Of the keys that are put together, the part that stands in the code.
JOINED = re.compile(r"`([a-z]+(?:\.[a-z_]+)*[._])\$\{")


@cache
def catalogue(language: str) -> dict[str, str]:
    """What every page has, and what some add. A file is JSON but for its first two words and its last sign."""
    texts: dict[str, str] = {}
    for folder in FOLDERS:
        text = (folder / f"{language}.js").read_text()
        more: dict[str, str] = json.loads(text.removeprefix("export default ").rstrip().removesuffix(";"))
        assert not texts.keys() & more.keys()
        texts |= more
    return texts


@cache
def code() -> str:
    return "\n".join(path.read_text() for path in SOURCES)


def used_keys() -> set[str]:
    named = {key for key in re.findall(r'"([a-z]+(?:\.[a-z_0-9]+)+)"', code()) if not key.endswith(".js")}
    bodies = set(re.findall(r'data-title="([^"]+)"', code()))
    known = sections()
    return {key for key in named | bodies if key.split(".")[0] in known}


def sections() -> set[str]:
    return {key.split(".")[0] for key in catalogue("nl")}


def starts() -> tuple[str, ...]:
    return tuple(JOINED.findall(code()))


def test_both_languages_have_the_same_keys_in_the_same_order() -> None:
    assert list(catalogue("nl")) == list(catalogue("en"))


@pytest.mark.parametrize("key", list(catalogue("nl")))
def test_a_text_takes_the_same_values_in_both_languages(key: str) -> None:
    dutch, english = (re.findall(r"\{(\w+)\}", catalogue(language)[key]) for language in ("nl", "en"))
    assert sorted(dutch) == sorted(english)
    assert all(catalogue(language)[key] for language in ("nl", "en"))


def test_every_text_that_a_page_asks_for_exists() -> None:
    assert used_keys() - set(catalogue("nl")) == set()


def test_no_text_is_left_over() -> None:
    joined = starts()
    found = used_keys() | {key for key in catalogue("nl") if key.startswith(joined)}
    found |= {f"{key}_what" for key in found}  # what a page says when it has nothing to show
    assert set(catalogue("nl")) - found == set()


# What citizens can be refused for, and what our pages never send.
REFUSING = [
    "participants/service.py",
    "participants/place_finder.py",
    "participants/phones.py",
    "participants/emails.py",
    "tips/service.py",
    "tips/photo_service.py",
    "topics/service.py",
]
NEVER_MET = {"place_point_or_address", "outside_bounds", "seen_in_future", "seen_too_long_ago", "contact_missing"}
NEVER_MET |= {"consent_not_current"}
OWN_PAGE = {"alert_cancelled", "link_expired"}


@pytest.mark.parametrize("file", REFUSING)
def test_every_reason_for_a_refusal_has_words(file: str) -> None:
    code = (WEB.parent / "chalicelib" / file).read_text()
    reasons = set(re.findall(r'(?:InvalidInput\.of\([^,()]+,|refused\(|Gone\()\s*"([a-z_]+)"', code))
    assert reasons
    assert {reason for reason in reasons - NEVER_MET - OWN_PAGE if f"error.{reason}" not in catalogue("nl")} == set()


# What only a function meets, or who calls the API by hand: the console offers none of it.
OF_FUNCTIONS = {"not_scheduled", "not_due", "approval_expired", "not_as_approved"}
NOT_OFFERED = {"status_fixed", "no_waves", "stopped"}


def test_every_reason_why_an_alert_stays_as_it_is_has_words_for_staff() -> None:
    code = (WEB.parent / "chalicelib" / "alerts" / "model.py").read_text()
    reasons = set(re.findall(r'Conflict\("([a-z_]+)"', code))
    assert reasons > OF_FUNCTIONS | NOT_OFFERED
    left = reasons - OF_FUNCTIONS - NOT_OFFERED
    assert {reason for reason in left if f"error.{reason}" not in catalogue("nl")} == set()
