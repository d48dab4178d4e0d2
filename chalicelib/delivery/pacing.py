"""When a sender may begin: all senders of a channel together keep to the granted rate, and use it fully.

A sender asks the shared clock for a turn: room for about a second's messages. It gets one that begins soon, waits for
a while where none does, or puts its batch back: the queue is the waiting room, and nothing is promised far ahead. So an
alert that is stopped leaves no empty turns behind, and a message that must go first waits for what has begun at most.

Alerts that are sent at the same time take turns, however large each is: one that did not have the last turn may ask for
one earlier than those that did, also than their batches that have begun; updates may earlier than both.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass

from chalicelib.channels.model import Channel
from chalicelib.delivery.model import BATCH_SIZE
from chalicelib.delivery.pace import Full, Latest, Pace
from chalicelib.platform.clock import Clock, epoch_us

SECOND_US = 1_000_000
# How far ahead a turn may begin. The steps are as long as those who wait are spread at most.
AHEAD_US = 1 * SECOND_US
BEGUN_US = 3 * SECOND_US // 2  # of a batch that has begun
OTHER_US = 2 * SECOND_US  # of an alert that did not have the last turn
FIRST_US = 5 * SECOND_US // 2  # of an update
HOLD_US = 1 * SECOND_US  # how long everybody stands still when the provider says that it is too fast


@dataclass(frozen=True)
class Turn:
    """Room for ``messages``, one every ``gap_us`` from ``begin_us`` on."""

    messages: int
    begin_us: int
    gap_us: int
    clock: Clock

    def messages_in(self, length_us: int) -> int:
        return max(1, length_us // max(self.gap_us, 1))

    def wait_for(self, number: int) -> None:
        """Until message ``number`` (from 0) may leave. A turn that has fallen behind catches up."""
        wait_us = self.begin_us + number * self.gap_us - epoch_us(self.clock.now())
        if wait_us > 0:
            self.clock.sleep(wait_us / SECOND_US)


@dataclass
class Pacer:
    """``rate``: messages a second that the provider has granted. ``chance``: a number from 0 to 1.

    ``crowded``: the last time there was no turn; so look before trying to take one.
    """

    pace: Pace
    clock: Clock
    channel: Channel
    rate: float
    chance: Callable[[], float] = random.random
    crowded: bool = False

    @property
    def lot(self) -> int:
        """Messages of one turn: a second's worth, at most a batch."""
        return max(1, min(BATCH_SIZE, int(self.rate)))

    @property
    def _gap_us(self) -> int:
        return round(SECOND_US / self.rate)

    def ask(self, alert: str, messages: int, *, begun: bool = False, first: bool = False) -> Turn | float:
        """A turn for ``messages`` of an alert, or for as many as one holds; else the seconds after which to ask again.

        ``begun``: the batch has had a turn. ``first``: before whatever else waits.
        Those who wait ask at moments that differ, so that they do not all write at once; yet well within ``AHEAD_US``,
        so that the clock never falls behind while anybody waits.
        """
        size = max(1, min(messages, self.lot))
        now = epoch_us(self.clock.now())
        own = FIRST_US if first else BEGUN_US if begun else AHEAD_US
        latest = Latest(now + own, now + max(own, OTHER_US))
        try:
            if self.crowded:
                promised = self.pace.standing(self.channel)
                if (early := promised.until_us - latest.after(promised, alert)) > 0:
                    raise Full(early)
            begin = self.pace.reserve(self.channel, alert, size * self._gap_us, now, latest)
        except Full as full:
            self.crowded = True
            spread = min(self.lot * self._gap_us, AHEAD_US) // 2
            return (full.early_us + self.chance() * spread) / SECOND_US
        self.crowded = False
        return Turn(size, begin, self._gap_us, self.clock)

    def take(
        self,
        alert: str,
        messages: int,
        *,
        patience_s: float,
        begun: bool = False,
        first: bool = False,
        unless: Callable[[], bool] = lambda: False,
    ) -> Turn | None:
        """A turn, once it has come; None where none would come within ``patience_s``, or there is no use for it."""
        until = epoch_us(self.clock.now()) + patience_s * SECOND_US
        while isinstance(turn := self.ask(alert, messages, begun=begun, first=first), float):
            if epoch_us(self.clock.now()) + turn * SECOND_US > until or unless():
                return None
            self.clock.sleep(turn)
        turn.wait_for(0)
        return turn

    def give_back(self, turn: Turn, used: int) -> None:
        """What a turn did not use is the next one's."""
        if used < turn.messages:
            now = epoch_us(self.clock.now())
            self.pace.give_back(self.channel, (turn.messages - used) * turn.gap_us, now)

    def slow_down(self) -> None:
        """The provider says that it is too fast: nobody begins for a moment."""
        self.pace.hold(self.channel, epoch_us(self.clock.now()) + HOLD_US)
