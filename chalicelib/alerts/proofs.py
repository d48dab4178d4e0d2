"""PROOFS: an alert's call to who works on it, before anybody else gets it. Nobody is counted for it."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from pydantic import Field

from chalicelib.alerts import proof_wording
from chalicelib.alerts.cap import Status
from chalicelib.alerts.model import Alert
from chalicelib.alerts.states import State
from chalicelib.alerts.store import AlertStore
from chalicelib.alerts.text import Language
from chalicelib.channels.direct import DirectMail, DirectSms, DirectVoice
from chalicelib.channels.model import Channel
from chalicelib.platform.batch import Message, Record
from chalicelib.platform.clock import Clock
from chalicelib.platform.counters import Counters
from chalicelib.platform.errors import Conflict, NotFound, TooManyRequests
from chalicelib.platform.ids import ALPHABET
from chalicelib.platform.observe import count, logger
from chalicelib.platform.queues import QueueName, Queues
from chalicelib.staff.accounts import Accounts, Contacts
from chalicelib.staff.model import StaffMember

BEFORE = frozenset({State.DRAFT, State.SUBMITTED, State.SCHEDULED})
WINDOW_S, MOST = 3_600, 20  # of one member


class ProofMessage(Message):
    """``user``: whose contacts it goes to; they are looked up when it is sent."""

    alert: str = Field(pattern=rf"^[{ALPHABET}]{{10}}$")
    user: str = Field(min_length=1, max_length=128)
    channel: Channel
    language: Language


class Seen(Protocol):
    def read(self, alert_id: str, member: StaffMember) -> Alert:
        """Raises ``NotFound``: no such alert, or none that this member sees."""
        ...


@dataclass(frozen=True)
class Proofs:
    """Asks for them."""

    alerts: Seen
    accounts: Accounts
    queues: Queues
    counters: Counters
    clock: Clock

    def ask(self, alert_id: str, member: StaffMember, language: Language) -> list[Channel]:
        """The channels on which the member gets it: those of the alert for which their account has a contact.

        Raises:
            NotFound: no such alert, or none that this member sees.
            Conflict: ``wrong_state`` once it has begun or is over, ``no_own_contact``.
            TooManyRequests: ``too_many_proofs``.
        """
        alert = self.alerts.read(alert_id, member)
        if alert.state not in BEFORE:
            raise Conflict("wrong_state", f"An alert that is {alert.state} needs no proof.")
        own = self.accounts.contacts(member.user)
        channels = [channel for channel in Channel if channel in alert.channels and _contact(own, channel)]
        if not channels:
            raise Conflict("no_own_contact", "Your account has no proved contact on the channels of this alert.")
        name = f"proofs#{hashlib.sha256(member.user.encode()).hexdigest()[:32]}"
        if self.counters.add(name, WINDOW_S, self.clock.now()) > MOST:
            raise TooManyRequests("too_many_proofs", f"At most {MOST} proofs an hour; read the preview meanwhile.")
        asked = [ProofMessage(alert=alert.id, user=member.user, channel=it, language=language) for it in channels]
        self.queues.send(QueueName.PROOFS, [it.model_dump(mode="json") for it in asked])
        return channels


@dataclass(frozen=True)
class Ways:
    """By which messages go out."""

    sms: DirectSms
    voice: DirectVoice
    email: DirectMail


@dataclass(frozen=True)
class ProofSender:
    """``exercises``: for what is not meant. ``reply_url``: as long as a real one, and leads nowhere."""

    alerts: AlertStore
    accounts: Accounts
    actual: Ways
    exercises: Ways
    reply_url: str
    web_url: str

    def send(self, record: Record[ProofMessage]) -> None:
        """Send one; drop it where the alert or the contact has gone. Raises ``TryLater``."""
        proof = record.body
        try:
            alert = self.alerts.get(proof.alert)
        except NotFound:
            return
        contact = _contact(self.accounts.contacts(proof.user), proof.channel)
        if not contact:
            logger.info("proof.dropped", alert=proof.alert, channel=proof.channel)
            return
        self._ways(alert)[proof.channel](contact, proof.language)
        count("ProofsSent")
        logger.info("proof.sent", alert=proof.alert, channel=proof.channel)

    def _ways(self, alert: Alert) -> Mapping[Channel, Callable[[str, Language], None]]:
        ways = self.actual if alert.status is Status.ACTUAL else self.exercises

        def sms(to: str, language: Language) -> None:
            ways.sms.send(to, proof_wording.sms(alert, language, self.reply_url))

        def voice(to: str, language: Language) -> None:
            ways.voice.call(to, proof_wording.voice(alert, language), language)

        def email(to: str, language: Language) -> None:
            mail = proof_wording.email(alert, language, self.reply_url, f"{self.web_url}/manage")
            ways.email.send(to, mail.subject, mail.text, mail.html)

        return {Channel.SMS: sms, Channel.VOICE: voice, Channel.EMAIL: email}


def _contact(contacts: Contacts, channel: Channel) -> str:
    """A push message goes to devices, of which an account knows none."""
    return {Channel.SMS: contacts.phone, Channel.VOICE: contacts.phone, Channel.EMAIL: contacts.email}.get(channel, "")
