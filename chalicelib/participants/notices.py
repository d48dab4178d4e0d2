"""NOTICES: codes and welcomes, to one contact each. The queue carries ids; contacts and codes are looked up here."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from chalicelib.participants.area_year import Years
from chalicelib.participants.codes import Codes
from chalicelib.participants.links import manage_token, manage_url
from chalicelib.participants.model import ChannelChoice, Contact, ContactKind, Participant, SignUp, spoken_to
from chalicelib.participants.store import ParticipantStore, SignUpStore, still_there
from chalicelib.participants.texts import NoticeText, suppressed, verification, welcome, yearly
from chalicelib.platform.batch import Message, Record
from chalicelib.platform.clock import Clock
from chalicelib.platform.errors import NotFound
from chalicelib.platform.observe import count, logger
from chalicelib.platform.tokens import LinkSigner


class NoticeKind(StrEnum):
    VERIFICATION = "verification"
    WELCOME = "welcome"
    SUPPRESSED = "suppressed"
    STILL_HERE = "still_here"
    PAUSED = "paused"


OF_SIGN_UP = frozenset({NoticeKind.VERIFICATION, NoticeKind.WELCOME})


class Notice(Message):
    """``contact``: where it goes. A sign-up's has ``sign_up``, the others ``participant``, ``suppressed`` a channel."""

    kind: NoticeKind
    sign_up: str | None = Field(default=None, min_length=1, max_length=40)
    contact: ContactKind
    participant: str | None = Field(default=None, min_length=1, max_length=12)
    channel: ChannelChoice | None = None

    @model_validator(mode="after")
    def _whole(self) -> "Notice":
        of_sign_up = self.kind in OF_SIGN_UP
        wrong_channel = bool(self.channel) != (self.kind is NoticeKind.SUPPRESSED)
        if bool(self.sign_up) != of_sign_up or bool(self.participant) == of_sign_up or wrong_channel:
            raise PydanticCustomError("not_whole", "Not what this kind of notice needs.")
        return self


class SmsPort(Protocol):
    def send(self, phone: str, text: str) -> None:
        """Hand one text to the provider. ``phone``: E.164. Raises where it was not taken and may be tried again."""
        ...


class VoicePort(Protocol):
    def call(self, phone: str, ssml: str, language: str) -> None:
        """Have one number called. ``phone``: E.164. Raises where it was not taken and may be tried again."""
        ...


class MailPort(Protocol):
    def send(self, to: str, subject: str, text: str, html: str) -> None:
        """Hand one mail to the provider. Raises where it was not taken and may be tried again."""
        ...


@dataclass(frozen=True)
class Notices:
    """``web_url``: base address of the pages, without a slash at the end. ``years``: what became of a year."""

    sign_ups: SignUpStore
    participants: ParticipantStore
    codes: Codes
    signer: LinkSigner
    sms: SmsPort
    voice: VoicePort
    mail: MailPort
    clock: Clock
    web_url: str
    years: Years

    def send(self, record: Record[Notice]) -> None:
        """Send one notice; drop it where there is nobody left to tell."""
        notice = record.body
        if notice.kind not in OF_SIGN_UP:
            self._tell(notice)
            return
        try:
            sign_up = still_there(self.sign_ups.get(notice.sign_up or ""), self.clock.now())
            contact = sign_up.contact(notice.contact)
            text = self._text(notice, sign_up)
        except NotFound:
            contact = text = None
        if contact is None or text is None:
            logger.info("notice.dropped", sign_up=notice.sign_up, kind=notice.kind, contact=notice.contact)
            return
        self._hand_over(sign_up.chosen, contact, text)
        if notice.kind is NoticeKind.WELCOME:
            self.sign_ups.mark_welcomed(sign_up.id)
        count("NoticesSent")
        logger.info("notice.sent", sign_up=sign_up.id, kind=notice.kind, contact=notice.contact)

    def _tell(self, notice: Notice) -> None:
        """A participant, on a contact that works: of a channel that does not, or of their year."""
        try:
            participant = self.participants.get(notice.participant or "")
        except NotFound:
            return
        contact = participant.contact(notice.contact)
        if contact is None:
            return
        manage = self._manage(participant)
        if notice.channel:
            text = suppressed(participant.language, notice.channel, manage)
        else:
            text = self._of_year(participant, manage, notice)
        self._hand_over(participant.chosen, contact, text)
        count("NoticesSent")

    def _of_year(self, participant: Participant, manage: str, notice: Notice) -> NoticeText:
        """Whoever is asked by mail also reads what became of the year where they live."""
        paused = notice.kind is NoticeKind.PAUSED
        told = notice.contact is ContactKind.EMAIL and not paused and participant.places
        year = self.years.of(participant.places[0].area) if told else None
        return yearly(participant.language, manage, paused=paused, year=year)

    def _text(self, notice: Notice, sign_up: SignUp) -> NoticeText | None:
        """None: a code that is no longer of use, or a welcome that went out before."""
        if notice.kind is NoticeKind.VERIFICATION:
            if notice.contact in sign_up.proved or self.clock.now() >= sign_up.codes_expire_at:
                return None
            return verification(sign_up.language, self.codes.code(sign_up, notice.contact))
        if sign_up.welcomed or sign_up.participant is None:
            return None
        participant = self.participants.get(sign_up.participant)
        return welcome(
            participant.language,
            self._manage(participant),
        )

    def _manage(self, participant: Participant) -> str:
        return manage_url(self.web_url, manage_token(self.signer, participant.reference, self.clock.now()))

    def _hand_over(self, chosen: frozenset[ChannelChoice], contact: Contact, text: NoticeText) -> None:
        if contact.kind is ContactKind.EMAIL:
            self.mail.send(contact.text, text.subject, text.text, text.html)
        elif spoken_to(chosen):
            self.voice.call(contact.text, text.ssml, text.language)
        else:
            self.sms.send(contact.text, text.sms)
