"""No attacker finds a small figure: one who solves the equations, and one who knows the rule as well."""

from collections import defaultdict
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.areas.codes import lineage
from chalicelib.reports.suppression import SMALL, told

ONE, TWO, THREE, FOUR = (f"BU900101{n:02d}" for n in range(1, 5))
OTHER = ("BU90010201", "BU90010202")


def total(parts, area):
    return sum(value for code, value in parts.items() if area in lineage(code))


def picture(parts, may=None):
    """What the public sees: each area that is told, with its figure."""
    return frozenset((area, total(parts, area)) for area in (told(parts) if may is None else may))


def test_with_nobody_small_everything_is_told():
    parts = {ONE: 5, TWO: 0, THREE: 12, **dict.fromkeys(OTHER, 7)}
    assert told(parts) == {*parts, "WK900101", "WK900102", "GM9001"}


def test_a_small_neighbourhood_takes_the_next_larger_with_it_and_those_without_anybody():
    assert told({ONE: 3, TWO: 0, THREE: 6, FOUR: 9}) == {FOUR, "WK900101", "GM9001"}
    assert told({ONE: 3, TWO: 4, THREE: 6, FOUR: 9}) == {THREE, FOUR, "WK900101", "GM9001"}


def test_those_of_one_size_go_together_and_four_times_four_is_no_secret():
    assert told({ONE: 3, TWO: 6, THREE: 6, FOUR: 9}) == {FOUR, "WK900101", "GM9001"}
    assert told({ONE: 4, TWO: 4, THREE: 6, FOUR: 9}) == {FOUR, "WK900101", "GM9001"}


def test_nothing_is_told_of_what_lies_in_a_district_that_is_held_back():
    assert told({ONE: 3, OTHER[0]: 20, OTHER[1]: 30}) == {"GM9001"}


def test_who_is_known_to_live_in_a_district_and_not_where_is_a_part_of_it_too():
    assert told({"WK900101": 2, ONE: 8, TWO: 9}) == {TWO, "WK900101", "GM9001"}
    assert told({"WK900101": 7, ONE: 8, TWO: 9}) == {ONE, TWO, "WK900101", "GM9001"}


def test_where_another_figure_of_the_same_people_is_held_back_so_is_this_one_and_one_beside_it():
    parts = {ONE: 20, TWO: 8, THREE: 9}
    assert told(parts, withheld={ONE}) == {THREE, "WK900101", "GM9001"}


def test_a_municipality_is_told_and_where_it_is_small_nothing_in_it_is():
    assert told({ONE: 3, OTHER[0]: 0}) == {"GM9001"}
    assert told({"GM9001": 3}) == {"GM9001"}


@pytest.mark.parametrize(
    ("cells", "most"),
    [((ONE, TWO), 12), ((ONE, TWO, THREE), 12), ((ONE, TWO, THREE, FOUR), 8), ((ONE, TWO, *OTHER), 8)],
)
def test_who_knows_the_rule_finds_no_small_figure(cells, most):
    """Every world there is, sorted by what is seen of it: in what looks alike, each small figure has several values."""
    seen_as = defaultdict(lambda: [set() for _ in cells])
    worlds = list(product(range(most + 1), repeat=len(cells)))
    pictures = [picture(dict(zip(cells, world, strict=True))) for world in worlds]
    for world, seen in zip(worlds, pictures, strict=True):
        for values, value in zip(seen_as[seen], world, strict=True):
            values.add(value)
    found = [
        (world, cells[n])
        for world, seen in zip(worlds, pictures, strict=True)
        for n, value in enumerate(world)
        if 0 < value < SMALL and len(seen_as[seen][n]) == 1
    ]
    assert found == []


VALUES = st.one_of(st.integers(0, 6), st.integers(0, 30))
NEIGHBOURHOODS = [f"BU9001{district:02d}{n:02d}" for district in (1, 2, 3) for n in (1, 2, 3)]
TREES = st.dictionaries(st.sampled_from([*NEIGHBOURHOODS, "WK900101", "WK900102"]), VALUES, min_size=2)


@given(TREES, st.sets(st.sampled_from(NEIGHBOURHOODS), max_size=2))
def test_who_solves_the_equations_finds_no_small_figure(parts, withheld):
    assert small_ones_found([(1, parts, told(parts, withheld))]) == set()


@given(st.lists(TREES, min_size=1, max_size=3))
def test_who_subtracts_months_from_the_year_finds_no_small_figure(months):
    areas = {area: 0 for parts in months for area in parts}
    months = [{**areas, **parts} for parts in months]
    equations = [(1 << n, parts, told(parts)) for n, parts in enumerate(months)]
    year = {area: sum(parts[area] for parts in months) for area in areas}
    equations.append(((1 << len(months)) - 1, year, frozenset.intersection(*(it for _, _, it in equations))))
    assert small_ones_found(equations) == set()


def small_ones_found(published):
    """Of (which months, parts, told): the districts and neighbourhoods of 1 to 4 people that the equations determine.

    Not counted: what is in a municipality of one district, of which that one is all.
    """
    unknowns = sorted({(n, code) for months, parts, _ in published for n in bits(months) for code in parts})
    place = {unknown: number for number, unknown in enumerate(unknowns)}

    def row(months, area):
        return [Fraction(n in bits(months) and area in lineage(code)) for n, code in unknowns]

    basis = reduced([row(months, area) for months, _, areas in published for area in areas])
    found = set()
    for months, parts, _ in published:
        if len(bits(months)) > 1 or total(parts, "GM9001") < SMALL:
            continue
        for area in {area for code in parts for area in lineage(code) if not area.startswith("GM")}:
            if 0 < total(parts, area) < SMALL and determined(row(months, area), basis):
                found.add((months, area))
    assert place
    return found


def bits(number):
    return [n for n in range(number.bit_length()) if number >> n & 1]


def reduced(rows):
    """Rows in echelon form: leading column -> row."""
    basis = {}
    for row in rows:
        row = remainder(row, basis)
        lead = next((n for n, value in enumerate(row) if value), None)
        if lead is not None:
            basis[lead] = [value / row[lead] for value in row]
    return basis


def remainder(row, basis):
    for lead in sorted(basis):
        if factor := row[lead]:
            row = [value - factor * other for value, other in zip(row, basis[lead], strict=True)]
    return row


def determined(row, basis):
    return not any(remainder(row, basis))


def test_the_attacker_of_these_tests_does_find_what_is_there_to_find():
    parts = {ONE: 3, TWO: 9}
    assert small_ones_found([(1, parts, {"WK900101", "GM9001", TWO})]) == {(1, ONE)}
    assert small_ones_found([(1, parts, {"GM9001"})]) == set()
