"""What hangs on codes goes along with them, once, wherever the work is cut off."""

from dataclasses import dataclass, field, replace

import pytest

from chalicelib.areas.model import Area, Feature, Level
from chalicelib.areas.succession import Successor
from chalicelib.platform.errors import Conflict, NotFound
from chalicelib.reports.new_boundaries import AT_ONCE, NewBoundaries
from chalicelib.staff.mailing import Mailing, Summary
from tests.unit.reports.conftest import SQUARE

LOST = "T1 WK900101"  # a team's district of which nothing says what it became
MERGER = [Successor(2026, "GM9001", "GM9005"), Successor(2026, "GM9002", "GM9005")]


@dataclass
class Moves:
    """Hands out pages by their number; of each page one participant moves. ``lasts``: how long a page takes."""

    clock: object
    pages: int = 3
    lasts: float = 0
    seen: list = field(default_factory=list)

    def page(self, after, size, changed):
        number = int(after or 0) + 1
        self.seen.append((number, changed("BU90010101"), changed("BU90030101")))
        self.clock.advance(seconds=self.lasts)
        return 1, str(number) if number < self.pages else None


@pytest.fixture
def moves(clock):
    return Moves(clock)


@pytest.fixture
def boundaries(areas, organisations, money, moves, clock):
    areas.load([Feature(Area("WK900101", "Oost", Level.DISTRICT, 2025, "GM9001", "WK900101"), SQUARE)])
    return NewBoundaries(areas, organisations, money, moves, clock)


def load(areas, *codes):
    areas.load(Feature(Area(code, f"New {code}", Level.MUNICIPALITY, 2026, code), SQUARE) for code in codes)


def test_a_merged_municipality_takes_part_and_its_analysts_and_rooms_have_it(boundaries, areas, organisations, money):
    load(areas, "GM9005")
    areas.load_successors(MERGER)
    areas.put_municipality("GM9001", True, ("raad@sluisveen.example",), Mailing(frozenset({Summary.WEEKLY}), "en"))
    areas.put_municipality("GM9002", False, ("griffie@molendrecht.example",))
    money.put_budget("GM9001", 2025, 1_000)
    money.put_budget("GM9002", 2024, 500)
    answer = boundaries.run({})
    ended = ["GM9001", "GM9002"]
    assert answer == {"done": True, "moved": 3, "ended": ended, "missing": [], "undecided": [LOST]}
    heir = areas.get("GM9005")
    assert heir.joined
    assert heir.summary_emails == ("griffie@molendrecht.example", "raad@sluisveen.example")
    assert heir.mailing == Mailing(frozenset({Summary.WEEKLY}), "en")
    assert organisations.find("MK90").areas == ("GM9005",)
    assert organisations.find("GM9001").areas == ("GM9005",)
    assert money.budgets(2026, {"GM9005"}) == {"GM9005": 1_500}
    assert money.budgets(2025, {"GM9005"}) == {}
    for code in (*ended, "WK900101"):
        with pytest.raises(NotFound):
            areas.get(code)
        assert areas.known(code).until == 2026


def test_again_nothing_changes_and_what_an_administrator_set_since_stays(boundaries, areas, organisations, money):
    load(areas, "GM9005")
    areas.load_successors(MERGER)
    boundaries.run({})
    areas.put_municipality("GM9005", True, ("nieuw@sluisdrecht.example",))
    money.put_budget("GM9005", 2026, 7)
    before = areas.get("GM9005"), organisations.all()
    boundaries.run({})
    assert (areas.get("GM9005"), organisations.all()) == before
    assert money.budgets(2026, {"GM9005"}) == {"GM9005": 7}


def test_a_budget_that_an_administrator_took_away_since_stays_away(boundaries, areas, money):
    load(areas, "GM9005")
    areas.load_successors(MERGER)
    for code in ("GM9001", "GM9002"):
        money.put_budget(code, 2025, 500)
    boundaries.run({})
    assert money.budgets(2026, {"GM9005"}) == {"GM9005": 1_000}
    money.put_budget("GM9005", 2026, None)
    boundaries.run({})
    assert money.budgets(2026, {"GM9005"}) == {}


@pytest.mark.parametrize("where", ["set_municipality", "set_areas", "end", "settle"])
def test_whoever_is_cut_off_goes_on(boundaries, areas, organisations, monkeypatch, where):
    load(areas, "GM9005")
    areas.load_successors(MERGER)
    store = organisations if where == "set_areas" else areas.store
    real, calls = getattr(store, where), []

    def dying(*given):
        real(*given)
        calls.append(given)
        if len(calls) == 1:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(store, where, dying, raising=False)
        with pytest.raises(KeyboardInterrupt):
            boundaries.run({})
    boundaries.run({})
    assert areas.get("GM9005").summary_emails == ("politie@sluisveen.example", "raad@sluisveen.example")
    assert [organisations.find(it).areas for it in ("MK90", "GM9001")] == [("GM9005",)] * 2
    assert [it.code for it in areas.municipalities()] == ["GM9005"]


@pytest.mark.parametrize("has", [("GM9001", "GM9002"), ("GM9002",), ()])
def test_what_an_administrator_says_of_an_organisation_at_the_same_moment_stays(
    boundaries, areas, organisations, monkeypatch, has
):
    """Whose rights end while boundaries are imported does not get them back."""
    load(areas, "GM9005")
    areas.load_successors(MERGER)
    room = organisations.find("MK90")
    said = replace(room, name="Meldkamer", areas=has, supervisors=("new@room.example",))
    listed = organisations.all()

    def meanwhile():
        organisations.put(said)
        return listed

    monkeypatch.setattr(organisations, "all", meanwhile, raising=False)
    boundaries.run({})
    assert organisations.find("MK90") == replace(said, areas=("GM9005",) if has else ())


def test_what_takes_too_long_goes_on_where_it_stopped(boundaries, areas, moves):
    load(areas, "GM9005")
    areas.load_successors(MERGER)
    moves.lasts = AT_ONCE.total_seconds() / 2
    answer = boundaries.run({})
    assert (answer["done"], answer["moved"], answer["after"]) == (False, 2, "2")
    assert boundaries.run({"after": answer["after"]})["done"]
    assert moves.seen == [(number, True, False) for number in (1, 2, 3)]


def test_nothing_is_done_of_areas_that_are_not_loaded_or_of_a_year_to_come(boundaries, areas, organisations):
    areas.load_successors([*MERGER, Successor(2027, "WK900101", "WK900109")])
    answer = boundaries.run({})
    assert (answer["ended"], answer["missing"]) == ([], ["GM9005"])
    assert [it.code for it in areas.municipalities()] == ["GM9001", "GM9002"]
    assert organisations.find("GM9001").areas == ("GM9001",)


SPLIT = [Successor(2026, "GM9001", "GM9002"), Successor(2026, "GM9001", "GM9006")]
RAAD = ("raad@sluisveen.example",)


def test_who_gets_what_was_split_is_for_an_administrator(boundaries, areas, organisations):
    load(areas, "GM9006")
    areas.load_successors(SPLIT)
    areas.put_municipality("GM9001", True, RAAD, Mailing(frozenset({Summary.WEEKLY}), "en"))
    for _ in range(2):
        assert boundaries.run({})["undecided"] == ["GM9001", "GM9001 GM9001", "MK90 GM9001", LOST]
    assert not areas.get("GM9006").joined
    assert organisations.find("MK90").areas == ("GM9001", "GM9002")

    assert [it.code for it in areas.hand_over("GM9001", ["GM9006", "GM9002"])] == ["GM9002", "GM9006"]
    new = areas.get("GM9006")
    assert (new.joined, new.summary_emails) == (True, RAAD)
    assert new.mailing == Mailing(frozenset({Summary.WEEKLY}), "en")
    assert areas.get("GM9002").summary_emails == RAAD
    assert areas.known("GM9001").summary_emails == ()
    for code in ("MK90", "GM9001"):
        organisations.put(replace(organisations.find(code), areas=("GM9002", "GM9006")))
    assert boundaries.run({})["undecided"] == [LOST]


@pytest.mark.parametrize("done", [False, True])
def test_a_decision_that_is_cut_off_is_made_whole_or_not_at_all(boundaries, areas, monkeypatch, done):
    load(areas, "GM9006")
    areas.load_successors(SPLIT)
    areas.put_municipality("GM9001", True, RAAD)
    boundaries.run({})
    had = {code: areas.get(code).summary_emails for code in ("GM9002", "GM9006")}
    settle = areas.store.settle

    def dying(*given):
        if done:
            settle(*given)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(areas.store, "settle", dying, raising=False)
        with pytest.raises(KeyboardInterrupt):
            areas.hand_over("GM9001", ["GM9006"])
    try:
        areas.hand_over("GM9001", ["GM9002"])
    except Conflict:
        assert done
    got, other = ("GM9006", "GM9002") if done else ("GM9002", "GM9006")
    assert areas.get(got).summary_emails == tuple(sorted({*had[got], *RAAD}))
    assert areas.get(other).summary_emails == had[other]


def test_a_part_of_what_goes_on_is_named_until_it_takes_part(boundaries, areas, clock):
    load(areas, "GM9006", "GM9007")
    lost = [Successor(2026, "GM9001", part) for part in ("GM9001", "GM9002", "GM9006")]
    areas.load_successors([*lost, Successor(2026, "GM9006", "GM9006"), Successor(2026, "GM9006", "GM9007")])
    areas.put_municipality("GM9001", True, RAAD)
    areas.put_municipality("GM9002", True, ())
    for _ in range(2):
        answer = boundaries.run({})
        assert (answer["ended"], answer["undecided"]) == ([], ["GM9006 part of GM9001"])
    areas.put_municipality("GM9006", True, ())
    assert boundaries.run({})["undecided"] == ["GM9007 part of GM9006"]
    clock.advance(days=366)
    assert boundaries.run({})["undecided"] == []


def test_that_nobody_gets_it_is_a_decision_too(boundaries, areas):
    load(areas, "GM9006")
    areas.load_successors(SPLIT)
    boundaries.run({})
    assert areas.hand_over("GM9001", []) == []
    assert "GM9001" not in boundaries.run({})["undecided"]
    assert not areas.get("GM9006").joined


def test_what_had_nothing_asks_for_no_decision(boundaries, areas):
    load(areas, "GM9006")
    areas.load_successors(SPLIT)
    areas.put_municipality("GM9001", False, ())
    assert "GM9001" not in boundaries.run({})["undecided"]


def test_parts_that_are_one_again_before_anybody_decided_get_it(boundaries, areas, clock):
    load(areas, "GM9006")
    areas.load_successors(SPLIT)
    areas.put_municipality("GM9001", True, RAAD)
    boundaries.run({})
    clock.advance(days=366)
    load(areas, "GM9008")
    areas.load_successors([Successor(2027, code, "GM9008") for code in ("GM9002", "GM9006")])
    assert boundaries.run({})["undecided"] == [LOST]
    assert RAAD[0] in areas.get("GM9008").summary_emails


def test_a_police_team_has_all_parts_of_what_was_split_in_its_municipality(boundaries, areas, organisations):
    parts = [Area(code, code, Level.DISTRICT, 2026, "GM9001", code) for code in ("WK900102", "WK900103")]
    areas.load(Feature(part, SQUARE) for part in parts)
    areas.load_successors([Successor(2026, "WK900101", part.code) for part in parts])
    assert boundaries.run({})["undecided"] == []
    assert organisations.find("T1").areas == ("WK900102", "WK900103")
