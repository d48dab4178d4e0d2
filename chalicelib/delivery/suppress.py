"""What a provider says about a contact for good is passed on to whoever keeps contacts, before it is written down."""

from collections.abc import Mapping

from chalicelib.channels.model import Channel
from chalicelib.delivery.model import Batch
from chalicelib.participants.model import ChannelChoice, SuppressionReason
from chalicelib.participants.suppression import Suppress
from chalicelib.platform.queues import QueueName, Queues


def suppress(queues: Queues, batch: Batch, channel: Channel, reasons: Mapping[int, SuppressionReason]) -> None:
    """``reasons``: by index in the batch."""
    bodies = [
        Suppress(reference=batch.people[index].participant, channel=ChannelChoice(channel), reason=reason).body()
        for index, reason in reasons.items()
        if index < len(batch.people)
    ]
    if bodies:
        queues.send(QueueName.SUPPRESS, bodies)
