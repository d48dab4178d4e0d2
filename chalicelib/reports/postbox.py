"""Sends a mail to some addresses, to each once: a claim with a lease before, a mark after.

Each address by itself: one that is refused for now is tried again without writing to the others once more.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from chalicelib.channels.model import Accepted, EmailSender, Mail, MailRecipient, Refusal
from chalicelib.platform.clock import Clock, epoch
from chalicelib.platform.ids import derived_id
from chalicelib.platform.observe import count, logger
from chalicelib.reports.store import ReportStore

LEASE_S = 300
LATER = frozenset({Refusal.THROTTLED, Refusal.TEMPORARY})


@dataclass(frozen=True)
class Gone:
    """In mails. ``failed``: of those that were tried. ``waiting``: not gone yet, and to be tried again."""

    sent: int = 0
    failed: int = 0
    waiting: int = 0

    def __add__(self, other: "Gone") -> "Gone":
        return Gone(self.sent + other.sent, self.failed + other.failed, self.waiting + other.waiting)


@dataclass(frozen=True)
class Postbox:
    store: ReportStore
    sender: EmailSender
    clock: Clock

    def send(
        self, about: str, name: str, addresses: Iterable[str], make: Callable[[], Mail], *, again: bool = False
    ) -> Gone:
        """``about`` (letters, digits, ``_``, ``-``) and ``name`` say which mail it is.

        ``make``: called where there is anybody to send it to. ``again``: also to who has it.
        """
        marks = {address: f"{name}#{derived_id(address)}" for address in addresses}
        claimed = [address for address, mark in marks.items() if again or self._claim(about, mark)]
        busy = sum(not self.store.was_sent(about, marks[address]) for address in marks.keys() - set(claimed))
        gone = Gone(waiting=busy)
        if claimed:
            mail = make()
            gone = sum((self._send(about, mail, address, marks[address]) for address in claimed), gone)
        return gone

    def _claim(self, about: str, mark: str) -> bool:
        return self.store.claim_summary(about, mark, epoch(self.clock.now()), LEASE_S)

    def _send(self, about: str, mail: Mail, address: str, mark: str) -> Gone:
        (answer,) = self.sender.send(mail, [MailRecipient(address, {}, {"summary": about})])
        later = not isinstance(answer, Accepted) and answer.reason in LATER
        if not later:
            self.store.summary_sent(about, mark, epoch(self.clock.now()))
        if isinstance(answer, Accepted):
            return Gone(sent=1)
        count("SummaryFailed")
        logger.warning("summary.refused", about=about, reason=answer.reason, code=answer.code)
        return Gone(failed=1, waiting=int(later))
