"""What staff send: an alert to create, changes to a draft, decisions."""

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from chalicelib.alerts.cap import Certainty, MsgType, Scope, Severity, Status, Urgency
from chalicelib.alerts.content import CALL_NUMBER, CHANNELS, WEIGHTS, Category, Content, Kind, Override
from chalicelib.alerts.descriptions import Build, Colour, Person, Sex, Vehicle, VehicleKind
from chalicelib.alerts.fields import Headline, Line, Moment, Passage, Story, Trait, Word
from chalicelib.alerts.messages import UpdateType
from chalicelib.alerts.outcome import Contribution, Result
from chalicelib.alerts.states import State
from chalicelib.alerts.target import Target
from chalicelib.alerts.text import Text
from chalicelib.alerts.waves import Waves
from chalicelib.areas.model import Point
from chalicelib.channels.model import Channel
from chalicelib.platform.http import Body

MAX_VERSION = 1_000_000


class _TextBody(Body):
    """Dutch, and English where there is one."""

    nl: str
    en: str | None = None

    def value(self) -> Text:
        return Text(self.nl, self.en)


class HeadlineBody(_TextBody):
    nl: Headline
    en: Headline | None = None


class DescriptionBody(_TextBody):
    nl: Story
    en: Story | None = None


class InstructionBody(_TextBody):
    nl: Passage
    en: Passage | None = None


class TraitBody(_TextBody):
    nl: Trait
    en: Trait | None = None


class AltBody(_TextBody):
    nl: Line
    en: Line | None = None


class IncidentPointBody(Body):
    lon: float = Field(ge=-180, le=180, allow_inf_nan=False)
    lat: float = Field(ge=-90, le=90, allow_inf_nan=False)

    def value(self) -> Point:
        return Point(self.lon, self.lat)


class WavesBody(Body):
    """Nearest first; each wave begins some minutes after the one before, unless a tip came in.

    The last wave is the rest of the area, so there is one more than there are radii.
    """

    radii_m: list[Annotated[int, Field(ge=50, le=50_000)]] = Field(
        min_length=1, max_length=5, description="How far from the incident each wave but the last reaches, ascending"
    )
    minutes: int = Field(ge=1, le=120)

    def value(self) -> Waves:
        return Waves(tuple(self.radii_m), self.minutes)


class OverrideBody(Body):
    """Life is at stake: people are asked outside their hours and beyond the weekly cap."""

    reason: Passage

    def value(self) -> Override:
        return Override(self.reason)


def _value(part: _TextBody | None) -> Text | None:
    return part.value() if part else None


class PersonBody(Body):
    sex: Sex | None = None
    age_from: int | None = Field(default=None, ge=0, le=120)
    age_to: int | None = Field(default=None, ge=0, le=120)
    height_cm: int | None = Field(default=None, ge=30, le=250)
    build: Build | None = None
    appearance: TraitBody | None = Field(default=None, description="Skin or origin, in few words")
    hair: TraitBody | None = None
    clothing: TraitBody | None = None
    distinguishing: TraitBody | None = None

    def value(self) -> Person:
        return Person(
            sex=self.sex,
            age_from=self.age_from,
            age_to=self.age_to,
            height_cm=self.height_cm,
            build=self.build,
            appearance=_value(self.appearance),
            hair=_value(self.hair),
            clothing=_value(self.clothing),
            distinguishing=_value(self.distinguishing),
        )


class VehicleBody(Body):
    kind: VehicleKind | None = None
    make: Word | None = None
    model: Word | None = None
    colour: Colour | None = None
    plate: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9 -]{0,11}$")] | None = None
    direction: TraitBody | None = Field(default=None, description="Where it was heading")

    def value(self) -> Vehicle:
        return Vehicle(
            kind=self.kind,
            make=self.make,
            model=self.model,
            colour=self.colour,
            plate=self.plate.upper() if self.plate else None,
            direction=_value(self.direction),
        )


Persons = Annotated[list[PersonBody], Field(max_length=5)]
Vehicles = Annotated[list[VehicleBody], Field(max_length=5)]
Channels = Annotated[list[Channel], Field(min_length=1, max_length=len(Channel))]
CallNumber = Annotated[str, StringConstraints(pattern=r"^[0-9][0-9 -]{1,19}[0-9]$")]
AreaSpec = Annotated[
    dict[str, Any],
    Field(
        description="Exactly one of: geometry, a GeoJSON Polygon or MultiPolygon; circle; codes of CBS",
        json_schema_extra={
            "minProperties": 1,
            "maxProperties": 1,
            "properties": {
                "geometry": {"type": "object"},
                "circle": {
                    "type": "object",
                    "required": ["center", "radius_m"],
                    "properties": {
                        "center": {"type": "array", "items": {"type": "number"}, "description": "lon, lat"},
                        "radius_m": {"type": "number"},
                    },
                },
                "codes": {"type": "array", "items": {"type": "string"}, "description": "GM, WK and BU codes"},
            },
        },
    ),
]


def _in_order(channels: list[Channel]) -> tuple[Channel, ...]:
    return tuple(channel for channel in Channel if channel in channels)


class NewAlert(Body):
    """Urgency, severity, certainty and channels follow from the kind where they are not given."""

    kind: Kind
    category: Category
    status: Status = Field(description="Exercise and Test say so in every message")
    msg_type: MsgType = MsgType.ALERT
    scope: Scope = Scope.RESTRICTED
    urgency: Urgency | None = None
    severity: Severity | None = None
    certainty: Certainty | None = None
    headline: HeadlineBody
    description: DescriptionBody
    instruction: InstructionBody
    incident_at: Moment | None = None
    incident_point: IncidentPointBody | None = None
    persons: Persons = Field(default_factory=list)
    vehicles: Vehicles = Field(default_factory=list)
    call_number: CallNumber = CALL_NUMBER
    area: AreaSpec
    channels: Channels | None = Field(default=None, description="What is not urgent goes by e-mail only")
    expires: Moment | None = Field(default=None, description="At most 22 hours from now")
    waves: WavesBody | None = Field(
        default=None, description="Needs an incident_point; without it all are asked at once"
    )
    override: OverrideBody | None = Field(
        default=None, description="For a missing child, or where urgency is Immediate and severity Extreme"
    )

    def content(self, target: Target) -> Content:
        """``target``: where ``area`` lies."""
        usual = WEIGHTS[self.kind]
        return Content(
            kind=self.kind,
            category=self.category,
            status=self.status,
            msg_type=self.msg_type,
            scope=self.scope,
            urgency=self.urgency or usual.urgency,
            severity=self.severity or usual.severity,
            certainty=self.certainty or usual.certainty,
            headline=self.headline.value(),
            description=self.description.value(),
            instruction=self.instruction.value(),
            incident_at=self.incident_at,
            incident_point=self.incident_point.value() if self.incident_point else None,
            persons=tuple(person.value() for person in self.persons),
            vehicles=tuple(vehicle.value() for vehicle in self.vehicles),
            call_number=self.call_number,
            target=target,
            channels=_in_order(self.channels) if self.channels else CHANNELS[self.kind],
            expires=self.expires,
            waves=self.waves.value() if self.waves else None,
            override=self.override.value() if self.override else None,
        )


class AlertChanges(Body):
    """Only what is named changes; the status never does.

    ``incident_at``, ``incident_point``, ``expires``, ``waves`` and ``override`` can be taken away with null.
    """

    version: int = Field(ge=1, le=MAX_VERSION, description="The version that you started from")
    kind: Kind | None = None
    category: Category | None = None
    scope: Scope | None = None
    urgency: Urgency | None = None
    severity: Severity | None = None
    certainty: Certainty | None = None
    headline: HeadlineBody | None = None
    description: DescriptionBody | None = None
    instruction: InstructionBody | None = None
    incident_at: Moment | None = None
    incident_point: IncidentPointBody | None = None
    persons: Persons | None = None
    vehicles: Vehicles | None = None
    call_number: CallNumber | None = None
    area: AreaSpec | None = None
    channels: Channels | None = None
    expires: Moment | None = None
    waves: WavesBody | None = None
    override: OverrideBody | None = None

    @model_validator(mode="after")
    def _only_some_can_be_taken_away(self) -> "AlertChanges":
        optional = {"incident_at", "incident_point", "expires", "waves", "override"}
        for name in sorted(self.model_fields_set - optional):
            if getattr(self, name) is None:
                raise PydanticCustomError("null_not_allowed", "{name} cannot be taken away.", {"name": name})
        return self

    def changes(self, target: Target | None) -> dict[str, Any]:
        """Field of ``Content`` -> new value. ``target``: where ``area`` lies, if that changes."""
        named = self.model_fields_set - {"version", "area", "channels"}
        changes = {name: _plain_value(getattr(self, name)) for name in named}
        if self.channels:
            changes["channels"] = _in_order(self.channels)
        return changes | ({"target": target} if target else {})


def _plain_value(part: Any) -> Any:
    if isinstance(part, list):
        return tuple(map(_plain_value, part))
    has_value = _TextBody | PersonBody | VehicleBody | IncidentPointBody | WavesBody | OverrideBody
    return part.value() if isinstance(part, has_value) else part


Typed = Annotated[str, StringConstraints(max_length=40)]


class Approval(Body):
    version: int = Field(ge=1, le=MAX_VERSION, description="The version that you read and approve")
    reach: Typed | None = Field(
        default=None,
        description="Of a live alert: the label of the band that its preview gives, typed in Dutch or English",
    )
    reason: Passage | None = Field(default=None, description="Why it may go beyond a limit, where it does")


class BreakGlass(Body):
    """Without a second person, for a life that cannot wait. Supervisors are told at once."""

    version: int = Field(ge=1, le=MAX_VERSION, description="The version that you let out")
    reach: Typed = Field(description="The label of the band that its preview gives, typed in Dutch or English")
    reason: Passage


class WaveOrder(Body):
    """``next``: the next wave begins now, held or not. ``hold``: none begins by itself any more."""

    action: Literal["next", "hold"]
    wave: int | None = Field(
        default=None, ge=2, le=6, description="Of next: which one; nothing happens if it has begun already"
    )


class Return(Body):
    reason: Passage


class NewUpdate(Body):
    """It says all that has changed since the call: the newest one counts."""

    type: UpdateType
    text: InstructionBody


class Closing(Body):
    """``text`` is added to the sentence that the result gives. ``unknown`` is refused: so ends what nobody closes."""

    result: Result
    contribution: Contribution
    text: InstructionBody | None = None


class AlertQuery(Body):
    state: State | None = None
    limit: int = Field(default=50, ge=1, le=100)
    cursor: str | None = Field(
        default=None, pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}\.[0-9]{3}Z_[0-9a-z]{10}$", max_length=40
    )


class EventQuery(Body):
    after: str | None = Field(
        default=None, pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}\.[0-9]{3}Z_[0-9a-z]{16}$", max_length=50
    )
    limit: int = Field(default=50, ge=1, le=100)
