"""What crosses HTTP for tips."""

from collections.abc import Callable
from typing import Literal

from pydantic import Field

from chalicelib.alerts.cap import Status
from chalicelib.alerts.content import Category, Kind, Photo
from chalicelib.alerts.fields import Moment
from chalicelib.alerts.messages import Update, UpdateType
from chalicelib.alerts.model import Alert
from chalicelib.alerts.outcome import Contribution, Result
from chalicelib.alerts.rendering import descriptions
from chalicelib.alerts.replies import At, WrittenText
from chalicelib.alerts.states import State
from chalicelib.alerts.text import Language, Text
from chalicelib.areas.model import Point, shape_from_json
from chalicelib.areas.picture import picture
from chalicelib.platform.http import Body
from chalicelib.tips.model import ID_CHARACTERS, MOST_PHOTOS, Tip, TipKind, TipStatus
from chalicelib.tips.service import Sighting, TipPage, TriagedTip

MAX_TEXT = 2_000
MAX_NOTE = 500
POLL_MS, IDLE_POLL_MS = 2_000, 10_000


class SightingPlace(Body):
    """WGS 84, degrees."""

    lon: float = Field(ge=-180, le=180, allow_inf_nan=False)
    lat: float = Field(ge=-90, le=90, allow_inf_nan=False)


class TipBody(Body):
    """At least a text, a place or a photo, but for ``not_seen``. Control characters are taken out of the text."""

    kind: TipKind
    text: str | None = Field(default=None, max_length=MAX_TEXT)
    place: SightingPlace | None = None
    seen_at: Moment | None = Field(default=None, description="Within the last 7 days")
    contact_me: bool = Field(default=False, description="The control room may get in touch about this")
    language: Language = Language.NL
    photos: int = Field(default=0, ge=0, le=MOST_PHOTOS, description="How many will follow, each by itself")

    def sighting(self) -> Sighting:
        return Sighting(
            kind=self.kind,
            text=self.text,
            place=Point(self.place.lon, self.place.lat) if self.place else None,
            seen_at=self.seen_at,
            contact_me=self.contact_me,
            language=self.language,
            photos=self.photos,
        )


class TipReply(Body):
    id: str
    at: At


class Outcome(Body):
    result: Result
    contribution: Contribution
    text: WrittenText | None = None
    closed_at: At


class AreaPicture(Body):
    """A GeoJSON MultiPolygon to be drawn: rounded to a metre, a circle given corners."""

    type: Literal["MultiPolygon"]
    coordinates: list[list[list[list[float]]]]


class ShownPhoto(Body):
    """``url`` works for five minutes."""

    url: str
    alt: WrittenText


class News(Body):
    type: UpdateType
    text: WrittenText
    at: At


class AskedReply(Body):
    """What a reply link shows. Of a closed alert only its headline and outcome: descriptions are withdrawn."""

    state: State
    status: Status = Field(description="Exercise and Test are not meant")
    kind: Kind
    category: Category
    headline: WrittenText
    description: WrittenText | None = None
    instruction: WrittenText | None = None
    details: dict[Language, list[str]] | None = Field(default=None, description="A line per person and vehicle")
    area: AreaPicture | None = Field(default=None, description="Where people were asked")
    photo: ShownPhoto | None = Field(default=None, description="Of who or what is looked for")
    incident_at: At | None = None
    call_number: str | None = None
    expires: At | None = None
    update: News | None = Field(default=None, description="The newest update or correction; it comes before the rest")
    outcome: Outcome | None = None

    @classmethod
    def of(cls, alert: Alert, photo_url: Callable[[Photo], str]) -> "AskedReply":
        """``photo_url``: where a photo of this alert can be looked at."""
        outcome = _outcome(alert)
        own = cls(
            state=alert.state,
            status=alert.status,
            kind=alert.kind,
            category=alert.category,
            headline=_text(alert.content.headline),
            outcome=outcome,
        )
        return own if outcome else own.model_copy(update=_question(alert, photo_url))


def _question(alert: Alert, photo_url: Callable[[Photo], str]) -> dict[str, object]:
    content, photo = alert.content, alert.content.photo
    return {
        "description": _text(content.description),
        "instruction": _text(content.instruction),
        "details": {language: descriptions(content, language) for language in Language},
        "area": AreaPicture(**picture(shape_from_json(alert.shape))),
        "photo": ShownPhoto(url=photo_url(photo), alt=_text(photo.alt)) if photo else None,
        "incident_at": content.incident_at,
        "call_number": content.call_number,
        "expires": alert.expires,
        "update": _news(alert.updates[-1]) if alert.updates else None,
    }


def _news(update: Update) -> News:
    return News(type=update.type, text=_text(update.text), at=update.at)


def _outcome(alert: Alert) -> Outcome | None:
    if alert.state is not State.CLOSED or not (alert.result and alert.contribution and alert.closed_at):
        return None
    return Outcome(
        result=alert.result,
        contribution=alert.contribution,
        text=_text(alert.outcome_text) if alert.outcome_text else None,
        closed_at=alert.closed_at,
    )


def _text(text: Text) -> WrittenText:
    return WrittenText(nl=text.nl, en=text.en)


class TipQuery(Body):
    after: str | None = Field(default=None, pattern=rf"^[0-9a-hjkmnp-tv-z]{{{ID_CHARACTERS}}}$")
    limit: int = Field(default=50, ge=1, le=500)  # of the longest, an answer is still less than a function may give
    newest: bool = Field(default=False, description="The last of them, not the first; oldest first all the same")


class TriageBody(Body):
    status: TipStatus
    note: str | None = Field(default=None, min_length=1, max_length=MAX_NOTE, description="Stays where left out")


class StaffTip(Body):
    """A tip as the control room sees it: never who gave it."""

    id: str
    kind: TipKind
    at: At
    text: str | None = None
    place: SightingPlace | None = None
    distance_m: int | None = Field(default=None, description="From the incident")
    seen_at: At | None = None
    contact_me: bool
    language: Language
    photos: int = Field(description="How many came with it, or are on their way")
    status: TipStatus
    note: str | None = None
    triaged_by: str | None = None
    triaged_at: At | None = None

    @classmethod
    def of(cls, triaged: TriagedTip) -> "StaffTip":
        tip: Tip = triaged.tip
        return cls(
            id=tip.id,
            kind=tip.kind,
            at=tip.at,
            text=tip.text,
            place=SightingPlace(lon=tip.place.lon, lat=tip.place.lat) if tip.place else None,
            distance_m=triaged.distance_m,
            seen_at=tip.seen_at,
            contact_me=tip.contact_me,
            language=tip.language,
            photos=tip.photos_due,
            status=tip.status,
            note=tip.note,
            triaged_by=tip.triaged_by,
            triaged_at=tip.triaged_at,
        )


class StaffTips(Body):
    """Oldest first. Tips of the last 30 seconds come again with the same ``cursor``: tell them apart by id."""

    tips: list[StaffTip]
    cursor: str | None = Field(
        default=None, description="Send it as after to get what comes next; absent: leave after out"
    )
    next_poll_ms: int

    @classmethod
    def of(cls, page: TipPage) -> "StaffTips":
        return cls(
            tips=[StaffTip.of(tip) for tip in page.tips],
            cursor=page.cursor,
            next_poll_ms=POLL_MS if page.live else IDLE_POLL_MS,
        )
