"""The twin of the table ``areas``."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from chalicelib.areas import geohash
from chalicelib.areas.cover import PARTITION_LENGTH, partitions
from chalicelib.areas.geometry import within
from chalicelib.areas.model import Area, BoundarySource, Feature, Level, Outline, Point
from chalicelib.areas.sketch import sketch
from chalicelib.areas.store import heirs_decided, no_such_area
from chalicelib.areas.succession import Successor
from chalicelib.staff.mailing import BY_DEFAULT, Mailing


@dataclass
class MemoryAreaStore:
    features: dict[str, Feature] = field(default_factory=dict)
    settings: dict[str, tuple[bool, tuple[str, ...], Mailing]] = field(default_factory=dict)
    cells: dict[str, set[str]] = field(default_factory=dict)
    over: dict[str, Area] = field(default_factory=dict)
    became: set[Successor] = field(default_factory=set)
    loads: int = 0
    said: BoundarySource | None = None

    def find(self, code: str) -> Area | None:
        return self._area(code) if code in self.features else None

    def ended(self, code: str) -> Area | None:
        return self.over.get(code)

    def end(self, code: str, year: int) -> None:
        if code in self.features:
            self.over[code] = replace(self._area(code), until=year)
            del self.features[code]
            self.settings.pop(code, None)
            for codes in self.cells.values():
                codes.discard(code)

    def inherit(self, code: str, former: str) -> None:
        was = self.find(former) or self.over.get(former)
        if was is None or not was.bequeaths:
            return
        if code not in self.features or self._level(code) is not Level.MUNICIPALITY:
            raise no_such_area()
        heir = self._area(code).with_what_had(was)
        self.set_municipality(code, heir.joined, heir.summary_emails, heir.mailing)

    def settle(self, code: str, heirs: Sequence[str]) -> None:
        names = tuple(heirs)
        was = self.over.get(code)
        if was is None or was.level is not Level.MUNICIPALITY:
            raise no_such_area()
        if was.heirs not in (None, names):
            raise heirs_decided(was)
        if was.heirs is None:
            if any(name not in self.features or self._level(name) is not Level.MUNICIPALITY for name in names):
                raise no_such_area()
            for heir in (self._area(name).with_what_had(was) for name in names):
                self.set_municipality(heir.code, heir.joined, heir.summary_emails, heir.mailing)
            self.over[code] = replace(was, heirs=names, summary_emails=())

    def outlines(self, codes: Iterable[str]) -> dict[str, Outline]:
        return {code: self._outline(code) for code in codes if code in self.features}

    def names(self, codes: Iterable[str]) -> dict[str, str]:
        return {code: area.name for code, area in self.listed(codes).items()}

    def listed(self, codes: Iterable[str]) -> dict[str, Area]:
        known = {**self.over, **{code: feature.area for code, feature in self.features.items()}}
        return {code: known[code] for code in codes if code in known}

    def around(self, point: Point) -> list[Outline]:
        codes = self.cells.get(geohash.encode(*point, PARTITION_LENGTH), set())
        return [self._outline(code) for code in sorted(codes) if within(point, self.features[code].shape.bounds)]

    def municipalities(self) -> list[Area]:
        return [self._area(code) for code in sorted(self.features) if self._level(code) is Level.MUNICIPALITY]

    def children(self, code: str) -> list[Area]:
        return [self._area(child) for child in sorted(self.features) if self.features[child].area.parent == code]

    def sketches(self, within: str, level: Level) -> list[Feature]:
        known = (self.features[code] for code in sorted(self.features))
        inside = (it for it in known if it.area.level is level and it.area.within == within)
        return [Feature(it.area, sketch(it.shape, level)) for it in inside]

    def set_municipality(
        self, code: str, joined: bool, summary_emails: tuple[str, ...], mailing: Mailing = BY_DEFAULT
    ) -> Area:
        if code not in self.features or self._level(code) is not Level.MUNICIPALITY:
            raise no_such_area()
        self.settings[code] = (joined, summary_emails, mailing)
        return self._area(code)

    def load(self, features: Sequence[Feature]) -> None:
        for feature in features:
            code = feature.area.code
            for codes in self.cells.values():
                codes.discard(code)
            for cell in partitions(feature.shape):
                self.cells.setdefault(cell, set()).add(code)
            self.over.pop(code, None)
            self.features[code] = Feature(replace(feature.area, bounds=feature.shape.bounds), feature.shape)

    def successors(self) -> list[Successor]:
        return sorted(self.became)

    def load_successors(self, successors: Sequence[Successor]) -> None:
        self.became.update(successors)
        self.loads += 1

    def revision(self) -> int:
        return self.loads

    def source(self) -> BoundarySource | None:
        return self.said

    def set_source(self, source: BoundarySource) -> None:
        self.said = source

    def _level(self, code: str) -> Level:
        return self.features[code].area.level

    def _area(self, code: str) -> Area:
        joined, emails, mailing = self.settings.get(code, (False, (), BY_DEFAULT))
        return replace(self.features[code].area, joined=joined, summary_emails=emails, mailing=mailing)

    def _outline(self, code: str) -> Outline:
        area, shape = self.features[code].area, self.features[code].shape
        return Outline(code, area.level, area.municipality, area.district, shape)
