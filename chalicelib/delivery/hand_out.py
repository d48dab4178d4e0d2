"""What the ledger holds is told to the senders: a message for each channel of a batch that is not finished."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import islice

from chalicelib.alerts.messages import MessageKind, kind_of
from chalicelib.channels.model import Channel
from chalicelib.delivery.messages import SendMessage
from chalicelib.delivery.model import Batch
from chalicelib.platform.queues import QueueName, Queues

# Batches written before their send messages go out: the first people do not wait for the last, nor for many others.
FIRST_FLUSH, FLUSH = 3, 10
WORK = timedelta(seconds=18)  # well within the function's timeout; what is left then is a message of its own
LANES = {
    (MessageKind.CALL, Channel.SMS): QueueName.SMS,
    (MessageKind.CALL, Channel.VOICE): QueueName.VOICE,
    (MessageKind.CALL, Channel.EMAIL): QueueName.EMAIL,
    (MessageKind.CALL, Channel.PUSH): QueueName.PUSH,
    (MessageKind.UPDATE, Channel.SMS): QueueName.SMS_FOLLOWUP,
    (MessageKind.UPDATE, Channel.VOICE): QueueName.VOICE_FOLLOWUP,
    (MessageKind.UPDATE, Channel.EMAIL): QueueName.EMAIL_FOLLOWUP,
    (MessageKind.UPDATE, Channel.PUSH): QueueName.PUSH_FOLLOWUP,
    (MessageKind.OUTCOME, Channel.SMS): QueueName.SMS_FOLLOWUP,
    (MessageKind.OUTCOME, Channel.VOICE): QueueName.VOICE_FOLLOWUP,
    (MessageKind.OUTCOME, Channel.EMAIL): QueueName.EMAIL_FOLLOWUP,
    (MessageKind.OUTCOME, Channel.PUSH): QueueName.PUSH_FOLLOWUP,
}


def flushes(batches: Iterator[Batch]) -> Iterator[Sequence[Batch]]:
    """Those that are handed out together: few at first, then as many as one request to a queue takes."""
    size = FIRST_FLUSH
    while lot := list(islice(batches, size)):
        yield lot
        size = FLUSH


def hand_out(queues: Queues, batches: Sequence[Batch]) -> None:
    """``batches``: of one message. Told twice changes nothing."""
    for channel in Channel:
        bodies = [_send_message(batch, channel).body() for batch in batches if batch.unfinished(channel)]
        if bodies:
            queues.send(LANES[kind_of(batches[0].key.message), channel], bodies)


def _send_message(batch: Batch, channel: Channel) -> SendMessage:
    key = batch.key
    return SendMessage(
        alert=key.alert,
        message=key.message,
        batch=key.batch,
        waiting=len(batch.lanes[channel].waiting),
    )
