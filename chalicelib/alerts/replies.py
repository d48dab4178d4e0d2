"""What staff read of alerts."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field, PlainSerializer, WithJsonSchema

from chalicelib.alerts.budget import Strain, Warnings
from chalicelib.alerts.cap import Certainty, MsgType, Scope, Severity, Status, StatusColour, Urgency
from chalicelib.alerts.content import Category, Kind
from chalicelib.alerts.descriptions import Build, Colour, Sex, VehicleKind
from chalicelib.alerts.history import EventRecord
from chalicelib.alerts.late_outcome import awaited, told_until
from chalicelib.alerts.listing import Page
from chalicelib.alerts.messages import UpdateType, update_name
from chalicelib.alerts.model import Alert
from chalicelib.alerts.outcome import Contribution, Result
from chalicelib.alerts.preview import Preview
from chalicelib.alerts.sms_parts import Encoding
from chalicelib.alerts.states import State
from chalicelib.alerts.store import cursor_of
from chalicelib.alerts.text import Language
from chalicelib.alerts.waves import Hold
from chalicelib.channels.model import Channel
from chalicelib.channels.prices import CURRENCY
from chalicelib.platform.clock import rfc3339
from chalicelib.platform.http import Body

At = Annotated[
    datetime,
    PlainSerializer(rfc3339, return_type=str),
    WithJsonSchema({"type": "string", "format": "date-time"}, mode="serialization"),
]
Progress = Annotated[dict[str, Any], Field(description="How far delivery is; absent before the first message")]


ColourOfStatus = Annotated[
    StatusColour,
    Field(description="Of its banner: red is real, blue an exercise, grey a test"),
]


class WrittenText(Body):
    nl: str
    en: str | None = None


class DescribedPerson(Body):
    sex: Sex | None = None
    age_from: int | None = None
    age_to: int | None = None
    height_cm: int | None = None
    build: Build | None = None
    appearance: WrittenText | None = None
    hair: WrittenText | None = None
    clothing: WrittenText | None = None
    distinguishing: WrittenText | None = None


class DescribedVehicle(Body):
    kind: VehicleKind | None = None
    make: str | None = None
    model: str | None = None
    colour: Colour | None = None
    plate: str | None = None
    direction: WrittenText | None = None


class IncidentPointReply(Body):
    lon: float
    lat: float


class WavesReply(Body):
    radii_m: tuple[int, ...]
    minutes: int


class WaveStateReply(Body):
    """``begun``: how many waves. ``next_at``: absent where none begins by itself any more."""

    begun: int
    next_at: At | None = None
    held: Hold | None = None


class OverrideReply(Body):
    """Why people are asked outside their hours and beyond the weekly cap."""

    reason: str


class RecordedReply(Body):
    """What calls play. ``sha256``: of the file that was approved; where to listen: ``GET .../recording``."""

    sha256: str
    seconds: float


class PhotoReply(Body):
    """``sha256``: of the file that was approved; where to look at it: ``GET .../photo``."""

    sha256: str
    alt: WrittenText


class SmsParts(Body):
    encoding: Encoding
    units: int
    parts: int


class PushPreview(Body):
    """On a device. A body that is too long for it is cut."""

    title: str
    body: str


class AlertPreview(Body):
    """The call as it will be read and heard. Without ``sms``, ``voice`` and ``push`` where it goes by e-mail only."""

    email_subject: str
    email_text: str = Field(description="As a mail program shows it that shows no HTML; the same words")
    sms: str | None = None
    parts: SmsParts | None = None
    voice: str | None = Field(default=None, description="What is said to who is called, all of it")
    push: PushPreview | None = None


class PostReply(Body):
    """``name``: what it says: the call, an update, the outcome. ``reason``: the network's own words for a refusal."""

    name: str
    state: Literal["queued", "posted", "withdrawn", "failed"]
    url: str | None = None
    reason: str | None = None


class NetworkReply(Body):
    """``text``: the call as everybody will read it there. ``posts``: none before the first message."""

    text: str
    posts: tuple[PostReply, ...]


class UpdateReply(Body):
    """``references``: the message that it updates, as CAP writes it: sender, identifier, sent."""

    message: str = Field(description="Its name in progress: update-1, update-2, ...")
    msg_type: MsgType
    references: str
    type: UpdateType
    text: WrittenText
    at: At
    by: str


class BudgetReply(Body):
    """Whole cents of ``currency``."""

    code: str
    name: str
    strain: Strain = Field(description="near: over 80 % of this year's budget; over: over all of it")
    budget_cents: int
    spent_cents: int = Field(description="So far this year, exercises and tests too")
    alert_cents: int = Field(description="What this alert would add")
    currency: str = Field(description="ISO 4217")


BudgetWarnings = Annotated[
    list[BudgetReply] | None,
    Field(
        description="Municipalities that this alert takes near the end of their budget, or over it; "
        "it hinders nothing. Absent where it was not, or could not be looked up, and where very few are in reach"
    ),
]


def budget_replies(warnings: Warnings) -> list[BudgetReply] | None:
    if warnings is None:
        return None
    return [
        BudgetReply(
            code=it.code,
            name=it.name,
            strain=it.strain,
            budget_cents=it.budget,
            spent_cents=it.spent,
            alert_cents=it.alert,
            currency=CURRENCY,
        )
        for it in warnings
    ]


class AlertReply(Body):
    """``shape``: what ``area`` resolved to. ``authors``: who may not approve."""

    id: str
    version: int
    state: State
    tenant: str
    kind: Kind
    category: Category
    status: Status
    colour: ColourOfStatus
    msg_type: MsgType
    scope: Scope
    urgency: Urgency
    severity: Severity
    certainty: Certainty
    headline: WrittenText
    description: WrittenText
    instruction: WrittenText
    incident_at: At | None = None
    incident_point: IncidentPointReply | None = None
    persons: tuple[DescribedPerson, ...]
    vehicles: tuple[DescribedVehicle, ...]
    call_number: str
    channels: tuple[Channel, ...]
    expires: At
    override: OverrideReply | None = None
    recording: RecordedReply | None = None
    photo: PhotoReply | None = None
    area: dict[str, Any]
    shape: dict[str, Any]
    municipalities: tuple[str, ...]
    authors: tuple[str, ...]
    created_at: At
    created_by: str
    submitted_at: At | None = None
    submitted_by: str | None = None
    submitted_digest: str | None = Field(
        default=None, description="SHA-256 of what was submitted: text, area, settings"
    )
    approval_until: At | None = Field(default=None, description="When it must be submitted again")
    approved_at: At | None = None
    approved_by: str | None = None
    approved_reach: str | None = Field(default=None, description="Code of the band that the approver typed")
    limits_reason: str | None = Field(default=None, description="Why it may go beyond a limit")
    break_glass: str | None = Field(
        default=None, description="Why `approved_by` let it out alone; absent where a second person approved"
    )
    note: str | None = Field(default=None, description="As in CAP: what must be known of it at first sight")
    due: At | None = Field(default=None, description="When the countdown is over")
    activated_at: At | None = None
    stopped_at: At | None = None
    stopped_by: str | None = None
    closed_at: At | None = None
    closed_by: str | None = None
    cancelled_at: At | None = None
    cancelled_by: str | None = None
    returned_reason: str | None = None
    result: Result | None = None
    contribution: Contribution | None = None
    outcome_text: WrittenText | None = None
    outcome_at: At | None = Field(default=None, description="When the outcome was added: it had closed by itself")
    outcome_by: str | None = None
    outcome_told_until: At | None = Field(
        default=None,
        description="Of a result that is unknown: until when an outcome that is added is told to those who were asked",
    )
    updates: tuple[UpdateReply, ...]
    waves: WavesReply | None = None
    wave_state: WaveStateReply | None = None
    preview: dict[Language, AlertPreview]
    posts: dict[str, NetworkReply] | None = Field(
        default=None, description="By social network, where the alert is Actual and its scope Public"
    )
    progress: Progress | None = None
    budget: BudgetWarnings = None

    @classmethod
    def of(
        cls,
        alert: Alert,
        preview: Mapping[Language, Preview],
        posts: Mapping[str, Any] | None,
        progress: Mapping[str, Any] | None,
        budget: Warnings = None,
    ) -> "AlertReply":
        """Every field by its own name from the alert, else from its content."""
        own = {
            "area": alert.content.target.area,
            "updates": tuple(_updates(alert)),
            "preview": dict(preview),
            "outcome_told_until": told_until(alert) if awaited(alert) else None,
            "posts": posts,
            "progress": progress,
            "budget": budget_replies(budget),
        }
        taken = {
            name: getattr(alert, name) if hasattr(alert, name) else getattr(alert.content, name)
            for name in cls.model_fields.keys() - own.keys()
        }
        return cls.model_validate(taken | own, strict=False, from_attributes=True)


def _updates(alert: Alert) -> Iterator[UpdateReply]:
    for number, update in enumerate(alert.updates, 1):
        yield UpdateReply(
            message=update_name(number),
            msg_type=MsgType.UPDATE,
            references=f"{alert.tenant},{alert.id},{rfc3339(alert.activated_at or alert.created_at)}",
            type=update.type,
            text=WrittenText(nl=update.text.nl, en=update.text.en),
            at=update.at,
            by=update.by,
        )


class AlertSummary(Body):
    id: str
    tenant: str
    kind: Kind
    category: Category
    status: Status
    colour: ColourOfStatus
    headline: str = Field(description="Dutch")
    state: State
    version: int
    created_at: At
    expires: At
    stopped: bool
    break_glass: bool = Field(description="One person let it out, without a second")
    result: Result | None = Field(default=None, description="Once it is closed; unknown: it closed by itself")


class AlertPage(Body):
    """A filtered page may hold fewer than asked for while ``cursor`` says that there is more."""

    alerts: list[AlertSummary]
    cursor: str | None = Field(default=None, description="Ask for the next page with it; absent at the end")

    @classmethod
    def of(cls, page: Page) -> "AlertPage":
        alerts = [AlertSummary.model_validate(alert, from_attributes=True) for alert in page.alerts]
        return cls(alerts=alerts, cursor=page.cursor)


class AlertEvent(Body):
    cursor: str
    at: At
    type: str
    by: str
    facts: dict[str, str]


class AlertEvents(Body):
    """``cursor``: send it as ``after`` to get what comes next. ``version``: of the alert at this moment."""

    events: list[AlertEvent]
    state: State
    version: int
    status: Status
    colour: ColourOfStatus
    break_glass: bool = Field(description="One person let it out, without a second")
    progress: Progress | None = None
    cursor: str
    next_poll_ms: int

    @staticmethod
    def listed(events: Iterable[EventRecord]) -> list[AlertEvent]:
        return [
            AlertEvent(cursor=cursor_of(event), at=event.at, type=event.type, by=event.by, facts=dict(event.facts))
            for event in events
        ]
