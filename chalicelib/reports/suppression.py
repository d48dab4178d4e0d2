"""Small cells: which figures may be told, so that no 1 to 4 people of a district or neighbourhood can be found.

Not by subtraction either: where a figure is held back, so are others beside it. The rule, for the areas right below an
area that is told:

1. None of them has 1 to 4: all are told.
2. Else those below 5 are held back, also those with nobody; then the next larger ones, all of one size together, until
   at least two with anybody are held back, with at least 5 people together, not all with 4. Those with nobody decide
   nothing, so a caller may leave them out.
3. Nothing is told of what lies in an area that is held back.

**Why nobody can find a value**, even who knows this rule: of the areas held back only the sum is known. If two of them
differ, exchanging their values gives the very same picture. If all have the same, it is 1 to 3, and one more here and
one fewer there gives it again; or it is 4 and all are held back, which is also what comes of one area with all but 4,
one with 4 and nobody elsewhere. So each could have another value. ``docs/reports.md`` says what is not protected.
"""

from collections.abc import Collection, Iterable, Mapping

from chalicelib.areas.codes import lineage

SMALL = 5  # from so many people on a figure may stand alone

Figures = Mapping[str, int]


def told(parts: Figures, withheld: Collection[str] = ()) -> frozenset[str]:
    """The codes of the areas whose figure may be told: those of ``parts`` and all that they lie in.

    Args:
        parts: what each smallest area counts; of one municipality, whose own figure is always
            told. A district and its neighbourhoods may both stand there: people of whom no neighbourhood is known.
        withheld: areas that are held back because another figure of the same people is.
    """
    totals: dict[str, int] = {}
    below: dict[str, dict[str, int]] = {}
    for code, value in parts.items():
        for area in lineage(code):
            totals[area] = totals.get(area, 0) + value
    for area in totals:
        if above := lineage(area)[1:]:
            below.setdefault(above[0], {})[area] = totals[area]
    for area, children in below.items():
        if rest := totals[area] - sum(children.values()):
            children[_rest(area)] = rest
    roots = [area for area in totals if len(lineage(area)) == 1]
    found = {area for root in roots for area in _descend(root, below, withheld)}
    return frozenset(found.intersection(totals))


def _descend(area: str, below: Mapping[str, Figures], withheld: Collection[str]) -> Iterable[str]:
    yield area
    children = below.get(area, {})
    hidden = _held_back(children, {child for child in children if child in withheld})
    for child in children:
        if child not in hidden:
            yield from _descend(child, below, withheld)


def _held_back(cells: Figures, withheld: set[str]) -> set[str]:
    """Of areas whose sum is known."""
    if not withheld and not any(0 < value < SMALL for value in cells.values()):
        return set()
    hidden = withheld | {cell for cell, value in cells.items() if value < SMALL}
    for size in sorted({value for value in cells.values() if value >= SMALL}):
        if _unclear([cells[cell] for cell in hidden]):
            break
        hidden |= {cell for cell, value in cells.items() if value == size}
    return hidden


def _unclear(values: list[int]) -> bool:
    with_anybody = [value for value in values if value]
    return len(with_anybody) >= 2 and sum(values) >= SMALL and set(with_anybody) != {SMALL - 1}


def _rest(area: str) -> str:
    """Stands for what is known to lie in an area, and not where in it."""
    return f"{area}#"
