"""Once a year everybody is asked whether they still live and work there. What nobody answers must not be kept for ever.

asked ─► asked again after a year ─► paused after another, and told so ─► gone after a third
One press of a button answers, and so does any change, or signing up again. Nobody needs to answer to stay for a year.
"""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from chalicelib.participants.changes import changing, leaving
from chalicelib.participants.model import UNANSWERED, ContactKind, Participant
from chalicelib.participants.notices import Notice, NoticeKind
from chalicelib.participants.store import ParticipantStore
from chalicelib.platform.clock import Clock
from chalicelib.platform.errors import Conflict, NotFound
from chalicelib.platform.observe import count, logger
from chalicelib.platform.queues import MAX_DELAY_S, QueueName, Queues

LOOK_BACK = 31  # days: what was due on one on which nobody looked is done later
MOST = 250  # at one go, so that the mails of an alert never wait for these


@dataclass(frozen=True)
class Yearly:
    participants: ParticipantStore
    queues: Queues
    clock: Clock

    def run(self) -> Mapping[str, int]:
        """Ask, pause or take leave of those whose day has come; how many of each."""
        done: dict[str, int] = {"asked": 0, "paused": 0, "gone": 0}
        for participant in self._due():
            # Somebody else was first: they come back at the next go.
            with suppress(Conflict, NotFound):
                done[self._step(participant, sum(done.values()))] += 1
        for what, number in done.items():
            count(f"Yearly{what.capitalize()}", number)
        logger.info("yearly.done", asked=done["asked"], paused=done["paused"], gone=done["gone"])
        return done

    def _due(self) -> Iterator[Participant]:
        today, left = self.clock.now().date(), MOST
        for back in range(LOOK_BACK, -1, -1):
            day = today - timedelta(days=back)
            for name in self.participants.due(day, left) if left else ():
                left -= 1
                with suppress(NotFound):
                    participant = self.participants.get(name)
                    if participant.check_on <= today:
                        yield participant

    def _step(self, before: Participant, number: int) -> str:
        now = self.clock.now()
        if before.asked > UNANSWERED:
            self.participants.commit([leaving(before)])
            return "gone"
        after = replace(before, asked=before.asked + 1)
        kind = NoticeKind.PAUSED if after.asked > UNANSWERED else NoticeKind.STILL_HERE
        # First: asked twice after a fault is better than paused without a question.
        if contact := _reached_on(after):
            notice = Notice(kind=kind, participant=after.id, contact=contact)
            self.queues.send(QueueName.NOTICES, [notice.body()], delay_s=number * MAX_DELAY_S // MOST)
        self.participants.commit([changing(before, after, now)])
        return "asked" if kind is NoticeKind.STILL_HERE else "paused"


def _reached_on(participant: Participant) -> ContactKind | None:
    """By mail where that works: it takes its time."""
    broken = {held.channel.contact for held in participant.suppressed}
    kinds = [held.kind for held in participant.contacts if held.kind not in broken]
    return ContactKind.EMAIL if ContactKind.EMAIL in kinds else next(iter(kinds), None)


def answered(participant: Participant, at: datetime) -> Participant:
    """They are still there. Who rested for want of an answer takes part again; who paused themselves does not."""
    return replace(participant, confirmed_at=at, asked=0)
