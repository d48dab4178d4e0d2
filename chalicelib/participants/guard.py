"""How often somebody may sign up: per contact, per network, per row of phone numbers, and all together.

Each sign-up costs a text message or two. Who has them sent to numbers of their own earns by it (SMS pumping): such
numbers mostly lie next to each other. Whether a contact is known plays no part, so no answer tells.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from chalicelib.participants.model import Contact, ContactKind
from chalicelib.platform.clock import Clock
from chalicelib.platform.counters import Counters
from chalicelib.platform.errors import TooManyRequests
from chalicelib.platform.network import network
from chalicelib.platform.observe import count, logger
from chalicelib.platform.tokens import KeyedHash


class Scope(StrEnum):
    """Of which there may be so many. A row is all phone numbers that differ in their last two digits, or three."""

    ALL = "all"
    NETWORK = "network"
    CONTACT = "contact"
    HUNDRED = "hundred"
    THOUSAND = "thousand"


@dataclass(frozen=True)
class Limit:
    """``most`` in ``window_s`` seconds."""

    most: int
    window_s: int


@dataclass(frozen=True)
class Limits:
    """Networks may be large: a phone company has all its customers in a town behind a few addresses."""

    everybody: Limit = Limit(2_000, 60)
    network: Limit = Limit(200, 600)
    contact: Limit = Limit(5, 3_600)
    hundred: Limit = Limit(5, 600)
    thousand: Limit = Limit(20, 3_600)


@dataclass(frozen=True)
class Guard:
    counters: Counters
    keyed: KeyedHash
    clock: Clock
    limits: Limits = Limits()

    def admit_sender(self, address: str) -> None:
        """``address``: of whoever sent the request. Raises ``TooManyRequests``; the answer does not say which limit."""
        self._count(Scope.NETWORK, network(address), self.limits.network)
        self._count(Scope.ALL, "", self.limits.everybody)

    def admit_contacts(self, contacts: Sequence[Contact]) -> None:
        """Raises ``TooManyRequests``."""
        for contact in contacts:
            kind, text = contact.identity
            self._count(Scope.CONTACT, f"{kind} {text}", self.limits.contact)
            for scope, row, limit in self._rows(contact):
                self._count(scope, row, limit)

    def _rows(self, contact: Contact) -> Iterator[tuple[Scope, str, Limit]]:
        if contact.kind is ContactKind.PHONE:
            yield Scope.HUNDRED, contact.text[:-2], self.limits.hundred
            yield Scope.THOUSAND, contact.text[:-3], self.limits.thousand

    def _count(self, scope: Scope, what: str, limit: Limit) -> None:
        name = f"sign_up#{scope}#{self.keyed(scope, what)[:32]}"
        if self.counters.add(name, limit.window_s, self.clock.now()) > limit.most:
            metric = "SignUpNumbersInARow" if scope in (Scope.HUNDRED, Scope.THOUSAND) else "SignUpsRefused"
            count(metric)
            logger.warning("sign_up.refused", scope=scope)
            raise TooManyRequests("too_many_sign_ups", "There were too many sign-ups. Try again in an hour.")
