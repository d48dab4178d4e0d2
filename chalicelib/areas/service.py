"""Where things are: areas by code, the areas at a point, and the shape that an alert asks for."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from chalicelib.areas.geometry import Bounds, meet
from chalicelib.areas.model import (
    NATION,
    PREFIX,
    Area,
    BoundarySource,
    Feature,
    Level,
    Location,
    Outline,
    Point,
    PolygonShape,
    Shape,
)
from chalicelib.areas.overlap import overlap
from chalicelib.areas.store import AreaStore, no_such_area
from chalicelib.areas.succession import Succession, Successor
from chalicelib.areas.validation import CODE, AreaCodes, check_bounds, parse_area
from chalicelib.platform.errors import Conflict, InvalidInput, NotFound
from chalicelib.staff.mailing import BY_DEFAULT, Mailing

LOAD_CHUNK = 50
FEW = 20  # municipalities whose own rows are read, each with its whole outline
_BELOW: Mapping[Level, tuple[Level, ...]] = {
    Level.MUNICIPALITY: (Level.DISTRICT, Level.NEIGHBOURHOOD),
    Level.DISTRICT: (Level.NEIGHBOURHOOD,),
    Level.NEIGHBOURHOOD: (),
}
_FINEST_FIRST = (Level.NEIGHBOURHOOD, Level.DISTRICT, Level.MUNICIPALITY)


@dataclass(frozen=True)
class AreaService:
    """``bounds``: west, south, east, north: where the areas of alerts may lie."""

    store: AreaStore
    bounds: Bounds
    _succession: dict[int, Succession] = field(default_factory=dict, compare=False, repr=False)  # by revision, the last

    def resolve(self, spec: object, field: str = "area") -> Shape:
        """The shape that the spec of an area describes (``validation``). ``field``: where it stands in the body.

        Raises:
            InvalidInput: as ``parse_area``; unknown_area_code where a code does not exist; area_outside_joined where
                the area overlaps no municipality that takes part.
        """
        area = parse_area(spec, self.bounds, field)
        joined = self.municipalities(joined_only=True)
        if isinstance(area, AreaCodes):
            outlines = self._outlines(area, f"{field}.codes")
            takes_part = not {outline.municipality for outline in outlines}.isdisjoint(it.code for it in joined)
            shape: Shape = PolygonShape(tuple(polygon for it in outlines if it.shape for polygon in it.shape.polygons))
        else:
            shape = area
            takes_part = any(self._overlapping(shape, joined))
        if not takes_part:
            raise InvalidInput.of(field, "area_outside_joined", "No municipality that takes part lies in this area.")
        return shape

    def check_point(self, point: Point, field: str) -> None:
        """Raises ``InvalidInput``: coordinates_swapped, outside_bounds."""
        check_bounds([point], self.bounds, field)

    def locate(self, point: Point) -> Location | None:
        """The areas that hold the point; of several on a border those with the lowest code. None: outside all."""
        found: dict[Level, Outline] = {}
        for outline in sorted(self.store.around(point), key=lambda outline: outline.code):
            if outline.level not in found and (outline.shape is None or outline.shape.contains(point)):
                found[outline.level] = outline
        finest = next((found[level] for level in _FINEST_FIRST if level in found), None)
        if finest is None:
            return None
        neighbourhood, district = found.get(Level.NEIGHBOURHOOD), found.get(Level.DISTRICT)
        municipality = self.store.find(finest.municipality)
        return Location(
            neighbourhood=neighbourhood.code if neighbourhood else None,
            district=finest.district or (district.code if district else None),
            municipality=finest.municipality,
            municipality_name=municipality.name if municipality else finest.municipality,
            joined=municipality is not None and municipality.joined,
        )

    def get(self, code: str) -> Area:
        """Raises ``NotFound`` area_not_found."""
        area = self.store.find(code) if CODE.fullmatch(code) else None
        if area is None:
            raise no_such_area()
        return self._with_joined([area])[0]

    def known(self, code: str) -> Area:
        """As ``get``, and an area that has ended as it was, with ``until``. Raises ``NotFound`` area_not_found."""
        try:
            return self.get(code)
        except NotFound:
            if CODE.fullmatch(code) and (ended := self.store.ended(code)):
                return ended
            raise

    def shape(self, code: str) -> PolygonShape:
        """Raises ``NotFound`` area_not_found."""
        outline = self.store.outlines([code]).get(code) if CODE.fullmatch(code) else None
        if outline is None or outline.shape is None:
            raise no_such_area()
        return outline.shape

    def names(self, codes: Iterable[str]) -> dict[str, str]:
        """Code -> name; one that does not exist is left out."""
        wanted = set(codes)
        found = {code: area.name for code, area in self._listed_together(wanted).items()}
        return found | self.store.names(sorted(wanted - found.keys()))

    def listed(self, codes: Iterable[str]) -> dict[str, Area]:
        """By code, those that exist or have existed; who takes part is not to be read from it."""
        wanted = set(codes)
        found = self._listed_together(wanted)
        return found | self.store.listed(sorted(wanted - found.keys()))

    def _listed_together(self, wanted: Collection[str]) -> dict[str, Area]:
        """Municipalities, where they are many: by one Query, of rows without outlines."""
        if sum(code.startswith(PREFIX[Level.MUNICIPALITY]) for code in wanted) <= FEW:
            return {}
        return {area.code: area for area in self.store.municipalities() if area.code in wanted}

    def children(self, code: str) -> list[Area]:
        """The areas right below this one, by code: districts of a municipality, neighbourhoods of a district.

        Raises:
            NotFound: area_not_found.
        """
        self.get(code)
        return self._with_joined(self.store.children(code))

    def sketches(self, within: str, level: str) -> list[Feature]:
        """Coarse outlines of all areas of a level inside another one, by code. ``within`` NL: of all municipalities.

        Raises:
            NotFound: area_not_found, also where no such level lies within it.
        """
        if within == NATION and level == Level.MUNICIPALITY:
            return self.store.sketches(NATION, Level.MUNICIPALITY)
        area = self.get(within)
        if level not in _BELOW[area.level]:
            raise no_such_area()
        found = self.store.sketches(area.municipality, Level(level))
        return [it for it in found if area.level is Level.MUNICIPALITY or it.area.district == area.code]

    def municipalities(self, joined_only: bool = False) -> list[Area]:
        """By code."""
        return [area for area in self.store.municipalities() if area.joined or not joined_only]

    def municipalities_in(self, shape: Shape) -> list[Area]:
        """Those that overlap the shape by more than a border, by code."""
        return list(self._overlapping(shape, self.municipalities()))

    def below_in(self, code: str, shape: Shape) -> list[str]:
        """The codes of all areas below this one, at any depth, that overlap the shape by more than a border."""
        found: list[str] = []
        for area in self._overlapping(shape, self.store.children(code)):
            found += [area.code, *self.below_in(area.code, shape)]
        return found

    def put_municipality(
        self, code: str, joined: bool, summary_emails: tuple[str, ...], mailing: Mailing = BY_DEFAULT
    ) -> Area:
        """Let a municipality take part or not, and say who gets which summaries.

        Raises:
            NotFound: area_not_found.
        """
        if not CODE.fullmatch(code):
            raise no_such_area()
        return self.store.set_municipality(code, joined, summary_emails, mailing)

    def load(self, features: Iterable[Feature], progress: Callable[[int], None] = lambda count: None) -> Counter[Level]:
        """Write areas, over those of the same code; which municipalities take part stays as it is.

        Returns:
            How many there were of each level. ``progress`` hears the number so far, now and then.

        Raises:
            InvalidInput: duplicate_area where a code comes twice; those before it have been written.
        """
        counts: Counter[Level] = Counter()
        seen: set[str] = set()
        chunk: list[Feature] = []
        for feature in features:
            code = feature.area.code
            if code in seen:
                raise InvalidInput.of("code", "duplicate_area", f"{code} comes twice.")
            seen.add(code)
            counts[feature.area.level] += 1
            chunk.append(feature)
            if len(chunk) == LOAD_CHUNK:
                self.store.load(chunk)
                progress(len(seen))
                chunk = []
        self.store.load(chunk)
        progress(len(seen))
        return counts

    def source(self) -> BoundarySource | None:
        """Whose boundaries these are; None: nobody has said."""
        return self.store.source()

    def say_source(self, source: BoundarySource) -> None:
        """Whose boundaries have been loaded."""
        self.store.set_source(source)

    def succession(self) -> Succession:
        """What became of codes; read again only where more has been loaded since."""
        revision = self.store.revision()
        if revision not in self._succession:
            self._succession.clear()
            self._succession[revision] = Succession(self.store.successors() if revision else ())
        return self._succession[revision]

    def former(self, codes: Collection[str]) -> frozenset[str]:
        """Codes that have ended, of what lies in these areas now as a whole."""
        return self.succession().former(codes)

    def load_successors(self, successors: Iterable[Successor]) -> None:
        """Add what became of codes to what is known of others."""
        self.store.load_successors(sorted(set(successors)))

    def inherit(self, code: str, former: str) -> None:
        """A municipality takes part if one that it comes from did, and who got its summaries gets this one's.

        Once it is said who got what that one had (``hand_over``), no more.

        Raises:
            NotFound: area_not_found.
            Conflict: changed_meanwhile.
        """
        self.store.inherit(code, former)

    def undecided(self, code: str) -> bool:
        """Whether it is a municipality that has ended, and nobody has said who gets what it had."""
        was = self.store.ended(code)
        return was is not None and was.bequeaths

    def hand_over(self, former: str, heirs: Collection[str]) -> list[Area]:
        """What a municipality had that has ended goes to each of these, parts of it, or to none (``inherit``).

        Returns:
            Those that got it, by code; where that was said before, as they are now.

        Raises:
            NotFound: area_not_found.
            Conflict: area_not_ended; heirs_decided where others got it; changed_meanwhile.
            InvalidInput: not_a_part.
        """
        was, wanted = self.known(former), tuple(sorted(set(heirs)))
        if was.level is not Level.MUNICIPALITY:
            raise no_such_area()
        if was.until is None:
            raise Conflict("area_not_ended", "This municipality has not ended: what it has stays with it.")
        if strangers := set(wanted) - self.succession().parts(former, was.until - 1):
            raise InvalidInput.of("heirs", "not_a_part", f"{', '.join(sorted(strangers))}: no part of it lies there.")
        self.store.settle(former, wanted)
        return [self.get(heir) for heir in wanted]

    def left_out(self, year: int) -> list[tuple[str, str]]:
        """Municipalities that take part and go on under their code, each with one that does not and in which a part of
        it lies since ``year``: whoever lives there is not asked any more.
        """
        joined = {area.code: area.joined for area in self.municipalities()}
        lost = sorted((code, other) for code, others in self.succession().lost(year).items() for other in others)
        return [(code, other) for code, other in lost if joined.get(code) and joined.get(other) is False]

    def end(self, code: str, year: int) -> None:
        """It is no area any more, from that year on, nor is what lies below it; ``names`` and ``known`` find it."""
        for area in self.store.children(code):
            self.end(area.code, year)
        self.store.end(code, year)

    def lying_in(self, municipalities: Iterable[str]) -> dict[str, frozenset[str]]:
        """By municipality the codes of all that lie in it now as a whole, its own among them."""
        succession = self.succession()
        return {code: succession.municipalities(code) for code in municipalities}

    def _outlines(self, area: AreaCodes, field: str) -> list[Outline]:
        found = self.store.outlines(area.codes)
        unknown = [code for code in area.codes if code not in found]
        if unknown:
            raise InvalidInput.of(field, "unknown_area_code", f"There is no area {', '.join(unknown[:10])}.")
        return [found[code] for code in area.codes]

    def _overlapping(self, shape: Shape, areas: Iterable[Area]) -> Iterator[Area]:
        near = [area for area in areas if area.bounds and meet(area.bounds, shape.bounds)]
        outlines = self.store.outlines(area.code for area in near)
        for area in near:
            outline = outlines[area.code]
            if outline.shape and overlap(shape, outline.shape):
                yield area

    def _with_joined(self, areas: list[Area]) -> list[Area]:
        """Districts and neighbourhoods with what holds for their municipality."""
        above = {area.municipality for area in areas if area.level is not Level.MUNICIPALITY}
        found = {code: self.store.find(code) for code in above}
        return [replace(area, joined=it.joined) if (it := found.get(area.municipality)) else area for area in areas]
