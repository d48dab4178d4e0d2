"""Content as plain JSON values and back; the same content always gives the same text, so that it can be hashed."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from chalicelib.alerts.cap import Certainty, MsgType, Scope, Severity, Status, Urgency
from chalicelib.alerts.content import Audience, Category, Content, Kind, Override, Photo, Recorded
from chalicelib.alerts.descriptions import Build, Colour, Person, Sex, Vehicle, VehicleKind
from chalicelib.alerts.target import Target
from chalicelib.alerts.text import Text
from chalicelib.alerts.waves import Waves
from chalicelib.areas.model import Point
from chalicelib.channels.model import Channel
from chalicelib.platform.clock import parse_rfc3339, rfc3339

T = TypeVar("T")


def plain(value: Any) -> Any:
    """Dataclasses become objects without their empty fields, times RFC 3339, durations seconds.

    A target is left out: it has a form of its own.
    """
    if is_dataclass(value):
        named = ((field.name, getattr(value, field.name)) for field in fields(value))
        return {name: plain(part) for name, part in named if part is not None and not isinstance(part, Target)}
    if isinstance(value, datetime):
        return rfc3339(value)
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, tuple):
        return [plain(part) for part in value]
    return value


def digest(content: Content) -> str:
    """What an approval is bound to: every word, the area and the channels. 64 hex digits."""
    text = json.dumps(plain(content), sort_keys=True)
    return hashlib.sha256(text.encode() + content.target.packed).hexdigest()


def read_content(row: Mapping[str, Any], target: Target) -> Content:
    return Content(
        kind=Kind(row["kind"]),
        category=Category(row["category"]),
        status=Status(row["status"]),
        msg_type=MsgType(row["msg_type"]),
        scope=Scope(row["scope"]),
        urgency=Urgency(row["urgency"]),
        severity=Severity(row["severity"]),
        certainty=Certainty(row["certainty"]),
        headline=Text(**row["headline"]),
        description=Text(**row["description"]),
        instruction=Text(**row["instruction"]),
        incident_at=optional(parse_rfc3339, row.get("incident_at")),
        incident_point=optional(lambda point: Point(*point), row.get("incident_point")),
        persons=tuple(map(_read_person, row["persons"])),
        vehicles=tuple(map(_read_vehicle, row["vehicles"])),
        call_number=row["call_number"],
        target=target,
        channels=tuple(map(Channel, row["channels"])),
        expires=optional(parse_rfc3339, row.get("expires")),
        waves=optional(_read_waves, row.get("waves")),
        override=optional(lambda override: Override(**override), row.get("override")),
        recording=optional(lambda recorded: Recorded(**recorded), row.get("recording")),
        photo=optional(_read_photo, row.get("photo")),
        audience=optional(Audience, row.get("audience")),
    )


def optional(read: Callable[[Any], T], value: Any) -> T | None:
    return None if value is None else read(value)


def read_text(row: Mapping[str, Any]) -> Text:
    return Text(**row)


def _read_person(row: Mapping[str, Any]) -> Person:
    return Person(
        sex=optional(Sex, row.get("sex")),
        age_from=row.get("age_from"),
        age_to=row.get("age_to"),
        height_cm=row.get("height_cm"),
        build=optional(Build, row.get("build")),
        appearance=optional(read_text, row.get("appearance")),
        hair=optional(read_text, row.get("hair")),
        clothing=optional(read_text, row.get("clothing")),
        distinguishing=optional(read_text, row.get("distinguishing")),
    )


def _read_photo(row: Mapping[str, Any]) -> Photo:
    return Photo(row["sha256"], row["media_type"], read_text(row["alt"]))


def _read_waves(row: Mapping[str, Any]) -> Waves:
    return Waves(tuple(row["radii_m"]), row["minutes"])


def _read_vehicle(row: Mapping[str, Any]) -> Vehicle:
    return Vehicle(
        kind=optional(VehicleKind, row.get("kind")),
        make=row.get("make"),
        model=row.get("model"),
        colour=optional(Colour, row.get("colour")),
        plate=row.get("plate"),
        direction=optional(read_text, row.get("direction")),
    )
