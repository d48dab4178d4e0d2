"""Words of the Common Alerting Protocol 1.2 (OASIS, section 3.2). A value that is not here is refused."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Literal


class Status(StrEnum):
    """Whether it is meant. ``Exercise`` and ``Test`` say so in every message."""

    ACTUAL = "Actual"
    EXERCISE = "Exercise"
    TEST = "Test"

    @property
    def colour(self) -> "StatusColour":
        """Not CAP's: of the banner that whoever works on it sees, so that nobody takes one for the other."""
        return _COLOURS[self]


StatusColour = Literal["red", "blue", "grey"]
_COLOURS: Mapping[Status, StatusColour] = {Status.ACTUAL: "red", Status.EXERCISE: "blue", Status.TEST: "grey"}


class MsgType(StrEnum):
    """What this message is to the ones before it."""

    ALERT = "Alert"
    UPDATE = "Update"
    CANCEL = "Cancel"


class Scope(StrEnum):
    """Who may know of it. CAP's ``Private`` needs a list of addresses, which an alert does not have."""

    PUBLIC = "Public"
    RESTRICTED = "Restricted"


class Urgency(StrEnum):
    IMMEDIATE = "Immediate"
    EXPECTED = "Expected"
    FUTURE = "Future"
    PAST = "Past"
    UNKNOWN = "Unknown"


class Severity(StrEnum):
    EXTREME = "Extreme"
    SEVERE = "Severe"
    MODERATE = "Moderate"
    MINOR = "Minor"
    UNKNOWN = "Unknown"


class Certainty(StrEnum):
    OBSERVED = "Observed"
    LIKELY = "Likely"
    POSSIBLE = "Possible"
    UNLIKELY = "Unlikely"
    UNKNOWN = "Unknown"
