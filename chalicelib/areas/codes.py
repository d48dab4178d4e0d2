"""What the code of an area says about where it lies.

Statistics Netherlands (CBS) builds the codes so: municipality 4 digits, district 2 more, neighbourhood 2 more.
"""

import re

_CODE = re.compile(r"(?:GM|WK|BU)(?P<municipality>\d{4})(?P<district>\d{2})?(?:\d{2})?")


def lineage(code: str) -> tuple[str, ...]:
    """An area and those that it lies in, the smallest first: ``BU03440111`` -> ``BU03440111, WK034401, GM0344``.

    A code of another shape stands alone.
    """
    match = _CODE.fullmatch(code)
    if not match:
        return (code,)
    municipality, district = match["municipality"], match["district"]
    above = [f"WK{municipality}{district}", f"GM{municipality}"] if district else [f"GM{municipality}"]
    return tuple(dict.fromkeys([code, *above]))
