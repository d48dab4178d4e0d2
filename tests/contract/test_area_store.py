"""What every area store promises."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from chalicelib.areas.model import Area, BoundarySource, Feature, Level, Point, PolygonShape
from chalicelib.areas.store import DynamoAreaStore
from chalicelib.areas.store_memory import MemoryAreaStore
from chalicelib.areas.succession import Successor
from chalicelib.platform import aws
from chalicelib.platform.errors import Conflict, NotFound
from chalicelib.staff.mailing import Mailing, Summary


@pytest.fixture
def store(backend):
    if backend.name == "memory":
        return MemoryAreaStore()
    return DynamoAreaStore(backend.table("areas"), lambda: aws.client("dynamodb"))


def box(west, south, east, north):
    return PolygonShape(((((west, south), (east, south), (east, north), (west, north), (west, south)),),))


def feature(code, level, shape, **more):
    area = Area(code=code, name=f"Name of {code}", level=level, year=2024, **{"municipality": code, **more})
    return Feature(area, shape)


# More than three cells of geohash-5 wide and high, so that it fills some of them.
TOWN = feature(
    "GM7000",
    Level.MUNICIPALITY,
    box(5.0, 52.0, 5.3, 52.3),
    inhabitants=12,
    households=7,
    safety_region="VR09",
    label=Point(5.123456789, 52.1),
)
VILLAGE = feature("GM8000", Level.MUNICIPALITY, box(5.3, 52.0, 5.4, 52.1))
HAMLET = feature("GM8001", Level.MUNICIPALITY, box(5.4, 52.0, 5.5, 52.1))
DISTRICT = feature("WK700000", Level.DISTRICT, box(5.0, 52.0, 5.3, 52.1), municipality="GM7000", district="WK700000")
SOUTH = feature(
    "BU70000001", Level.NEIGHBOURHOOD, box(5.0, 52.0, 5.3, 52.05), municipality="GM7000", district="WK700000"
)
NORTH = feature(
    "BU70000000", Level.NEIGHBOURHOOD, box(5.0, 52.05, 5.3, 52.1), municipality="GM7000", district="WK700000"
)
ALL = [TOWN, VILLAGE, DISTRICT, SOUTH, NORTH]


def stored(it):
    return replace(it.area, bounds=it.shape.bounds)


def codes_around(store, point):
    return {outline.code for outline in store.around(point)}


def test_areas_are_read_back(store):
    store.load(ALL)
    assert [store.find(it.area.code) for it in ALL] == [stored(it) for it in ALL]


def test_nothing_is_found_where_nothing_was_loaded(store):
    assert store.find("GM7000") is None
    assert store.find("BU70000000") is None
    assert store.outlines(["GM7000"]) == {}
    assert store.around(Point(5.1, 52.02)) == []
    assert store.municipalities() == []
    assert store.children("GM7000") == []
    store.load([])


def test_outlines_come_with_their_shapes(store):
    store.load(ALL)
    found = store.outlines(["BU70000001", "GM7000", "GM9999"])
    assert found.keys() == {"BU70000001", "GM7000"}
    assert found["GM7000"].shape == TOWN.shape
    outline = found["BU70000001"]
    assert (outline.level, outline.municipality, outline.district) == (Level.NEIGHBOURHOOD, "GM7000", "WK700000")
    assert outline.shape == SOUTH.shape


def test_more_outlines_than_one_read_takes(store):
    many = [
        feature(
            f"BU700001{n:02d}",
            Level.NEIGHBOURHOOD,
            box(5 + n / 1000, 52, 5.001 + n / 1000, 52.001),
            municipality="GM7000",
        )
        for n in range(100)
    ] + [SOUTH]
    store.load(many)
    assert len(store.outlines(it.area.code for it in many)) == 101


def test_all_that_contain_a_point_are_around_it(store):
    store.load(ALL)
    point = Point(5.15, 52.02)
    holding = {
        outline.code for outline in store.around(point) if outline.shape is None or outline.shape.contains(point)
    }
    assert holding == {"GM7000", "WK700000", "BU70000001"}
    border = Point(5.3, 52.05)
    assert {"GM7000", "GM8000", "BU70000000", "BU70000001"} <= codes_around(store, border)


def test_children_and_municipalities_come_in_order_without_those_of_others(store):
    store.load(ALL)
    assert store.municipalities() == [stored(TOWN), stored(VILLAGE)]
    assert store.children("GM7000") == [stored(DISTRICT)]
    assert store.children("WK700000") == [stored(NORTH), stored(SOUTH)]
    assert store.children("GM8000") == []


def test_coarse_outlines_are_those_of_a_level_in_one_municipality(store):
    store.load(ALL)

    def sketched(within, level):
        return [(it.area, it.shape) for it in store.sketches(within, level)]

    assert sketched("GM7000", Level.NEIGHBOURHOOD) == [(stored(NORTH), NORTH.shape), (stored(SOUTH), SOUTH.shape)]
    assert sketched("GM7000", Level.DISTRICT) == [(stored(DISTRICT), DISTRICT.shape)]
    assert sketched("NL", Level.MUNICIPALITY) == [(stored(TOWN), TOWN.shape), (stored(VILLAGE), VILLAGE.shape)]
    assert sketched("NL", Level.DISTRICT) == sketched("GM8000", Level.NEIGHBOURHOOD) == []
    store.set_municipality("GM7000", True, ("a@b.example",))
    assert not store.sketches("NL", Level.MUNICIPALITY)[0].area.joined


def test_an_area_that_moved_to_another_municipality_is_drawn_there_alone(store):
    store.load(ALL)
    moved = replace(DISTRICT.area, municipality="GM8000")
    store.load([Feature(moved, DISTRICT.shape)])
    assert store.sketches("GM7000", Level.DISTRICT) == []
    assert [it.area.code for it in store.sketches("GM8000", Level.DISTRICT)] == ["WK700000"]


def test_a_municipality_is_set_and_stays_so_when_it_is_loaded_again(store):
    store.load(ALL)
    addresses, weekly = ("a@example.org", "b@example.org"), Mailing(frozenset({Summary.WEEKLY}), "en")
    expected = replace(stored(TOWN), joined=True, summary_emails=addresses, mailing=weekly)
    assert store.set_municipality("GM7000", True, addresses, weekly) == expected
    store.load(ALL)
    assert store.find("GM7000") == expected
    assert store.municipalities() == [expected, stored(VILLAGE)]
    assert store.set_municipality("GM7000", False, ()) == stored(TOWN)
    assert store.find("GM7000") == stored(TOWN)


@pytest.mark.parametrize("code", ["GM9999", "BU70000000", "WK700000"])
def test_what_is_no_municipality_cannot_be_set(store, code):
    store.load(ALL)
    before = store.find(code)
    with pytest.raises(NotFound):
        store.set_municipality(code, True, ())
    assert store.find(code) == before


def test_an_area_that_moved_leaves_nothing_behind(store):
    store.load(ALL)
    elsewhere = replace(SOUTH, area=replace(SOUTH.area, district=None), shape=box(6.0, 52.0, 6.3, 52.05))
    store.load([elsewhere])
    assert "BU70000001" not in codes_around(store, Point(5.15, 52.02))
    assert codes_around(store, Point(6.15, 52.02)) == {"BU70000001"}
    assert store.children("WK700000") == [stored(NORTH)]
    assert store.children("GM7000") == [stored(elsewhere), stored(DISTRICT)]


def test_a_figure_that_is_no_longer_known_is_gone(store):
    store.load([TOWN])
    bare = replace(TOWN, area=replace(TOWN.area, inhabitants=None, label=None, safety_region=None))
    store.load([bare])
    assert store.find("GM7000") == stored(bare)
    assert store.municipalities() == [stored(bare)]


def test_holes_and_several_parts_and_every_digit_survive(store):
    hole = ((5.1, 52.1), (5.2000000000000001, 52.1), (5.15, 52.2000000000000099), (5.1, 52.1))
    shape = PolygonShape(((TOWN.shape.polygons[0][0], hole), *VILLAGE.shape.polygons))
    store.load([replace(TOWN, shape=shape)])
    assert store.outlines(["GM7000"])["GM7000"].shape == shape


def test_names_are_of_the_codes_that_exist(store):
    store.load(ALL)
    assert store.names(["BU70000001", "GM7000", "WK999999"]) == {
        "BU70000001": "Name of BU70000001",
        "GM7000": "Name of GM7000",
    }
    assert store.names([]) == {}


def test_areas_are_listed_by_their_codes_without_who_takes_part(store):
    store.load(ALL)
    store.set_municipality("GM7000", True, ("raad@town.example",))
    store.end("BU70000000", 2026)
    assert store.listed(["BU70000000", "GM7000", "WK999999"]) == {
        "BU70000000": replace(stored(NORTH), until=2026),
        "GM7000": stored(TOWN),
    }


def test_what_became_of_codes_is_kept_once_by_year(store):
    merged, renumbered = Successor(2026, "GM7000", "GM8000"), Successor(2024, "BU70000101", "BU70000102")
    assert store.successors() == []
    store.load_successors([merged])
    store.load_successors([merged, renumbered])
    assert store.successors() == [renumbered, merged]
    assert store.municipalities() == []


@pytest.mark.transactions
@pytest.mark.parametrize("it", [TOWN, NORTH])
def test_an_area_that_has_ended_is_found_by_its_name_alone(store, it):
    store.load(ALL)
    code = it.area.code
    if it is TOWN:
        store.set_municipality(code, True, ("raad@town.example",))
    store.end(code, 2026)
    store.end(code, 2026)
    assert store.find(code) is None
    assert store.outlines([code]) == {}
    assert store.names([code]) == {code: f"Name of {code}"}
    had = {"joined": True, "summary_emails": ("raad@town.example",)} if it is TOWN else {}
    assert store.ended(code) == replace(stored(it), until=2026, **had)
    assert store.ended("GM8000") is None
    assert code not in codes_around(store, Point(5.1, 52.07))
    assert code not in {area.code for area in [*store.municipalities(), *store.children("WK700000")]}
    sketched = [*store.sketches("NL", Level.MUNICIPALITY), *store.sketches("GM7000", Level.NEIGHBOURHOOD)]
    assert code not in {sketch.area.code for sketch in sketched}


@pytest.mark.transactions
def test_what_a_municipality_had_is_kept_until_somebody_got_it(store):
    emails, mailing = ("raad@town.example",), Mailing(frozenset({Summary.WEEKLY}), "en")
    had = {"joined": True, "summary_emails": emails, "mailing": mailing}
    store.load(ALL)
    store.set_municipality("GM7000", **had)
    for _ in range(2):
        store.end("GM7000", 2026)
    assert store.ended("GM7000") == replace(stored(TOWN), until=2026, **had)
    store.load([HAMLET])
    heirs = [replace(stored(it), **had) for it in (VILLAGE, HAMLET)]
    codes = [heir.code for heir in heirs]
    for _ in range(2):
        store.settle("GM7000", codes)
        assert [store.find(heir.code) for heir in heirs] == heirs
    store.set_municipality("GM8001", False, ())
    with pytest.raises(Conflict, match="heirs_decided"):
        store.settle("GM7000", codes[1:])
    store.settle("GM7000", codes)
    assert store.find("GM8001") == stored(HAMLET)
    store.end("GM7000", 2026)
    got = had | {"summary_emails": (), "heirs": ("GM8000", "GM8001")}
    assert store.ended("GM7000") == replace(stored(TOWN), until=2026, **got)
    store.load([TOWN])
    assert store.find("GM7000") == stored(TOWN)


@pytest.mark.transactions
def test_where_an_heir_is_not_there_nobody_gets_anything(store):
    store.load(ALL)
    store.set_municipality("GM7000", True, ("raad@town.example",))
    store.end("GM7000", 2026)
    with pytest.raises(NotFound):
        store.settle("GM7000", ["GM8000", "GM8001"])
    assert store.find("GM8000") == stored(VILLAGE)
    assert store.ended("GM7000").bequeaths


@dataclass
class Overtaken:
    """A client right before whose first such call something else happens."""

    inner: Any
    call: str
    meanwhile: Callable[[], None]
    done: bool = False

    def __getattr__(self, name):
        real = getattr(self.inner, name)
        if name != self.call or self.done:
            return real

        def late(**asked):
            self.done = True
            self.meanwhile()
            return real(**asked)

        return late


def overtaken(store, meanwhile, call="transact_write_items"):
    """The store, of which ``meanwhile`` happens right before it writes: of the twin, which does all at once, before."""
    if isinstance(store, MemoryAreaStore):
        meanwhile()
        return store
    client = Overtaken(store.client(), call, meanwhile)
    return replace(store, client=lambda: client)


@pytest.mark.transactions
def test_a_municipality_inherits_what_others_give_it_and_what_it_says_of_itself_at_the_same_moment(store):
    other = replace(TOWN, area=replace(TOWN.area, code="GM7001", municipality="GM7001"))
    store.load([TOWN, other, VILLAGE])
    store.set_municipality("GM7000", True, ("raad@town.example",))
    store.set_municipality("GM7001", False, ("raad@other.example",))
    overtaken(store, lambda: store.inherit("GM8000", "GM7001"), "update_item").inherit("GM8000", "GM7000")
    got = store.find("GM8000")
    assert (got.joined, got.summary_emails) == (True, ("raad@other.example", "raad@town.example"))
    store.set_municipality("GM8000", True, ())
    said = ("griffie@village.example",)
    late = overtaken(store, lambda: store.set_municipality("GM8000", True, said), "update_item")
    late.inherit("GM8000", "GM7000")
    assert store.find("GM8000").summary_emails == (*said, "raad@town.example")


@pytest.mark.transactions
def test_what_was_given_away_or_never_was_there_is_not_inherited(store):
    store.load([TOWN, VILLAGE, HAMLET])
    store.set_municipality("GM7000", True, ("raad@town.example",))
    store.inherit("GM8000", "GM9999")
    assert store.find("GM8000") == stored(VILLAGE)
    with pytest.raises(NotFound):
        store.inherit("GM9999", "GM7000")
    store.end("GM7000", 2026)
    store.settle("GM7000", ["GM8001"])
    store.inherit("GM8000", "GM7000")
    assert store.find("GM8000") == stored(VILLAGE)


@pytest.mark.transactions
@pytest.mark.parametrize("call", ["update_item", "delete_item"])
def test_what_is_said_of_a_municipality_while_it_ends_is_kept(store, call):
    mailing = Mailing(frozenset({Summary.WEEKLY}), "en")
    store.load([TOWN])
    store.set_municipality("GM7000", False, ("raad@town.example",))
    said = ("griffie@town.example",)
    overtaken(store, lambda: store.set_municipality("GM7000", True, said, mailing), call).end("GM7000", 2026)
    had = {"joined": True, "summary_emails": said, "mailing": mailing}
    assert store.ended("GM7000") == replace(stored(TOWN), until=2026, **had)
    assert store.find("GM7000") is None


@pytest.mark.transactions
@pytest.mark.parametrize("call", ["update_item", "delete_item"])
def test_an_import_that_began_before_another_was_done_brings_no_address_back(store, call):
    store.load([TOWN, VILLAGE])
    store.set_municipality("GM7000", True, ("raad@town.example",))

    def another():
        store.end("GM7000", 2026)
        store.settle("GM7000", ["GM8000"])

    overtaken(store, another, call).end("GM7000", 2026)
    got = store.ended("GM7000")
    assert (got.heirs, got.summary_emails, got.until) == (("GM8000",), (), 2026)


@pytest.mark.transactions
def test_what_two_municipalities_had_all_comes_to_the_same_heir_at_the_same_moment(store):
    other = replace(TOWN, area=replace(TOWN.area, code="GM7001", municipality="GM7001"))
    store.load([TOWN, other, VILLAGE, HAMLET])
    store.set_municipality("GM7000", True, ("raad@town.example",))
    store.set_municipality("GM7001", False, ("raad@other.example",))
    for code in ("GM7000", "GM7001"):
        store.end(code, 2026)
    overtaken(store, lambda: store.settle("GM7000", ["GM8000", "GM8001"])).settle("GM7001", ["GM8000"])
    village, hamlet = store.find("GM8000"), store.find("GM8001")
    assert (village.joined, village.summary_emails) == (True, ("raad@other.example", "raad@town.example"))
    assert (hamlet.joined, hamlet.summary_emails) == (True, ("raad@town.example",))
    assert [store.ended(code).heirs for code in ("GM7000", "GM7001")] == [("GM8000", "GM8001"), ("GM8000",)]


@pytest.mark.transactions
@pytest.mark.parametrize("before", [("raad@village.example",), ()])
def test_what_an_heir_says_of_itself_at_the_same_moment_stays(store, before):
    mailing = Mailing(frozenset({Summary.WEEKLY}), "en")
    store.load(ALL)
    store.set_municipality("GM7000", True, ("raad@town.example",))
    store.set_municipality("GM8000", False, before)
    store.end("GM7000", 2026)
    now = ("raad@village.example",)
    overtaken(store, lambda: store.set_municipality("GM8000", False, now, mailing)).settle("GM7000", ["GM8000"])
    got = {"joined": True, "summary_emails": ("raad@town.example", *now), "mailing": mailing}
    assert store.find("GM8000") == replace(stored(VILLAGE), **got)


@pytest.mark.transactions
@pytest.mark.parametrize("code", ["GM7000", "GM8001", "BU70000000"])
def test_only_of_a_municipality_that_has_ended_can_others_get_what_it_had(store, code):
    store.load(ALL)
    store.end("BU70000000", 2026)
    with pytest.raises(NotFound):
        store.settle(code, ["GM8000"])
    assert store.find("GM8000") == stored(VILLAGE)


def test_an_area_that_has_ended_and_is_loaded_again_is_one_again(store):
    store.load(ALL)
    store.end("BU70000000", 2026)
    store.load([NORTH])
    assert store.find("BU70000000") == stored(NORTH)
    assert store.ended("BU70000000") is None
    assert "BU70000000" in codes_around(store, Point(5.1, 52.07))


def test_what_was_never_there_cannot_end(store):
    store.end("GM7001", 2026)
    assert store.names(["GM7001"]) == {}
    assert store.ended("GM7001") is None


def test_successors_have_a_revision(store):
    assert store.revision() == 0
    store.load_successors([Successor(2026, "GM7000", "GM7001")])
    store.load_successors([])
    assert store.revision() == 2


def test_whose_boundaries_these_are_is_what_was_said_last(store):
    assert store.source() is None
    store.set_source(BoundarySource("Somebody else", 2023))
    store.set_source(BoundarySource("CBS, Kadaster", 2024))
    assert store.source() == BoundarySource("CBS, Kadaster", 2024)
