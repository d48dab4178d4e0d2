"""Organisations, and the areas in which their members act."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from chalicelib.platform.errors import Forbidden, InvalidInput, NotFound
from chalicelib.staff.model import KIND_OF, Kind, Organisation, StaffMember
from chalicelib.staff.store import OrganisationStore

CODES: Mapping[Kind, str] = {
    Kind.CONTROL_ROOM: r"GM[0-9]{4}",
    Kind.MUNICIPALITY: r"GM[0-9]{4}",
    Kind.POLICE_TEAM: r"GM[0-9]{4}|WK[0-9]{6}|BU[0-9]{8}",
}


class AreaNames(Protocol):
    """What organisations need of areas; ``AreaService`` is one."""

    def names(self, codes: Iterable[str]) -> dict[str, str]:
        """Code -> name; one that does not exist is left out."""
        ...

    def former(self, codes: Collection[str]) -> frozenset[str]:
        """Codes that have ended, of what lies in these areas now as a whole."""
        ...


@dataclass(frozen=True)
class OrganisationService:
    store: OrganisationStore
    areas: AreaNames

    def put(self, organisation: Organisation) -> Organisation:
        """Found an organisation, or give it another name, other areas or other supervisors. What it is stays.

        Raises:
            InvalidInput: kind_fixed, wrong_area_level, too_many_areas, unknown_area_code, supervisors_of_room,
                mailboxes_of_municipality.
        """
        standing = self.store.find(organisation.id)
        if standing and standing.kind is not organisation.kind:
            raise InvalidInput.of("kind", "kind_fixed", f"{organisation.id} is a {standing.kind} and stays one.")
        pattern = CODES[organisation.kind]
        if wrong := [code for code in organisation.areas if not re.fullmatch(pattern, code)]:
            text = f"Not an area that a {organisation.kind} can have: {', '.join(wrong[:10])}."
            raise InvalidInput.of("areas", "wrong_area_level", text)
        if organisation.kind is Kind.MUNICIPALITY and len(organisation.areas) > 1:
            raise InvalidInput.of("areas", "too_many_areas", "A municipality is one area.")
        names = self.areas.names(organisation.areas)
        if unknown := [code for code in organisation.areas if code not in names]:
            raise InvalidInput.of("areas", "unknown_area_code", f"There is no area {', '.join(unknown[:10])}.")
        if organisation.supervisors and organisation.kind is not Kind.CONTROL_ROOM:
            raise InvalidInput.of("supervisors", "supervisors_of_room", "Only a control room has supervisors.")
        if organisation.mailboxes and organisation.kind is Kind.MUNICIPALITY:
            text = "Who gets a municipality's mail is set with the municipality: summary_emails."
            raise InvalidInput.of("mailboxes", "mailboxes_of_municipality", text)
        self.store.put(organisation)
        return organisation

    def get(self, id: str) -> Organisation:  # noqa: A002
        """Raises ``NotFound`` organisation_not_found."""
        organisation = self.store.find(id)
        if organisation is None:
            raise NotFound("organisation_not_found", "There is no such organisation.")
        return organisation

    def all(self) -> list[Organisation]:
        return self.store.all()

    def region(self, member: StaffMember, kinds: Collection[Kind] = tuple(Kind)) -> frozenset[str]:
        """The codes of the areas in which a member acts, in a role that is for an organisation of these kinds; also
        those that ended in them, for what was made under those.

        Raises:
            Forbidden: organisation_unknown, or wrong_organisation where none of the member's roles is for its kind.
        """
        organisation = self.store.find(member.tenant)
        if organisation is None:
            raise Forbidden("organisation_unknown", "Your organisation is not known here; ask the administrator.")
        if organisation.kind not in {KIND_OF.get(role) for role in member.roles}.intersection(kinds):
            raise Forbidden("wrong_organisation", f"Your role is not one of a {organisation.kind}.")
        return frozenset(organisation.areas) | self.areas.former(organisation.areas)
