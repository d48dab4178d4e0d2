"""How many people, as a word: what an approver reads, so that a digit too many cannot be overlooked."""

from dataclasses import dataclass

from chalicelib.alerts.text import Text


@dataclass(frozen=True)
class Band:
    """From ``least`` to ``most`` people, None: without end."""

    code: str
    least: int
    most: int | None
    label: Text


BANDS = (
    Band("fewer_than_ten", 0, 9, Text("minder dan tien", "fewer than ten")),
    Band("tens", 10, 99, Text("tientallen", "tens")),
    Band("hundreds", 100, 999, Text("honderden", "hundreds")),
    Band("thousands", 1_000, 9_999, Text("duizenden", "thousands")),
    Band("tens_of_thousands", 10_000, 99_999, Text("tienduizenden", "tens of thousands")),
    Band("hundreds_of_thousands", 100_000, 999_999, Text("honderdduizenden", "hundreds of thousands")),
    Band("millions", 1_000_000, None, Text("miljoenen", "millions")),
)


def band(people: int) -> Band:
    return next(it for it in BANDS if it.most is None or people <= it.most)
