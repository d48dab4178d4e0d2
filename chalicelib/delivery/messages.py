"""What travels on the queues of delivery: ids and key ranges, never a contact."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, RootModel

from chalicelib.alerts.messages import NAME
from chalicelib.areas.cover import KeyRange
from chalicelib.channels.social import Network
from chalicelib.delivery.model import BATCH_SIZE, BatchKey
from chalicelib.platform.batch import Message

ALERT = Field(pattern=r"^[0-9a-z]{10}$")
MESSAGE = Field(pattern=NAME)
UNIT = Field(ge=0, lt=32_768)
WAVE = Field(default=1, ge=1)


AHEAD_S = 2  # so long before the end of a countdown its planner is there, at most


class PlanMessage(Message):
    """``wave``: which part of a call, from 1 on."""

    alert: str = ALERT
    message: str = MESSAGE
    wave: int = WAVE


class WaveMessage(Message):
    """The time of a wave has come, or will soon."""

    alert: str = ALERT
    wave: int = WAVE


class PostMessage(Message):
    """What stands on a network for an alert may not be what should. ``attempt``: how often it had to wait."""

    alert: str = ALERT
    network: Network
    attempt: int = Field(default=0, ge=0)


class TopicMessage(Message):
    """A public alert, for browsers that listen to areas. Narrower step by step: ``within`` a municipality, an ``area``.

    ``shard``: of an update or outcome: a part of who got the call. ``after``: where the page begins. ``cause``: the
    page because of which it is handed out once more. ``attempt``: how often it was put back.
    """

    alert: str = ALERT
    message: str = MESSAGE
    within: str = ""
    area: str = ""
    shard: int | None = Field(default=None, ge=0, lt=16)
    after: str = ""
    cause: str = ""
    attempt: int = Field(default=0, ge=0)

    @property
    def narrow(self) -> bool:
        """Whether it names a page of browsers."""
        return bool(self.area) or self.shard is not None

    @property
    def page(self) -> str:
        where = self.area or f"shard-{self.shard}"
        return f"{where}#{self.after}" + (f"#{self.cause}" if self.cause else "")


class MatchMessage(Message):
    """``ranges``: ``[partition, first, last, interior, marks]`` each. Empty for one that repeats the call's ledger.

    ``wave``: only the people of that ring. ``done``: how many batches of the unit an earlier matcher handed out
    before its time was up. ``only``: of a repeat, the numbers of the batches that were left, or none for all.
    ``most``, ``before``: the weekly cap, as ``model.Cap`` has it.
    ``fallback``: not the message itself, but other channels for those of the batches ``only`` whom it cannot reach.
    """

    alert: str = ALERT
    message: str = MESSAGE
    unit: int = UNIT
    wave: int = WAVE
    ranges: tuple[tuple[str, str, str, bool, str], ...] = ()
    done: int = Field(default=0, ge=0)
    only: tuple[int, ...] = ()
    most: int = Field(default=0, ge=0)
    before: tuple[str, ...] = ()
    fallback: bool = False

    def key_ranges(self) -> list[KeyRange]:
        return [KeyRange(*parts) for parts in self.ranges]


class SendMessage(Message):
    """``waiting``: about how many messages there are to send: what to ask room for.

    ``attempt``: how often this batch was put back on the queue because the provider would not take it.
    """

    alert: str = ALERT
    message: str = MESSAGE
    batch: str = Field(pattern=r"^\d{5}-\d{5}(-\d{3})?$")
    waiting: int = Field(default=BATCH_SIZE, ge=0)
    attempt: int = Field(default=0, ge=0)

    @property
    def key(self) -> BatchKey:
        return BatchKey.parse(self.alert, self.message, self.batch)


class TallyMessage(Message):
    alert: str = ALERT
    message: str = MESSAGE
    unit: int = UNIT


class CountMessage(Message):
    """The figures of an alert may have changed. ``due``: they did, and what was put off until now is to be done."""

    alert: str = ALERT
    due: bool = False


class _Outside(BaseModel):
    """A provider's own shape: we read what we need and let the rest be."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)


class SesMail(_Outside):
    message_id: str = Field(alias="messageId")
    tags: dict[str, list[str]] = Field(default_factory=dict)


class SesBounce(_Outside):
    bounce_type: str = Field(default="", alias="bounceType")


class SesEvent(_Outside):
    """SES event publishing, as a configuration set sends it to an SNS topic."""

    event_type: str = Field(alias="eventType")
    mail: SesMail
    bounce: SesBounce | None = None


class PhoneEvent(_Outside):
    """An event of End User Messaging, as a configuration set sends it to an SNS topic: about a text or a call."""

    event_type: str = Field(alias="eventType")
    message_id: str = Field(alias="messageId")
    is_final: bool = Field(default=False, alias="isFinal")
    description: str = Field(default="", alias="messageStatusDescription")
    context: dict[str, str] = Field(default_factory=dict)
    parts: int = Field(default=1, alias="totalMessageParts")
    price: float | None = Field(default=None, alias="totalMessagePrice", description="US dollars")


class SmsReceipt(_Outside):
    """An entry of SNS's delivery log, cut down by ``sms_log`` to what holds no phone number."""

    sms_message_id: str = Field(min_length=1, max_length=200)
    status: str
    provider_response: str = ""
    parts: int = 1
    price: float | None = None
    attempt: int = Field(default=0, ge=0)


class SmsReceipts(_Outside):
    """What came in one event of the log: one message, not one for each."""

    receipts: tuple[SmsReceipt, ...]


# No event is two of these, so the first that fits is it: trying all of them takes three times as long.
AnyReceipt = Annotated[SesEvent | PhoneEvent | SmsReceipts, Field(union_mode="left_to_right")]


class ReceiptMessage(RootModel[AnyReceipt]):
    pass
