"""The country and the twenty cases, in numbers that divide without a remainder."""

from dataclasses import dataclass
from datetime import date, timedelta

from chalicelib.alerts.content import Category
from chalicelib.alerts.outcome import Contribution, Result

YEAR = 2025
DISTRICTS, NEIGHBOURHOODS = 4, 20  # of each municipality: five neighbourhoods to a district
EACH = NEIGHBOURHOODS // DISTRICTS
INHABITANTS = 10_000  # of each neighbourhood
PARTICIPANTS, BY_SMS, BY_EMAIL = 4_250, 3_000, 2_500  # there, from 1 July on
EARLIER, EARLIER_SMS, EARLIER_EMAIL = 4_000, 2_800, 2_400  # and before that day
MORE_FROM = date(YEAR, 7, 1)
DAILY = 5  # the month of which every day is asked for
LAST = NEIGHBOURHOODS - 1  # the neighbourhood in which only the last case finds anybody
FEW, ACROSS = 3, 200  # people whom the last case finds there; whom the first case finds over the border
STOPPED = 7  # the case that is stopped when three of five are asked
OPEN, UNKNOWN = 19, 18  # the case that is never closed, and the one that closes by itself
CASES = 20
# Seconds after the approval, and how much more of each case than of the one before.
FIRST_S, LAST_S, TIP_S, CLOSED_S = (90, 60), (1_800, 120), (120, 60), (3_600, 300)
SMS_PART_MICROS, EMAIL_MICROS = 120_000, 100  # euros: the oldest prices there are, as the year lies before all of them

_CATEGORIES = (
    Category.RESIDENTIAL_BURGLARY,
    Category.ROBBERY,
    Category.HIT_AND_RUN,
    Category.MISSING_PERSON,
    Category.MISSING_CHILD,
)
_FOUND = (
    Result.SUSPECT_ARRESTED,
    Result.SUSPECT_ARRESTED,
    Result.PROPERTY_RECOVERED,
    Result.MISSING_PERSON_FOUND,
    Result.MISSING_PERSON_FOUND,
)
_PART = (
    Contribution.DIRECT,
    Contribution.INDIRECT,
    Contribution.NONE,
    Contribution.DIRECT,
    Contribution.INDIRECT,
)


@dataclass(frozen=True)
class Case:
    """``number`` 0 to 19. The first five are a success, the next ten come to nothing, the last five are something else.

    It is sent to district ``number // 5``.
    """

    number: int

    @property
    def district(self) -> int:
        return self.number // EACH

    @property
    def category(self) -> Category:
        return _CATEGORIES[self.number % 5]

    @property
    def result(self) -> Result | None:
        if self.number in (OPEN, UNKNOWN):
            return None if self.number == OPEN else Result.UNKNOWN
        return _FOUND[self.number] if self.number < 5 else Result.NONE if self.number < 15 else Result.OTHER

    @property
    def contribution(self) -> Contribution | None:
        if self.number in (OPEN, UNKNOWN):
            return None if self.number == OPEN else Contribution.UNKNOWN
        return _PART[self.number] if self.number < 5 else Contribution.NONE

    @property
    def tips(self) -> int:
        return self.number % 5

    def seconds(self, what: tuple[int, int]) -> int:
        """``what``: ``FIRST_S`` and so on."""
        first, more = what
        return first + more * self.number

    @property
    def day(self) -> int:
        """Of the month on which it begins."""
        return self.number + 1


def matched(neighbourhood: int) -> int:
    """Whom an alert to its district finds there; each neighbourhood has fifty fewer than the one before."""
    return 1_000 - 50 * neighbourhood


def counted_days() -> list[date]:
    """After which participants are counted: the last of each month, Sundays, and every day of one month."""
    days = (date(YEAR - 1, 12, 31) + timedelta(days=number) for number in range(366))
    ends = (day for day in days if day.weekday() == 6 or day.month == DAILY or (day + timedelta(days=1)).day == 1)
    return list(ends)


@dataclass(frozen=True)
class Plan:
    """``slots``: the months in which every case happens once in every municipality; a month may stand there twice."""

    municipalities: int
    slots: tuple[int, ...]

    @property
    def alerts(self) -> int:
        return self.municipalities * len(self.slots) * CASES

    def area(self, municipality: int) -> str:
        """Municipalities, districts and neighbourhoods are counted from 0."""
        return f"GM{9101 + municipality % self.municipalities}"

    def district(self, municipality: int, district: int) -> str:
        return f"WK{self.area(municipality)[2:]}{district:02d}"

    def neighbourhood(self, municipality: int, neighbourhood: int) -> str:
        district, number = divmod(neighbourhood, EACH)
        return f"BU{self.area(municipality)[2:]}{district:02d}{number:02d}"


WHOLE = Plan(20, (1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 10, 11, 12))
SMALL = Plan(2, (5, 5, 9))
