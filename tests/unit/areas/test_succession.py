import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.areas.succession import NotComparable, Succession, Successor

# 2024: a neighbourhood is numbered anew. 2025: one is split. 2026: two municipalities merge into a new one.
CHANGES = Succession(
    [
        Successor(2024, "BU90010101", "BU90010109"),
        Successor(2025, "BU90010102", "BU90010102"),
        Successor(2025, "BU90010102", "BU90010103"),
        Successor(2026, "GM9001", "GM9005"),
        Successor(2026, "GM9002", "GM9005"),
        Successor(2026, "BU90010109", "BU90050101"),
        Successor(2026, "BU90010102", "BU90050102"),
        Successor(2026, "BU90010103", "BU90050102"),
        Successor(2026, "BU90020101", "BU90050103"),
    ]
)

# Codes that nothing had in those years, and that may be found as well.
NEW_2026 = {"GM9005", "BU90050101", "BU90050102", "BU90050103"}
NEW_2025 = NEW_2026 | {"BU90010103"}
NOT_YET = {2025: NEW_2026, 2024: NEW_2025, 2023: NEW_2025 | {"BU90010109"}, 2020: NEW_2025 | {"BU90010109"}}


@pytest.mark.parametrize(
    ("code", "made", "expected"),
    [
        ("GM9005", 2025, {"GM9001", "GM9002"}),
        ("GM9005", 2026, {"GM9005"}),
        ("BU90050101", 2025, {"BU90010109"}),
        ("BU90050101", 2023, {"BU90010101"}),
        ("BU90050103", 2020, {"BU90020101"}),
        ("BU90060101", 2020, {"BU90060101"}),
        # Its two halves are one again.
        ("BU90050102", 2025, {"BU90010102", "BU90010103"}),
        ("BU90050102", 2024, {"BU90010102"}),
    ],
)
def test_an_area_of_today_is_found_under_its_codes_of_then(code, made, expected):
    assert CHANGES.origins(code, 2026, made) - NOT_YET.get(made, set()) == expected


def test_what_was_split_is_not_comparable_before():
    assert CHANGES.origins("BU90010103", 2025, 2025) == {"BU90010103"}
    with pytest.raises(NotComparable) as error:
        CHANGES.origins("BU90010103", 2025, 2024)
    assert error.value.year == 2025


def test_a_municipality_that_takes_another_in_and_keeps_its_code_has_both_histories():
    changes = Succession([Successor(2026, "GM9002", "GM9001")])
    assert changes.origins("GM9001", 2026, 2025) == {"GM9001", "GM9002"}
    assert changes.origins("GM9001", 2025, 2025) == {"GM9001"}


def test_what_has_no_line_of_its_own_stands_for_what_its_municipality_became():
    changes = Succession([Successor(2026, "GM9001", "GM9005")])
    assert changes.standing({"WK900102", "WK900202"}) == {"GM9005", "WK900202"}


def test_what_has_ended_stands_for_what_it_became_and_all_else_for_itself():
    assert CHANGES.standing({"GM9001", "BU90010102", "BU90010101", "GM9003"}) == {
        "GM9005", "BU90050101", "BU90050102", "GM9003",
    }  # fmt: skip
    lines = [(2025, "GM9001", "GM9002"), (2026, "GM9002", "GM9003"), (2026, "GM9004", "GM9002")]
    given_on = Succession(Successor(*line) for line in lines)
    assert given_on.standing({"GM9001", "GM9002"}) == {"GM9003", "GM9002"}
    assert given_on.standing(()) == frozenset()


def test_an_area_has_grown_in_the_last_year_in_which_something_of_another_came_to_it():
    lines = [
        (2024, "GM9001", "GM9002"),
        (2026, "GM9003", "GM9002"),
        (2026, "GM9003", "GM9004"),
        (2025, "GM9002", "GM9002"),
    ]
    changes = Succession(Successor(*line) for line in lines)
    assert changes.grown == {"GM9002": 2026, "GM9004": 2026}


def test_a_code_that_is_given_to_another_area_does_not_inherit_the_figures_of_the_one_before():
    changes = Succession([Successor(2026, "BU90010101", "BU90010102")])
    assert changes.origins("BU90010102", 2026, 2025) == {"BU90010101", "BU90010102"}
    assert changes.origins("BU90010101", 2026, 2025) == frozenset()


CODES = [f"GM900{n}" for n in range(5)]
RENAMINGS = st.dictionaries(st.tuples(st.integers(2021, 2025), st.sampled_from(CODES)), st.sampled_from(CODES))


@given(RENAMINGS, st.integers(2020, 2025))
def test_without_splits_everybody_of_then_is_in_exactly_one_area_of_today(renamings, made):
    changes = Succession(Successor(year, old, new) for (year, old), new in renamings.items())
    found = [origin for code in CODES for origin in changes.origins(code, 2025, made)]
    assert sorted(found) == CODES
