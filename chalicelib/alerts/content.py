"""What an alert says, to whom and how: the part that is written, and that an approver approves as a whole."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise

from chalicelib.alerts.cap import Certainty, MsgType, Scope, Severity, Status, Urgency
from chalicelib.alerts.descriptions import Person, Vehicle, says_nothing
from chalicelib.alerts.target import Target
from chalicelib.alerts.text import Text
from chalicelib.alerts.waves import Waves
from chalicelib.areas.model import Point, shape_from_json
from chalicelib.channels.model import Channel
from chalicelib.platform.errors import FieldError, InvalidInput

MAX_LIFE = timedelta(hours=22)  # below a day, so that no clock or time zone error makes an alert outlive its date
CLOCK_ERROR = timedelta(minutes=5)
CALL_NUMBER = "0800-0011"


class Kind(StrEnum):
    """``alert`` is urgent; an inquiry asks for what was seen or filmed; prevention informs."""

    ALERT = "alert"
    INQUIRY = "inquiry"
    PREVENTION = "prevention"


class Category(StrEnum):
    RESIDENTIAL_BURGLARY = "residential_burglary"
    ROBBERY = "robbery"
    HIT_AND_RUN = "hit_and_run"
    MISSING_PERSON = "missing_person"
    MISSING_CHILD = "missing_child"
    OTHER_URGENT = "other_urgent"
    THEFT = "theft"
    VANDALISM = "vandalism"
    ARSON = "arson"
    FRAUD = "fraud"
    OTHER = "other"


_NEVER_URGENT = {Category.THEFT, Category.VANDALISM, Category.ARSON, Category.FRAUD, Category.OTHER}
CATEGORIES: Mapping[Kind, frozenset[Category]] = {
    Kind.ALERT: frozenset(Category) - _NEVER_URGENT,
    Kind.INQUIRY: frozenset(Category) - {Category.OTHER_URGENT},
    Kind.PREVENTION: frozenset(Category) - {Category.OTHER_URGENT, Category.MISSING_PERSON, Category.MISSING_CHILD},
}
MISSING = {Category.MISSING_PERSON, Category.MISSING_CHILD}
CHANNELS: Mapping[Kind, tuple[Channel, ...]] = {
    Kind.ALERT: (Channel.SMS, Channel.VOICE, Channel.EMAIL, Channel.PUSH),
    Kind.INQUIRY: (Channel.EMAIL,),
    Kind.PREVENTION: (Channel.EMAIL,),
}


@dataclass(frozen=True)
class Weight:
    """How pressing it is, in CAP's three words."""

    urgency: Urgency
    severity: Severity
    certainty: Certainty


WEIGHTS: Mapping[Kind, Weight] = {
    Kind.ALERT: Weight(Urgency.IMMEDIATE, Severity.SEVERE, Certainty.OBSERVED),
    Kind.INQUIRY: Weight(Urgency.PAST, Severity.MINOR, Certainty.OBSERVED),
    Kind.PREVENTION: Weight(Urgency.FUTURE, Severity.MINOR, Certainty.POSSIBLE),
}


@dataclass(frozen=True)
class Override:
    """Life is at stake: people are asked outside their hours too, and however often they were asked this week."""

    reason: str


class Audience(StrEnum):
    """Whom an alert may ask where that is not everybody who takes part."""

    CANARIES = "canaries"


@dataclass(frozen=True)
class Recorded:
    """What a dispatcher said. ``uri``: ``s3://bucket/key``. ``sha256``: of the file, in hex; its key is made of it."""

    uri: str
    sha256: str
    seconds: float


@dataclass(frozen=True)
class Photo:
    """Of who or what is looked for. ``sha256``: of the file, in hex; ``alt``: what it shows, for who cannot see it."""

    sha256: str
    media_type: str
    alt: Text


@dataclass(frozen=True)
class Occasion:
    """What decides, beside the area and the channels, whom an alert asks. ``category`` None: not chosen yet.

    ``overrides``: hours and the weekly cap do not hold. ``municipalities``: codes of those that its area touches.
    ``audience``: as of ``Content``.
    """

    kind: Kind
    category: Category | None
    status: Status
    overrides: bool = False
    municipalities: tuple[str, ...] = ()
    audience: Audience | None = None


@dataclass(frozen=True, kw_only=True)
class Content:
    """``expires``: None means the usual time after approval. ``incident_point``: lon, lat.

    ``waves``: None asks everybody at once. ``audience``: None is everybody who takes part; no request can set it.
    """

    kind: Kind
    category: Category
    status: Status
    msg_type: MsgType = MsgType.ALERT
    scope: Scope = Scope.RESTRICTED
    urgency: Urgency
    severity: Severity
    certainty: Certainty
    headline: Text
    description: Text
    instruction: Text
    incident_at: datetime | None = None
    incident_point: Point | None = None
    persons: tuple[Person, ...] = ()
    vehicles: tuple[Vehicle, ...] = ()
    call_number: str = CALL_NUMBER
    target: Target
    channels: tuple[Channel, ...]
    expires: datetime | None = None
    waves: Waves | None = None
    override: Override | None = None
    audience: Audience | None = None
    recording: Recorded | None = None
    photo: Photo | None = None

    @property
    def life_threatening(self) -> bool:
        """A missing child, or what CAP calls both immediate and extreme: only that may override."""
        extreme = (self.urgency, self.severity) == (Urgency.IMMEDIATE, Severity.EXTREME)
        return self.kind is Kind.ALERT and (extreme or self.category is Category.MISSING_CHILD)

    @property
    def is_public(self) -> bool:
        """Everybody may know: it is posted on social networks. Never an exercise or a test, whoever may know of it."""
        return self.scope is Scope.PUBLIC and self.status is Status.ACTUAL

    @property
    def describes_somebody(self) -> bool:
        """By traits, by what leads to them, or because somebody is missing: what is withdrawn when it is over."""
        traced = any(vehicle.plate for vehicle in self.vehicles)
        return bool(self.persons) or traced or self.photo is not None or self.category in MISSING

    @property
    def occasion(self) -> Occasion:
        return Occasion(
            self.kind,
            self.category,
            self.status,
            self.override is not None,
            self.target.municipalities,
            self.audience,
        )


def check(content: Content, now: datetime, life: timedelta = MAX_LIFE) -> None:
    """What no single field can know. ``life``: how long it is live unless it says so itself.

    Raises:
        InvalidInput: names every defect. Its code is that of the defect where there is only one.
    """
    defects = (
        *_of_kind(content),
        *_of_times(content, now),
        *_of_texts(content),
        *_of_descriptions(content),
        *_of_waves(content, now, life),
    )
    if not defects:
        return
    first = defects[0]
    if len(defects) == 1:
        raise InvalidInput(first.code, first.message, defects)
    raise InvalidInput("invalid_fields", "Some fields are missing or wrong.", defects)


def _of_kind(content: Content) -> Iterator[FieldError]:
    if content.category not in CATEGORIES[content.kind]:
        words = ", ".join(sorted(CATEGORIES[content.kind]))
        yield FieldError("category", "category_not_for_kind", f"For this kind one of: {words}.")
    if content.kind is not Kind.ALERT and Channel.SMS in content.channels:
        yield FieldError("channels", "sms_only_for_alerts", "What is not urgent goes by e-mail only.")
    if content.kind is not Kind.ALERT and Channel.VOICE in content.channels:
        yield FieldError("channels", "voice_only_for_alerts", "What is not urgent goes by e-mail only.")
    if content.kind is not Kind.ALERT and Channel.PUSH in content.channels:
        yield FieldError("channels", "push_only_for_alerts", "What is not urgent goes by e-mail only.")
    if content.recording and Channel.VOICE not in content.channels:
        yield FieldError("recording", "recording_without_calls", "A recording is for calls; nobody is called.")
    if content.msg_type is not MsgType.ALERT:
        yield FieldError("msg_type", "needs_an_earlier_alert", "An update or cancellation belongs to an earlier alert.")
    if content.override and content.status is not Status.ACTUAL:
        yield FieldError("override", "override_only_for_actual", "An exercise or a test wakes nobody.")
    elif content.override and not content.life_threatening:
        message = "Only for a missing child, or where urgency is Immediate and severity Extreme."
        yield FieldError("override", "override_not_life_threatening", message)


def _of_times(content: Content, now: datetime) -> Iterator[FieldError]:
    if content.incident_at and content.incident_at > now + CLOCK_ERROR:
        yield FieldError("incident_at", "incident_in_future", "An incident has happened.")
    if content.expires and content.expires <= now:
        yield FieldError("expires", "expires_in_past", "This moment has gone by.")
    if content.expires and content.expires > now + MAX_LIFE:
        hours = MAX_LIFE // timedelta(hours=1)
        yield FieldError("expires", "expires_too_far", f"At most {hours} hours from now.")


def _of_texts(content: Content) -> Iterator[FieldError]:
    texts = {name: getattr(content, name) for name in ("headline", "description", "instruction")}
    missing = [name for name, text in texts.items() if text.en is None]
    if len(missing) in (1, 2):
        for name in missing:
            yield FieldError(f"{name}.en", "translation_incomplete", "English is given for all three texts or none.")


def _of_descriptions(content: Content) -> Iterator[FieldError]:
    for index, person in enumerate(content.persons):
        if says_nothing(person):
            yield FieldError(f"persons.{index}", "description_empty", "Give at least one trait.")
    for index, vehicle in enumerate(content.vehicles):
        if says_nothing(vehicle):
            yield FieldError(f"vehicles.{index}", "description_empty", "Give at least one trait.")
    for index, person in enumerate(content.persons):
        if person.age_from is not None and person.age_to is not None and person.age_from > person.age_to:
            yield FieldError(f"persons.{index}.age_to", "age_range_reversed", "age_to is below age_from.")


def _of_waves(content: Content, now: datetime, life: timedelta) -> Iterator[FieldError]:
    if content.waves is None:
        return
    if any(inner >= outer for inner, outer in pairwise(content.waves.radii_m)):
        yield FieldError("waves.radii_m", "radii_not_ascending", "Each wave reaches farther than the one before.")
    if content.incident_point is None:
        yield FieldError("incident_point", "waves_need_a_point", "Waves go out from the place of the incident.")
    elif not shape_from_json(content.target.shape).contains(content.incident_point):
        # Else the first waves might ask nobody, and time would be lost.
        yield FieldError("incident_point", "point_outside_area", "Waves go out from a place within the area.")
    live = content.expires - now if content.expires else life
    if content.waves.last_after >= live:
        yield FieldError("waves.minutes", "waves_outlast_alert", "The alert would end before its last wave.")
