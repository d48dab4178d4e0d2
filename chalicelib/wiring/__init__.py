"""The composition root: the only place that chooses real stores, channels and clocks.

A ``System`` is everything that the entry points of ``app.py`` call. ``system()`` is the one of this container, made at
the first call. ``using`` puts another in its place: the whole product on other parts, for tests.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from chalicelib.alerts.forecast_routes import ForecastRoutes
from chalicelib.alerts.photo_routes import AlertPhotoRoutes
from chalicelib.alerts.proof_routes import ProofRoutes
from chalicelib.alerts.public_routes import PublicRoutes
from chalicelib.alerts.recording_routes import RecordingRoutes
from chalicelib.alerts.routes import AlertRoutes
from chalicelib.areas.map_routes import MapRoutes
from chalicelib.areas.routes import AreaRoutes
from chalicelib.audit.routes import AuditRoutes
from chalicelib.canary.routes import CanaryRoutes
from chalicelib.participants.routes import ParticipantRoutes
from chalicelib.platform import openapi
from chalicelib.platform.http import Call, Endpoint, Reply
from chalicelib.platform.settings import Settings
from chalicelib.reports.money_routes import MoneyRoutes
from chalicelib.reports.open_data_routes import OpenDataRoutes
from chalicelib.reports.routes import ReportRoutes
from chalicelib.staff.routes import OrganisationRoutes
from chalicelib.staff.sign_in import SignInRoutes
from chalicelib.tips.photo_routes import PhotoRoutes
from chalicelib.tips.routes import TipRoutes
from chalicelib.topics.routes import TopicRoutes
from chalicelib.wiring.assembly import System
from chalicelib.wiring.parts import Parts, memory_parts, real_parts

__all__ = ["Parts", "System", "endpoints", "memory_parts", "real_parts", "system", "using"]


@dataclass
class _Container:
    current: System | None = field(default=None)


_container = _Container()


def system(environment: Mapping[str, str] = os.environ) -> System:
    """The system of this container. Raises ``SettingsError`` where the environment is not complete."""
    if _container.current is None:
        settings = Settings.from_environment(environment)
        _container.current = System(settings, real_parts(settings))
    return _container.current


@contextmanager
def using(other: System) -> Iterator[System]:
    """Put another system in this container's place for a while."""
    before, _container.current = _container.current, other
    try:
        yield other
    finally:
        _container.current = before


def endpoints() -> list[Endpoint]:
    """Every route of the product."""
    return [
        *_own_endpoints(),
        *AreaRoutes(lambda: system().areas, lambda: system().parts.geocoder).endpoints(),
        *MapRoutes(
            lambda: system().areas, lambda: (system().settings.map_tiles, system().settings.map_tiles_by)
        ).endpoints(),
        *ParticipantRoutes(
            lambda: system().sign_ups, lambda: system().participants, lambda: system().parts.vapid.public_key
        ).endpoints(),
        *ForecastRoutes(lambda: system().alerts, lambda: system().forecaster).endpoints(),
        *PublicRoutes(lambda: system().public_feed, lambda: system().settings.web_url).endpoints(),
        *AlertRoutes(
            lambda: system().alerts,
            lambda: system().progress,
            lambda: system().approvals,
            lambda: system().posts_told,
            lambda: system().budget_watch,
        ).endpoints(),
        *ProofRoutes(lambda: system().proofs).endpoints(),
        *RecordingRoutes(lambda: system().alerts, lambda: system().parts.recordings).endpoints(),
        *AlertPhotoRoutes(lambda: system().alerts, lambda: system().parts.alert_photos).endpoints(),
        *TipRoutes(lambda: system().tips, lambda: system().parts.alert_photos).endpoints(),
        *PhotoRoutes(lambda: system().photos).endpoints(),
        *TopicRoutes(lambda: system().topic_subscriptions).endpoints(),
        *ReportRoutes(lambda: system().reports).endpoints(),
        *OpenDataRoutes(lambda: system().open_data).endpoints(),
        *MoneyRoutes(
            lambda: system().alerts, lambda: system().costs, lambda: system().budgets, lambda: system().areas
        ).endpoints(),
        *SignInRoutes(lambda: (system().settings.sign_in_url, system().settings.token_audience)).endpoints(),
        *OrganisationRoutes(lambda: system().organisations).endpoints(),
        *CanaryRoutes(lambda: system().canaries).endpoints(),
        *AuditRoutes(lambda: system().trail, lambda: system().parts.clock).endpoints(),
    ]


def _own_endpoints() -> list[Endpoint]:
    return [
        Endpoint("GET", "/health", _health, "Whether the API answers"),
        Endpoint("GET", "/openapi.json", _openapi, "This API as an OpenAPI 3.1 document"),
    ]


def _health(_: Call[None]) -> Reply:
    return Reply('{"status":"ok"}')


def _openapi(_: Call[None]) -> Reply:
    return Reply(openapi.COMMITTED.read_text(encoding="utf-8"))
