"""What an operator can set: environment variables, read once, checked at the start."""

import re
from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, HttpUrl, Json, ValidationError, ValidationInfo, field_validator

from chalicelib.platform.emails import Email
from chalicelib.platform.queues import QueueName
from chalicelib.platform.tokens import read_keys

TABLES = (
    "participants",
    "contacts",
    "contact_keys",
    "sign_ups",
    "subscriptions",
    "places",
    "cells",
    "alerts",
    "deliveries",
    "message_ids",
    "pace",
    "tips",
    "posts",
    "topics",
    "areas",
    "reports",
    "organisations",
    "canaries",
    "audit",
    "audit_heads",
    "idempotency",
    "counters",
)


TABLE_PREFIX, PLAN_QUEUE_URL = "TABLE_PREFIX", "PLAN_QUEUE_URL"
ORIGINATION = r"^[A-Za-z0-9_:/+-]{1,256}$"


# The push services of the browsers there are. Nothing else may be written to: an endpoint is given by whoever likes.
PUSH_SERVICES = (
    r"https://(fcm\.googleapis\.com|updates\.push\.services\.mozilla\.com"
    r"|[a-z0-9-]+\.notify\.windows\.com|[a-z0-9-]+\.push\.apple\.com)/[\x21-\x7e]+"
)


# A template of tiles under maps. Pages may ask its host for pictures, so it is a host and nothing that ends a policy.
MAP_TILES = r"""^(https://[a-z0-9.-]+(:[0-9]{1,5})?/(?=.*\{z\})(?=.*\{x\})(?=.*\{y\})([^{}\s"'<>\\;,]|\{[xyz]\})+)?$"""


def dashed(name: str) -> str:
    """``message_ids`` -> ``message-ids``: how tables and queues end their names."""
    return name.replace("_", "-")


class SettingsError(Exception):
    """The environment is not one that this version can run in."""


class XCredentials(BaseModel):
    """Of an app of X and the account that it posts for, as its developer portal shows them."""

    consumer_key: str
    consumer_secret: Annotated[str, Field(repr=False)]
    access_token: str
    access_token_secret: Annotated[str, Field(repr=False)]


class MastodonCredentials(BaseModel):
    """``url``: of the account's server. The token needs read:accounts, read:statuses and write:statuses."""

    url: Annotated[str, Field(pattern=r"^https?://[^/]+$")]
    access_token: Annotated[str, Field(repr=False)]


class Settings(BaseModel):
    """Each field is the environment variable of the same name in capitals.

    Two more name all tables of ``TABLES`` and all queues of ``QueueName``, since Lambda takes 4 KB of variables in all:
    ``TABLE_PREFIX``, which stands before what ``dashed`` makes of a table, and ``PLAN_QUEUE_URL``, beside which all
    other queues lie under names of the same kind.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", ignored_types=(cached_property,))

    stage: str = Field(pattern=r"^[a-z][a-z0-9-]{0,15}$")
    tables: Mapping[str, str]
    queue_urls: Mapping[QueueName, str]

    web_url: str = Field(description="Base address of the pages; personal links start with it. No slash at the end.")
    link_secret: Annotated[str, Field(repr=False, description="Its keys, as ``tokens.read_keys`` has them.")]
    link_keys_version: str = Field(default="1", description="Another one makes functions read the secret anew.")
    contact_secret: Annotated[str, Field(min_length=32, repr=False)]
    push_secret: Annotated[str, Field(min_length=32, repr=False)]

    contact_key: str = Field(default="alias/burgernet-contacts", description="Of KMS: opens the keys of contacts.")

    jwks_url: HttpUrl
    token_issuer: str
    token_audience: str
    staff_pool: str = Field(default="", description="Id of the user pool that knows where staff are reached.")
    sign_in_url: str = Field(
        default="", pattern=r"^(https?://[^/]+)?$", description="Base address of the pages where staff sign in."
    )

    geocoder_url: HttpUrl

    map_tiles: str = Field(
        default="", max_length=300, description="Pictures under maps: an https address with {z}, {x} and {y}, or none."
    )
    map_tiles_by: str = Field(
        default="", max_length=100, validate_default=True, description="Whose they are, as the maps say it."
    )

    sms_sender_id: str = Field(default="Burgernet", pattern=r"^[A-Za-z0-9]{1,11}$")
    sms_provider: Literal["sns", "end_user_messaging"] = "sns"
    sms_origination: str = Field(
        default="Burgernet", pattern=ORIGINATION, description="Of End User Messaging: number, sender id or pool."
    )
    # Exercises and tests come from somebody else.
    exercise_sms_sender_id: str = Field(default="Oefening", pattern=r"^[A-Za-z0-9]{1,11}$")
    exercise_sms_origination: str = Field(default="Oefening", pattern=ORIGINATION)
    exercise_email_from: str = "Burgernet OEFENING <oefening@burgernet.example>"
    voice_origination: str = Field(
        default="burgernet", pattern=ORIGINATION, description="Number that calls, or pool of such numbers."
    )
    voice_id_nl: Literal["LOTTE", "RUBEN"] = "LOTTE"
    voice_id_en: Literal["AMY", "EMMA", "BRIAN"] = "AMY"
    phone_configuration_set: str = Field(default="burgernet", description="Of End User Messaging: where its events go.")
    connect_instance: str = Field(default="", description="Of Amazon Connect, which plays recordings; none, none are.")
    connect_flow: str = ""
    connect_origination: str = Field(default="", pattern=r"^(\+[1-9][0-9]{1,14})?$")
    recordings_bucket: str = ""
    photos_bucket: str = ""
    email_from: str = "Burgernet <noreply@burgernet.example>"
    ses_configuration_set: str = "burgernet"

    push_endpoints: str = Field(default=PUSH_SERVICES, description="Addresses that push may go to: all of one matches.")

    social_networks: tuple[Literal["x", "mastodon"], ...] = Field(default=(), description="Where public alerts go.")
    x_api_url: str = "https://api.x.com"
    # JSON; only the function that posts is given them.
    x_credentials: Annotated[Json[XCredentials] | None, Field(repr=False)] = None
    mastodon_credentials: Annotated[Json[MastodonCredentials] | None, Field(repr=False)] = None

    # Messages a second that the providers have granted, all alerts together.
    sms_rate: float = Field(default=20, ge=0.1, le=10_000)
    email_rate: float = Field(default=14, ge=0.1, le=10_000)
    voice_rate: float = Field(default=1, ge=0.1, le=10_000)
    push_rate: float = Field(default=200, ge=0.1, le=10_000)

    # Where test messages go, one per municipality that takes part. Empty: none on that channel.
    canary_email: str = Field(
        default="",
        pattern=r"^$|^[^@\s+]+(\+[^@\s]+)?@[A-Za-z0-9.-]+$",
        description="Each municipality's is a subaddress of it.",
    )
    canary_phone: str = Field(
        default="", pattern=r"^$|^\+[1-9][0-9]{6,14}$", description="Mobile, E.164; of all municipalities."
    )
    canary_minutes: int = Field(default=10, ge=2, le=55, description="After so many a test message is missing.")

    countdown_s: int = Field(default=10, ge=0, le=300, description="Between approval and the first message.")
    count_every_s: int = Field(
        default=20, ge=0, le=300, description="An alert's figures in reports are made anew at most so often."
    )
    lease_s: int = Field(default=120, ge=1, description="How long a sender may work on a batch before another may.")
    weekly_cap: int = Field(default=5, ge=0, le=100, description="How often a week somebody is asked; 0: no end to it.")
    proxies: int = Field(default=0, ge=0, le=3, description="Ours, in front of API Gateway: CloudFront is one.")
    sign_up_limit: int = Field(default=2_000, ge=1, description="Sign-ups a minute, all together.")
    sign_up_network_limit: int = Field(default=200, ge=1, description="In ten minutes, of an IPv4 /24 or IPv6 /48.")
    sign_up_contact_limit: int = Field(default=5, ge=1, description="In an hour, with one number or address.")
    sign_up_hundred_limit: int = Field(default=5, ge=1, description="In ten minutes, of a hundred phone numbers.")
    sign_up_thousand_limit: int = Field(default=20, ge=1, description="In an hour, of a thousand phone numbers.")

    topic_network_limit: int = Field(
        default=200, ge=1, description="Browsers turned on without an account, from a network in ten minutes."
    )
    tip_network_limit: int = Field(
        default=300, ge=1, description="Tips of an alert, and photos, from a network in ten minutes."
    )

    approval_minutes: int = Field(
        default=15, ge=6, le=240, description="From submission to approval, and from approval to the first message."
    )
    reach_limit: int = Field(default=50_000, ge=0, description="More people than these need the approver's reason.")
    alerts_limit: int = Field(default=3, ge=0, description="So do more alerts than these per area and half hour.")
    supervisors: tuple[Email, ...] = Field(
        default=(), repr=False, description="Supervisors of control rooms that gave none of their own; or: nobody."
    )
    yearly_emails: tuple[Email, ...] = Field(
        default=(), repr=False, description="Who gets the yearly summary of the network; or: nobody."
    )
    # How long an alert may be open before its control room is reminded, its supervisors are, and it closes by itself:
    # not before the longest life that an alert can have.
    remind_minutes: int = Field(default=120, ge=5, le=1_440)
    remind_supervisors_minutes: int = Field(default=240, ge=5, le=2_880)
    close_hours: int = Field(default=24, ge=23, le=168)
    alert_hours: int = Field(default=4, ge=1, le=22, description="How long an alert is live unless it says otherwise.")
    bounds: tuple[float, float, float, float] = Field(
        default=(3.2, 50.7, 7.3, 53.7), description="west, south, east, north: where areas and places may lie."
    )

    @field_validator("bounds", mode="before")
    @classmethod
    def _from_text(cls, value: object) -> object:
        return tuple(value.split(",")) if isinstance(value, str) else value

    @field_validator("supervisors", "yearly_emails", mode="before")
    @classmethod
    def _listed(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        return () if value == "nobody" else tuple(map(str.strip, value.split(",")))

    @field_validator("social_networks", mode="before")
    @classmethod
    def _named(cls, value: object) -> object:
        return tuple(filter(None, value.split(","))) if isinstance(value, str) else value

    @field_validator("x_credentials", "mastodon_credentials", mode="before")
    @classmethod
    def _given(cls, value: object) -> object:
        return value or None

    @field_validator("link_secret")
    @classmethod
    def _of_keys(cls, text: str) -> str:
        read_keys(text)
        return text

    @field_validator("map_tiles")
    @classmethod
    def _template_of_tiles(cls, text: str) -> str:
        if not re.fullmatch(MAP_TILES, text):  # the kind that pydantic has by itself knows no looking ahead
            raise ValueError("not an https address with {z}, {x} and {y}")
        return text

    @field_validator("map_tiles_by")
    @classmethod
    def _says_whose(cls, text: str, info: ValidationInfo) -> str:
        if info.data.get("map_tiles") and not text.strip():
            raise ValueError("tiles are somebody's, and their licence wants that to be said")
        return text

    @field_validator("push_endpoints")
    @classmethod
    def _compiles(cls, text: str) -> str:
        try:
            re.compile(text)
        except re.error as error:
            raise ValueError("not a regular expression") from error
        return text

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Settings":
        """Raises ``SettingsError``, which names every variable that is missing or wrong, and no value."""
        values: dict[str, Any] = {
            name: environment[name.upper()]
            for name in cls.model_fields
            if name not in {"tables", "queue_urls"} and name.upper() in environment
        }
        before, plan = environment.get(TABLE_PREFIX, ""), environment.get(PLAN_QUEUE_URL, "")
        missing = {TABLE_PREFIX} if not before else set()
        if not plan.endswith(QueueName.PLAN):
            missing.add(PLAN_QUEUE_URL)
        values |= {
            "tables": {table: before + dashed(table) for table in TABLES},
            "queue_urls": {queue: plan.removesuffix(QueueName.PLAN) + dashed(queue) for queue in QueueName},
        }
        try:
            settings = cls.model_validate(values)
        except ValidationError as error:
            missing |= {str(item["loc"][0]).upper() for item in error.errors()}
        if missing:
            raise SettingsError("missing or wrong: " + ", ".join(sorted(missing)))
        return settings
