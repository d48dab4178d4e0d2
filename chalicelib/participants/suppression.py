"""SUPPRESS: a contact that a provider says will never work is not tried any more, and its owner is told elsewhere.

The queue carries whose and on which channel; never the contact itself. Proving the contact again lifts it.
"""

from dataclasses import dataclass

from pydantic import Field

from chalicelib.participants.changes import changing
from chalicelib.participants.model import (
    ChannelChoice,
    ContactKind,
    Participant,
    Suppression,
    SuppressionReason,
    participant_id,
)
from chalicelib.participants.notices import Notice, NoticeKind
from chalicelib.participants.store import ParticipantStore
from chalicelib.platform.batch import Message, Record
from chalicelib.platform.clock import Clock
from chalicelib.platform.errors import NotFound
from chalicelib.platform.observe import count, logger
from chalicelib.platform.queues import QueueName, Queues


class Suppress(Message):
    """``reference``: as the message knew its reader; who has signed up again since proved the contact anew.

    ``device``: of push, the one that has ended; the others are still tried.
    """

    reference: str = Field(pattern=r"^[0-9a-z]{13}$")
    channel: ChannelChoice
    reason: SuppressionReason
    device: str | None = Field(default=None, pattern=r"^[0-9a-z]{12}$")


@dataclass(frozen=True)
class Suppressor:
    participants: ParticipantStore
    queues: Queues
    clock: Clock

    def suppress(self, record: Record[Suppress]) -> None:
        """Once however often it comes; the next alert already does not try the channel."""
        asked = record.body
        try:
            before = self.participants.get(participant_id(asked.reference))
        except NotFound:
            return
        if before.reference != asked.reference:
            logger.info("suppress.dropped", channel=asked.channel, reason=asked.reason)
            return
        now = self.clock.now()
        if asked.device:
            after = before.without_device(asked.device)
        else:
            after = before.suppressing(Suppression(asked.channel, asked.reason, now))
        if after is before:
            return
        # First: told twice after a fault is better than never.
        if before.works(asked.channel) and not after.works(asked.channel):
            self._tell(after, asked.channel)
        self.participants.commit([changing(before, after, now)])
        count("ContactsSuppressed")
        logger.info("suppress.done", channel=asked.channel, reason=asked.reason)

    def _tell(self, participant: Participant, channel: ChannelChoice) -> None:
        if contact := _still_works(participant):
            notice = Notice(kind=NoticeKind.SUPPRESSED, participant=participant.id, contact=contact, channel=channel)
            self.queues.send(QueueName.NOTICES, [notice.body()])


def _still_works(participant: Participant) -> ContactKind | None:
    """A verified contact on which nothing is suppressed, whether chosen for alerts or not."""
    broken = {held.channel.contact for held in participant.suppressed}
    return next((held.kind for held in participant.contacts if held.kind not in broken), None)
