"""What an alert costs and who bears it, and what municipalities may spend."""

from collections.abc import Callable
from dataclasses import dataclass

from pydantic import Field

from chalicelib.alerts.routes import alert_id
from chalicelib.alerts.service import AlertService
from chalicelib.areas.model import Level
from chalicelib.areas.service import AreaService
from chalicelib.areas.store import no_such_area
from chalicelib.channels.model import Channel
from chalicelib.channels.prices import CURRENCY
from chalicelib.platform.errors import NotFound
from chalicelib.platform.http import Body, Call, Endpoint
from chalicelib.reports.budgets import Budget, Budgets
from chalicelib.reports.costs import Costs
from chalicelib.staff.access import staff_of
from chalicelib.staff.policy import ADMINS, CONTROL_ROOM, Scope

FIRST, LAST = 2000, 2199
MOST_CENTS = 100_000_000_000  # a billion euros


class ChannelCostReply(Body):
    channel: Channel
    messages: int = Field(description="That a provider took")
    parts: int = Field(description="Of SMS, as receipts tell; those without one in proportion")
    cents: int


class ShareReply(Body):
    code: str
    name: str
    recipients: int = Field(description="People asked there, once for each message of the alert")
    cents: int


class AlertCostReply(Body):
    """At our own prices. What providers charged stands in the alert's progress."""

    cents: int = Field(description="Of all messages so far; those of channels and of municipalities add up to it")
    currency: str = Field(description="ISO 4217")
    channels: list[ChannelCostReply]
    municipalities: list[ShareReply] = Field(description="By largest remainder of their recipients, by code")


class BudgetUpdate(Body):
    year: int = Field(ge=FIRST, le=LAST, description="From this calendar year on, until another is set.")
    cents: int | None = Field(ge=0, le=MOST_CENTS, description="What may be spent in a year; null: no end to it.")


class BudgetQuery(Body):
    year: int | None = Field(default=None, ge=FIRST, le=LAST, description="Default: this one")


class MunicipalBudget(Body):
    code: str
    name: str
    year: int
    cents: int | None = Field(default=None, description="Absent: no end to it")
    spent_cents: int = Field(description="In that year, by alerts that began in it; exercises and tests too")
    currency: str = Field(description="ISO 4217")


class BudgetList(Body):
    budgets: list[MunicipalBudget]


@dataclass(frozen=True)
class MoneyRoutes:
    alerts: Callable[[], AlertService]
    costs: Callable[[], Costs]
    budgets: Callable[[], Budgets]
    areas: Callable[[], AreaService]

    def endpoints(self) -> list[Endpoint]:
        return [
            Endpoint(
                "GET",
                "/alerts/{alert}/cost",
                self.cost,
                "What an alert has cost so far, and which municipality bears what",
                reply=AlertCostReply,
                roles=CONTROL_ROOM,
                scope=Scope.SEEN_ALERTS,
                raises=(NotFound,),
            ),
            Endpoint(
                "GET",
                "/budgets",
                self.all,
                "Which municipalities have a budget for alerts, and what they have spent of it",
                query=BudgetQuery,
                reply=BudgetList,
                roles=ADMINS,
                scope=Scope.NETWORK,
            ),
            Endpoint(
                "PUT",
                "/municipalities/{code}/budget",
                self.put,
                "Say what a municipality may spend on alerts in a year; beyond it there are warnings, and no more",
                BudgetUpdate,
                reply=MunicipalBudget,
                told=lambda call: {"year": str(call.body.year), "cents": str(call.body.cents)},
                roles=ADMINS,
                scope=Scope.NETWORK,
                raises=(NotFound,),
            ),
        ]

    def cost(self, call: Call[None]) -> AlertCostReply:
        cost = self.costs().of(self.alerts().read(alert_id(call), staff_of(call.staff)))
        names, shares = self.areas().names(cost.recipients), cost.shares
        return AlertCostReply(
            cents=cost.cents,
            currency=CURRENCY,
            channels=[ChannelCostReply.model_validate(it, from_attributes=True) for it in cost.channels],
            municipalities=[
                ShareReply(code=code, name=names.get(code, code), recipients=number, cents=shares[code])
                for code, number in sorted(cost.recipients.items())
            ],
        )

    def all(self, call: Call[None]) -> BudgetList:
        query, budgets = call.query, self.budgets()
        found = budgets.all(query.year or budgets.year)
        names = self.areas().names(it.code for it in found)
        return BudgetList(budgets=[_budget(it, names.get(it.code, it.code)) for it in found])

    def put(self, call: Call[BudgetUpdate]) -> MunicipalBudget:
        area = self.areas().get(call.path["code"])
        if area.level is not Level.MUNICIPALITY:
            raise no_such_area()
        return _budget(self.budgets().set(area.code, call.body.year, call.body.cents), area.name)


def _budget(budget: Budget, name: str) -> MunicipalBudget:
    return MunicipalBudget(
        code=budget.code,
        name=name,
        year=budget.year,
        cents=budget.cents,
        spent_cents=budget.spent,
        currency=CURRENCY,
    )
