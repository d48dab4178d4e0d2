"""TALLY: what a unit of the ledger adds up to, recomputed from the ledger itself whenever it changes.

Nothing is ever added to a counter, so nothing can be counted twice or forgotten: duplicates, retries and disorder of
the stream only mean that the same sum is made again. Whoever reads every change also sees whom no channel could reach:
FALLBACK is told, again and again until the ledger says that it has seen to them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce

from chalicelib.delivery.family import families, tally_of
from chalicelib.delivery.messages import MatchMessage, TallyMessage
from chalicelib.delivery.model import Tally
from chalicelib.delivery.store import Ledger
from chalicelib.platform.batch import Record
from chalicelib.platform.queues import QueueName, Queues


@dataclass(frozen=True)
class Tallies:
    ledger: Ledger
    queues: Queues

    def recompute(self, records: list[Record[TallyMessage]]) -> set[str]:
        """Each unit that changed, once, however many messages say so."""
        for alert, message, unit in sorted({(r.body.alert, r.body.message, r.body.unit) for r in records}):
            found = list(families(self.ledger.batches(alert, message, unit)))
            self.ledger.put_tally(alert, message, unit, tally_of(found, self.ledger.suppressed(alert, message, unit)))
            if stranded := tuple(family.number for family in found if family.stranded()):
                fallback = MatchMessage(alert=alert, message=message, unit=unit, fallback=True, only=stranded)
                self.queues.send(QueueName.MATCH_FOLLOWUP, [fallback.body()])
        return set()

    def of(self, alert: str, message: str) -> Tally:
        """The sum over the units of a message."""
        return total(tally for _, tally in self.ledger.tallies(alert, message))


def total(tallies: Iterable[Tally]) -> Tally:
    return reduce(Tally.plus, tallies, Tally())
