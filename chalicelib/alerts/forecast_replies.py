"""What staff read of a preview."""

from collections.abc import Iterable
from typing import Annotated

from pydantic import Field

from chalicelib.alerts.advice import Advice, Concern
from chalicelib.alerts.forecast import SMALLEST, Forecast
from chalicelib.alerts.replies import BudgetWarnings, WrittenText, budget_replies
from chalicelib.alerts.text import Language
from chalicelib.areas.model import Level
from chalicelib.channels.model import Channel
from chalicelib.platform.http import Body


class BandReply(Body):
    code: str
    at_least: int
    at_most: int | None = None
    label: WrittenText


class ChannelReply(Body):
    channel: Channel
    people: int
    seconds: int = Field(description="From the first message to the last, at the rate that the provider granted")
    cost_cents: int


class CostReply(Body):
    cents: int = Field(description="Of all channels together, rounded up")
    currency: str = Field(description="ISO 4217")


class AreaReply(Body):
    code: str
    name: str
    people: int


Areas = Annotated[
    list[AreaReply] | None,
    Field(description=f"Most people first; none with fewer than {SMALLEST}. Absent where there are too many to list."),
]


class AdviceReply(Body):
    concern: Concern
    field: str = Field(description="Path of the field that it is about")
    found: str | None = Field(default=None, description="The words that it is about")
    instead: str | None = Field(default=None, description="Plainer ones, in the language of the text")


class ForecastReply(Body):
    """Whom the alert would ask now: people count once, at the place that makes them asked."""

    people: int | None = Field(default=None, description="Absent where there are fewer than `fewer_than`")
    fewer_than: int | None = Field(
        default=None, description="So few that no more is said: nobody may learn whether one house has signed up"
    )
    exact: bool = Field(description="Whether the places were read; beyond 50,000 people it is an estimate from counts")
    band: BandReply
    channels: list[ChannelReply]
    sms_parts: dict[Language, int] | None = Field(default=None, description="By the reader's language")
    sms_parts_assumed: bool | None = Field(default=None, description="True where the texts are not written yet")
    seconds: int | None = Field(default=None, description="Until the last message; the channels send side by side")
    cost: CostReply | None = None
    municipalities: Areas = None
    districts: Areas = None
    neighbourhoods: Areas = None
    budget: BudgetWarnings = None
    advice: list[AdviceReply] | None = Field(
        default=None, description="What could be worded better; it hinders nothing. Absent until the texts are written"
    )

    @classmethod
    def of(cls, forecast: Forecast, advice: Iterable[Advice] | None) -> "ForecastReply":
        band, areas = forecast.band, forecast.areas or {}

        def listed(level: Level) -> list[AreaReply] | None:
            found = areas.get(level)
            return None if found is None else [AreaReply(code=it.code, name=it.name, people=it.people) for it in found]

        return cls(
            people=forecast.people,
            fewer_than=SMALLEST if forecast.people is None else None,
            exact=forecast.exact,
            band=BandReply(
                code=band.code,
                at_least=band.least,
                at_most=band.most,
                label=WrittenText(nl=band.label.nl, en=band.label.en),
            ),
            channels=[
                ChannelReply(channel=it.channel, people=it.people, seconds=it.seconds, cost_cents=it.cents)
                for it in forecast.channels
            ],
            sms_parts=dict(forecast.sms_parts) if forecast.sms_parts else None,
            sms_parts_assumed=forecast.assumed if forecast.sms_parts else None,
            seconds=forecast.seconds,
            cost=None if forecast.cents is None else CostReply(cents=forecast.cents, currency=forecast.currency),
            municipalities=listed(Level.MUNICIPALITY),
            districts=listed(Level.DISTRICT),
            neighbourhoods=listed(Level.NEIGHBOURHOOD),
            budget=budget_replies(forecast.budget),
            advice=None if advice is None else [AdviceReply.model_validate(it, from_attributes=True) for it in advice],
        )
