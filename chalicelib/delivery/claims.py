"""A lane of a batch is taken, and then the alert is looked at, in this order.

Whoever closes an alert and then finds no claim in the ledger knows that nothing more will go out. So the look comes
after the claim; what else has to be read then, the people of the batch, is read together with the alert.
"""

import secrets
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from chalicelib.alerts.model import Alert
from chalicelib.alerts.store import AlertStore, DynamoAlertStore
from chalicelib.channels.model import Channel
from chalicelib.delivery.model import Batch, BatchKey
from chalicelib.delivery.store import DynamoLedger
from chalicelib.delivery.store_memory import MemoryLedger


class Claim(NamedTuple):
    """``alert``: as it was after the lane was taken."""

    batch: Batch
    alert: Alert


class Claims(Protocol):
    def take(self, key: BatchKey, channel: Channel, now_ms: int, lease_ms: int) -> Claim | None:
        """Take the lane for ``lease_ms``. None where there is nothing to do: no such lane, or it is finished.

        The people that are returned have their contacts of this channel, and no others. The lane says whether it
        was ``taken_over`` from a sender whose lease ended. Where anything fails after the lane was taken, nobody else
        gets it before the lease ends.

        Raises:
            Busy: another holds it and its lease has not ended.
            NotFound: there is no such alert.
        """
        ...


@dataclass(frozen=True)
class MemoryClaims:
    """Of the twins: one after the other. What is asked again is known as ours, as it is in the database."""

    ledger: MemoryLedger
    alerts: AlertStore

    def take(self, key: BatchKey, channel: Channel, now_ms: int, lease_ms: int) -> Claim | None:
        batch = self.ledger.claim(key, channel, now_ms, lease_ms, secrets.token_hex(4))
        return Claim(batch, self.alerts.get(key.alert)) if batch else None


@dataclass(frozen=True)
class DynamoClaims:
    """A request less for each batch: after each wait for an answer the processor's caches are cold."""

    ledger: DynamoLedger
    alerts: DynamoAlertStore

    def take(self, key: BatchKey, channel: Channel, now_ms: int, lease_ms: int) -> Claim | None:
        taken = self.ledger.take(key, channel, now_ms, lease_ms)
        if taken is None:
            return None
        people, alert = self.ledger.dynamo.rows(self.ledger.people_at(key), self.alerts.address(key.alert))
        batch = self.ledger.taken(taken, people, channel, now_ms + lease_ms)
        return Claim(batch, self.alerts.read(alert)) if batch else None
