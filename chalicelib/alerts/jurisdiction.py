"""Which alerts a control room may act on and see, and where: its own, in its own region, and over its border.

Why so: docs/decisions/0023-own-region.md.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Protocol

from chalicelib.areas.model import Location, Point
from chalicelib.platform.errors import Forbidden, InvalidInput, NotFound
from chalicelib.staff.model import Kind, StaffMember

MAX_BEYOND = 5  # municipalities of others that one alert may reach


class Regions(Protocol):
    """``OrganisationService`` is one."""

    def region(self, member: StaffMember, kinds: Collection[Kind] = ...) -> frozenset[str]:
        """Codes of the areas in which a member acts. Raises ``Forbidden``."""
        ...


class Locator(Protocol):
    def locate(self, point: Point) -> Location | None: ...


class Judged(Protocol):
    """What decides who sees an alert; both an ``Alert`` and its ``Summary`` have it."""

    @property
    def tenant(self) -> str: ...

    @property
    def municipalities(self) -> tuple[str, ...]: ...

    @property
    def approved_at(self) -> object: ...


def alert_not_found() -> NotFound:
    """Also said of what others have: nobody learns here that there is something."""
    return NotFound("alert_not_found", "There is no such alert.")


@dataclass(frozen=True)
class View:
    """What one member sees in a list. ``region``: codes of municipalities."""

    tenant: str
    region: frozenset[str]

    def shows(self, alert: Judged) -> bool:
        """The own, and what a neighbour sends into the own region, from its approval on."""
        if alert.tenant == self.tenant:
            return True
        return alert.approved_at is not None and not self.region.isdisjoint(alert.municipalities)


@dataclass(frozen=True)
class Jurisdiction:
    regions: Regions
    areas: Locator

    def view(self, member: StaffMember) -> View:
        return View(member.tenant, self._region(member))

    def check_sees(self, member: StaffMember, alert: Judged) -> None:
        """Raises ``NotFound``: as if there were no such alert."""
        if alert.tenant != member.tenant and not self.view(member).shows(alert):
            raise alert_not_found()

    def check_acts(self, member: StaffMember, alert: Judged) -> None:
        """Raises ``NotFound``, or ``Forbidden`` other_control_room where the member can see the alert anyway."""
        self.check_sees(member, alert)
        if alert.tenant != member.tenant:
            raise Forbidden("other_control_room", f"This alert is {alert.tenant}'s: call them.")

    def check_any(self, member: StaffMember) -> None:
        """Whoever's organisation has no area any more reaches nobody and reads no tips: so an account that is in other
        hands is stopped at once (docs/runbooks/staff-accounts.md). Raises ``Forbidden`` no_areas.
        """
        if not self._region(member):
            raise Forbidden("no_areas", "Your organisation has no areas at the moment; ask the administrator.")

    def check_area(self, member: StaffMember, municipalities: Collection[str], incident: Point | None) -> None:
        """An area, by the municipalities that it touches, lies in the own region; or reaches over its border from an
        incident on this side of it.

        Raises:
            InvalidInput: outside_region, too_far_over_border.
        """
        region = self._region(member)
        beyond = [code for code in municipalities if code not in region]
        if municipalities and not beyond:
            return
        if len(beyond) == len(municipalities) or not self._lies_in(region, incident):
            names = ", ".join(beyond[:10]) or "none"
            text = f"Outside your region: {names}. Only from an incident in your own region may an area reach over."
            raise InvalidInput.of("area", "outside_region", text)
        if len(beyond) > MAX_BEYOND:
            text = f"This reaches {len(beyond)} municipalities of others, and {MAX_BEYOND} are the most."
            raise InvalidInput.of("area", "too_far_over_border", text)

    def _lies_in(self, region: frozenset[str], point: Point | None) -> bool:
        found = self.areas.locate(point) if point else None
        return found is not None and found.municipality in region

    def _region(self, member: StaffMember) -> frozenset[str]:
        return self.regions.region(member, (Kind.CONTROL_ROOM,))
