"""Who or what to look out for (signalement), in fields, so that each channel and language can word it."""

from dataclasses import dataclass, fields
from enum import StrEnum

from chalicelib.alerts.text import Text


class Sex(StrEnum):
    MALE = "male"
    FEMALE = "female"


class Build(StrEnum):
    SLIM = "slim"
    AVERAGE = "average"
    MUSCULAR = "muscular"
    HEAVY = "heavy"


class VehicleKind(StrEnum):
    CAR = "car"
    VAN = "van"
    TRUCK = "truck"
    MOTORCYCLE = "motorcycle"
    SCOOTER = "scooter"
    BICYCLE = "bicycle"
    OTHER = "other"


class Colour(StrEnum):
    BLACK = "black"
    WHITE = "white"
    GREY = "grey"
    SILVER = "silver"
    BLUE = "blue"
    RED = "red"
    GREEN = "green"
    YELLOW = "yellow"
    ORANGE = "orange"
    BROWN = "brown"
    BEIGE = "beige"
    PURPLE = "purple"
    PINK = "pink"


@dataclass(frozen=True, kw_only=True)
class Person:
    """Ages in years, both ends included. ``appearance``: skin or origin, in few words."""

    sex: Sex | None = None
    age_from: int | None = None
    age_to: int | None = None
    height_cm: int | None = None
    build: Build | None = None
    appearance: Text | None = None
    hair: Text | None = None
    clothing: Text | None = None
    distinguishing: Text | None = None


@dataclass(frozen=True, kw_only=True)
class Vehicle:
    """``direction``: where it was heading."""

    kind: VehicleKind | None = None
    make: str | None = None
    model: str | None = None
    colour: Colour | None = None
    plate: str | None = None
    direction: Text | None = None


def says_nothing(description: Person | Vehicle) -> bool:
    return all(getattr(description, field.name) is None for field in fields(description))
