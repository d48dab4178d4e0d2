"""What whoever lets a live alert out must have seen: its reach, typed as a word, and why it may go beyond a limit."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from chalicelib.alerts.bands import Band, band
from chalicelib.platform.errors import Conflict, InvalidInput

WINDOW = timedelta(minutes=15)  # from submission to approval, and from approval to the first message
DRAFT_LIFE = timedelta(days=30)  # from its creation to its last submission: what is older describes another day
APPROVED_WITHIN = DRAFT_LIFE + timedelta(days=1)  # of its creation; a submission waits for hours at most
BORDER = 0.05  # people come and go between a preview and the approval: so near to another band, that one will do too


class Limit(StrEnum):
    """What needs a reason."""

    REACH = "reach"
    ALERTS = "alerts"


_BEYOND = {
    Limit.REACH: "it reaches more people than usual",
    Limit.ALERTS: "there were several alerts in this area within half an hour",
}


@dataclass(frozen=True)
class Sight:
    """``people``: whom it would ask now. ``typed``: the band that the preview gave, as somebody typed it.

    ``beyond``: the limits that it exceeds; ``reason``: why it may.
    """

    people: int = 0
    typed: str | None = None
    beyond: tuple[Limit, ...] = ()
    reason: str | None = None

    @property
    def band(self) -> Band:
        return band(self.people)

    def check(self) -> None:
        """Whether that is enough for a live alert.

        Raises:
            InvalidInput: ``reach_missing``, or ``reach_wrong``, which does not say what would be right.
            Conflict: ``limit_reason_missing``.
        """
        if self.typed is None:
            raise InvalidInput.of("reach", "reach_missing", "Type the reach that the preview gives, as a word.")
        if _folded(self.typed) not in self._words():
            raise InvalidInput.of("reach", "reach_wrong", "This is not the reach that the preview gives now.")
        if self.beyond and self.reason is None:
            why = " and ".join(_BEYOND[limit] for limit in self.beyond)
            raise Conflict("limit_reason_missing", f"Say why it must go out although {why}.")

    def _words(self) -> set[str]:
        near = {band(round(self.people * share)) for share in (1 - BORDER, 1, 1 + BORDER)}
        return {_folded(word) for it in near for word in (it.label.nl, it.label.en) if word}


BLIND = Sight()  # enough for an exercise or a test


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())
