"""How an alert can end, and what participants had to do with it."""

from collections.abc import Mapping
from enum import StrEnum

from chalicelib.alerts.content import Category, Kind
from chalicelib.platform.errors import InvalidInput


class Result(StrEnum):
    SUSPECT_ARRESTED = "suspect_arrested"
    MISSING_PERSON_FOUND = "missing_person_found"
    PROPERTY_RECOVERED = "property_recovered"
    OTHER = "other"
    NONE = "none"
    UNKNOWN = "unknown"  # nobody said: it was closed by itself


class Contribution(StrEnum):
    """What participants had to do with the result."""

    DIRECT = "direct"
    INDIRECT = "indirect"
    NONE = "none"
    UNKNOWN = "unknown"  # as the result


_ANY = frozenset(Result) - {Result.UNKNOWN}
_MISSING = _ANY - {Result.PROPERTY_RECOVERED}
_NOBODY_MISSING = _ANY - {Result.MISSING_PERSON_FOUND}
_INFORMED = frozenset({Result.OTHER, Result.NONE})

# What is not here is about no missing person. A child can be found and who took it arrested: one result is told.
_RESULTS: Mapping[Category, frozenset[Result]] = {
    Category.MISSING_PERSON: _MISSING,
    Category.MISSING_CHILD: _MISSING,
    Category.OTHER_URGENT: _ANY,
    Category.OTHER: _ANY,
}


def results(kind: Kind, category: Category) -> frozenset[Result]:
    """The results that somebody can say an alert of this kind and category had."""
    return _INFORMED if kind is Kind.PREVENTION else _RESULTS.get(category, _NOBODY_MISSING)


def check_outcome(kind: Kind, category: Category, result: Result, contribution: Contribution) -> None:
    """Whether somebody can say that an alert ended so.

    Raises:
        InvalidInput: ``result_not_for_category``: a hit-and-run does not end with a missing person found; or
            ``contribution_missing``: who says how it ended says what participants had to do with that.
    """
    possible = results(kind, category)
    if result not in possible:
        words = ", ".join(sorted(possible))
        raise InvalidInput.of("result", "result_not_for_category", f"For this category one of: {words}.")
    if contribution is Contribution.UNKNOWN:
        raise InvalidInput.of("contribution", "contribution_missing", "Say whether participants helped.")
