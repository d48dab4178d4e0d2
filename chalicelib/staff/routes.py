"""``/organisations``: control rooms, municipalities and police teams, as the administrator keeps them."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import Field

from chalicelib.platform.emails import Email
from chalicelib.platform.errors import NotFound
from chalicelib.platform.http import Body, Call, Endpoint
from chalicelib.staff.mailing import Language, Mailing, Summaries, Summary
from chalicelib.staff.model import Kind, Organisation
from chalicelib.staff.policy import ADMINS, Scope
from chalicelib.staff.service import OrganisationService

ID = r"^[A-Za-z0-9][A-Za-z0-9-]{1,31}$"
Code = Annotated[str, Field(max_length=10, pattern=r"^[A-Z0-9]{4,10}$")]


class OrganisationUpdate(Body):
    kind: Kind = Field(strict=False)
    name: str = Field(min_length=2, max_length=80)
    areas: list[Code] = Field(
        max_length=500,
        description="Of a control room its municipalities, of a municipality its own code, of a police team areas of "
        "any level. Empty: its members see and reach nothing.",
    )
    supervisors: list[Email] = Field(
        default=[],
        max_length=20,
        description="Of a control room: who is told by e-mail what it did alone, or left open. Empty: those of the "
        "whole network.",
    )
    mailboxes: list[Email] = Field(
        default=[],
        max_length=20,
        description="Of a control room or a police team: where it reads how alerts ended that touched it. A control "
        "room is also reminded here of alerts that stay open; empty: its supervisors are.",
    )
    summaries: list[Literal["closed"]] = Field(
        default=["closed"], max_length=1, description="Whether it reads how alerts ended. Not of a municipality."
    )
    summary_language: Language = "nl"


class OrganisationReply(Body):
    id: str = Field(description="What the tokens of its members say as custom:tenant.")
    kind: Kind
    name: str
    areas: list[str]
    supervisors: list[str]
    mailboxes: list[str]
    summaries: Summaries
    summary_language: Language

    @classmethod
    def of(cls, organisation: Organisation) -> "OrganisationReply":
        return cls(
            id=organisation.id,
            kind=organisation.kind,
            name=organisation.name,
            areas=list(organisation.areas),
            supervisors=list(organisation.supervisors),
            mailboxes=list(organisation.mailboxes),
            summaries=organisation.mailing.listed,
            summary_language=organisation.mailing.language,
        )


class OrganisationList(Body):
    organisations: list[OrganisationReply]


@dataclass(frozen=True)
class OrganisationRoutes:
    service: Callable[[], OrganisationService]

    def endpoints(self) -> list[Endpoint]:
        return [
            Endpoint(
                "GET",
                "/organisations",
                self.all,
                "Who takes part as an organisation",
                reply=OrganisationList,
                roles=ADMINS,
                scope=Scope.NETWORK,
            ),
            Endpoint(
                "PUT",
                "/organisations/{id}",
                self.put,
                "Say which areas are whose, and who supervises",
                OrganisationUpdate,
                reply=OrganisationReply,
                told=lambda call: {
                    "kind": call.body.kind,
                    "areas": " ".join(call.body.areas),
                    "supervisors": str(len(call.body.supervisors)),
                    "mailboxes": str(len(call.body.mailboxes)),
                },
                roles=ADMINS,
                scope=Scope.NETWORK,
                raises=(NotFound,),
            ),
        ]

    def all(self, call: Call[None]) -> OrganisationList:
        return OrganisationList(organisations=[OrganisationReply.of(it) for it in self.service().all()])

    def put(self, call: Call[OrganisationUpdate]) -> OrganisationReply:
        body = call.body
        organisation = Organisation(
            _id(call),
            body.kind,
            body.name,
            areas=tuple(sorted(set(body.areas))),
            supervisors=tuple(dict.fromkeys(body.supervisors)),
            mailboxes=tuple(dict.fromkeys(body.mailboxes)),
            mailing=Mailing(frozenset(map(Summary, body.summaries)), body.summary_language),
        )
        return OrganisationReply.of(self.service().put(organisation))


def _id(call: Call[Any]) -> str:
    if not re.fullmatch(ID, call.path["id"]):
        raise NotFound("organisation_not_found", "An organisation's id is 2 to 32 letters, digits and hyphens.")
    return call.path["id"]
