"""Who must know what a control room did alone, or left open."""

from dataclasses import dataclass

from chalicelib.staff.store import OrganisationStore


@dataclass(frozen=True)
class SupervisorBook:
    """``fallback``: e-mail addresses, for control rooms that gave none of their own."""

    organisations: OrganisationStore
    fallback: tuple[str, ...]

    def of(self, tenant: str) -> tuple[str, ...]:
        """E-mail addresses of the supervisors of this organisation, and so of its alerts (``alert.tenant``).

        Empty: there is nobody to tell.
        """
        room = self.organisations.find(tenant)
        return (room.supervisors if room else ()) or self.fallback

    def room(self, tenant: str) -> tuple[str, ...]:
        """Where this organisation is itself reminded; without a mailbox of its own, the addresses of ``of``."""
        room = self.organisations.find(tenant)
        return (room.mailboxes if room else ()) or self.of(tenant)
