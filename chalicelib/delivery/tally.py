"""TALLY: what a unit of the ledger adds up to, recomputed from the ledger itself whenever it changes.

Nothing is ever added to a counter, so nothing can be counted twice or forgotten: duplicates, retries and disorder of
the stream only mean that the same sum is made again.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce

from chalicelib.delivery.messages import TallyMessage
from chalicelib.delivery.model import Tally
from chalicelib.delivery.store import Ledger
from chalicelib.platform.batch import Record


@dataclass(frozen=True)
class Tallies:
    ledger: Ledger

    def recompute(self, records: list[Record[TallyMessage]]) -> set[str]:
        """Each unit that changed, once, however many messages say so."""
        for alert, message, unit in sorted({(r.body.alert, r.body.message, r.body.unit) for r in records}):
            tally = Tally.of(self.ledger.batches(alert, message, unit), self.ledger.suppressed(alert, message, unit))
            self.ledger.put_tally(alert, message, unit, tally)
        return set()

    def of(self, alert: str, message: str) -> Tally:
        """The sum over the units of a message."""
        return total(tally for _, tally in self.ledger.tallies(alert, message))


def total(tallies: Iterable[Tally]) -> Tally:
    return reduce(Tally.plus, tallies, Tally())
