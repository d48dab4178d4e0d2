"""Who takes part in an area, in numbers."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Participants:
    """``participants``: whose first place lies here, so that areas add up; ``places``: all places here."""

    participants: int = 0
    places: int = 0

    def __add__(self, other: "Participants") -> "Participants":
        return Participants(self.participants + other.participants, self.places + other.places)
