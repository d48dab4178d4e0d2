"""WAVES: the clock of an alert's waves. When the time of the next has come, it begins, or a tip holds it.

What is true lies in the alert; a message on the queue only says when to look. So messages may come twice or late, and
what a dispatcher decides in the meantime is what they find. A wave that begins is handed to PLAN by the outbox.
"""

from dataclasses import dataclass
from datetime import datetime
from math import ceil
from typing import Protocol

from chalicelib.alerts.model import Alert
from chalicelib.alerts.service import AlertService
from chalicelib.delivery.messages import WaveMessage
from chalicelib.platform.batch import Record
from chalicelib.platform.clock import Clock
from chalicelib.platform.errors import Conflict
from chalicelib.platform.observe import logger
from chalicelib.platform.queues import MAX_DELAY_S, QueueName, Queues


class TipReader(Protocol):
    """What waves need of tips; ``TipStore`` is one."""

    def came_since(self, alert: str, moment: datetime) -> bool:
        """Whether a tip came that may lead somewhere."""
        ...


@dataclass(frozen=True)
class WaveClock:
    alerts: AlertService
    tips: TipReader
    queues: Queues
    clock: Clock

    def look(self, record: Record[WaveMessage]) -> None:
        """Begin the wave if it is time, or look again later; a wave that began, is held or over needs nothing."""
        alert, wave = self.alerts.get(record.body.alert), record.body.wave
        state = alert.wave_state
        if state is None or state.next_at is None or wave != state.begun + 1:
            logger.info("waves.dropped", alert=alert.id, wave=wave)
        elif self.clock.now() < state.next_at:
            wait_for_next(alert, self.queues, self.clock)
        else:
            self._decide(alert, wave, state.tips_from)

    def _decide(self, alert: Alert, wave: int, tips_from: datetime) -> None:
        try:
            if self.tips.came_since(alert.id, tips_from):
                self.alerts.hold_for_tip(alert.id, wave)
            else:
                self.alerts.begin_due_wave(alert.id, wave)
        except Conflict as conflict:
            if conflict.code == "version_changed":  # lost too many races: the queue hands it out again
                raise
            logger.info("waves.dropped", alert=alert.id, wave=wave, why=conflict.code)


def wait_for_next(alert: Alert, queues: Queues, clock: Clock) -> None:
    """Look again when the next wave is due, or as late as a queue can wait."""
    state = alert.wave_state
    if state and state.next_at:
        wait = ceil((state.next_at - clock.now()).total_seconds())
        message = WaveMessage(alert=alert.id, wave=state.begun + 1)
        queues.send(QueueName.WAVES, [message.body()], delay_s=min(max(wait, 0), MAX_DELAY_S))
