"""Where an alert is, in words that somebody from there knows: ``Sluiswijk, Kustveen``."""

from collections.abc import Iterable, Mapping
from typing import Protocol

from chalicelib.alerts.content import Content
from chalicelib.areas.model import Location, Point

MOST = 3  # names before it becomes "and others"
OTHERS = "e.o."


class NamedAreas(Protocol):
    """What is needed of areas; ``AreaService`` is one."""

    def names(self, codes: Iterable[str]) -> Mapping[str, str]: ...

    def locate(self, point: Point) -> Location | None: ...


def whereabouts(content: Content, areas: NamedAreas) -> str:
    """The areas that it names, else the neighbourhood of the incident; and their municipalities."""
    municipalities = content.target.municipalities
    smaller = [code for code in content.target.area.get("codes", ()) if code not in municipalities]
    if not smaller and content.incident_point:
        here = areas.locate(content.incident_point)
        if here and here.neighbourhood:
            smaller, municipalities = [here.neighbourhood], (here.municipality,)
    names = areas.names([*smaller, *municipalities])
    return ", ".join(filter(None, (_listed(smaller, names), _listed(municipalities, names))))


def _listed(codes: Iterable[str], names: Mapping[str, str]) -> str:
    known = list(dict.fromkeys(names[code] for code in codes if code in names))
    shown = ", ".join(known[:MOST])
    return f"{shown} {OTHERS}" if len(known) > MOST else shown
