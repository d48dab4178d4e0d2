"""``GET /canary``."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from pydantic import Field

from chalicelib.canary.service import Canaries, Told
from chalicelib.platform.http import Body, Call, Endpoint
from chalicelib.staff.policy import ADMINS, Scope


class CanaryMessage(Body):
    area: str = Field(description="Code of the municipality")
    channel: str


class CanaryArrival(CanaryMessage):
    seconds: float = Field(description="From the moment it was scheduled until its receipt was counted")


class CanaryRun(Body):
    alert: str
    sent_at: datetime
    expected: int
    judged_at: datetime | None = Field(description="When its time was over; null while it is not")
    arrived: list[CanaryArrival]
    missing: list[CanaryMessage] = Field(description="What had not arrived when its time was over")


class CanaryRuns(Body):
    runs: list[CanaryRun] = Field(description="Newest first; empty where no canary has an address")


class CanaryRoutes:
    def __init__(self, canaries: Callable[[], Canaries]) -> None:
        self._canaries = canaries

    def endpoints(self) -> list[Endpoint]:
        return [
            Endpoint(
                "GET",
                "/canary",
                self.runs,
                "Whether test messages arrive",
                reply=CanaryRuns,
                roles=ADMINS,
                scope=Scope.NETWORK,
            ),
        ]

    def runs(self, _: Call[Any]) -> CanaryRuns:
        return CanaryRuns(runs=[_body(told) for told in self._canaries().told()])


def _body(told: Told) -> CanaryRun:
    run = told.run
    return CanaryRun(
        alert=run.alert,
        sent_at=run.sent_at,
        expected=len(run.expected),
        judged_at=run.judged_at,
        arrived=[
            CanaryArrival(area=message.area, channel=message.channel, seconds=took / timedelta(seconds=1))
            for message, took in sorted(told.arrived.items())
        ],
        missing=[CanaryMessage(area=message.area, channel=message.channel) for message in sorted(run.missing)],
    )
