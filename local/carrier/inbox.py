"""Phones and inboxes: every message that was taken, and what became of it."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from itertools import count
from typing import Any, Protocol

from chalicelib.platform.clock import rfc3339


class Channel(StrEnum):
    SMS = "sms"
    VOICE = "voice"
    EMAIL = "email"
    PUSH = "push"
    X = "x"
    MASTODON = "mastodon"


class Status(StrEnum):
    """What truly became of a message, whatever the receipts say."""

    ACCEPTED = "accepted"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    BOUNCED = "bounced"
    OPTED_OUT = "opted_out"
    REJECTED = "rejected"
    RENDERING_FAILED = "rendering_failed"
    WITHDRAWN = "withdrawn"  # a post that nobody can read any more


class Content(Protocol):
    @property
    def subject(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def html(self) -> str: ...


@dataclass(frozen=True)
class Written:
    """Text as it was handed over."""

    text: str = ""
    subject: str = ""
    html: str = ""


@dataclass(frozen=True)
class Spoken:
    """A call: what was said, the SSML that says it, and whose voice."""

    text: str
    ssml: str = ""
    voice: str = ""
    subject: str = ""
    html: str = ""


@dataclass(frozen=True)
class Message:
    """``id`` is the provider's; copies to several people share it. ``seq``: place in the inbox, from 1; 0 until filed.

    ``sender``: the sender id, or From. ``tags``: e-mail tags, or the SMS's own message attributes. ``recipients``: all
    that the e-mail was for. ``configuration_set``: empty where the sender asked for no events. ``life_s``: after which
    it is given up; None: never. ``end_user_messaging``: who took it, where two take SMS.
    """

    id: str
    channel: Channel
    to: str
    at: datetime
    sender: str
    content: Content
    tags: Mapping[str, str]
    recipients: tuple[str, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    reply_to: tuple[str, ...] = ()
    configuration_set: str = ""
    sms_type: str = ""
    parts: int = 0
    encoding: str = ""
    life_s: int | None = None
    end_user_messaging: bool = False
    seq: int = 0

    @property
    def alert(self) -> str:
        return self.tags.get("alert", "")


class Inbox:
    """Used by the server's thread and the receipts' thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sequence = count(1)
        self._messages: dict[int, Message] = {}
        self._statuses: dict[int, Status] = {}

    def file(self, message: Message) -> Message:
        """Returns the message with its place."""
        with self._lock:
            filed = replace(message, seq=next(self._sequence))
            self._messages[filed.seq] = filed
            self._statuses[filed.seq] = Status.ACCEPTED
            return filed

    def mark(self, message: Message, status: Status) -> None:
        with self._lock:
            if message.seq in self._statuses:
                self._statuses[message.seq] = status

    def change(self, message: Message) -> None:
        """Other content in the same place."""
        with self._lock:
            if message.seq in self._messages:
                self._messages[message.seq] = message

    def find(self, message_id: str) -> Message | None:
        """By the provider's id; of several copies the first."""
        with self._lock:
            return next((message for message in self._messages.values() if message.id == message_id), None)

    def select(
        self, *, to: str = "", channel: str = "", alert: str = "", status: str = "", after: int = 0
    ) -> list[Message]:
        """In the order of arrival; an empty argument selects all. ``after``: only a higher ``seq``."""
        with self._lock:
            messages = list(self._messages.values())
            statuses = dict(self._statuses) if status else {}
        return [
            message
            for message in messages
            if message.seq > after
            and (not to or message.to.casefold() == to.casefold())
            and (not channel or message.channel == channel)
            and (not alert or message.alert == alert)
            and (not status or statuses[message.seq] == status)
        ]

    def status(self, message: Message) -> Status:
        with self._lock:
            return self._statuses.get(message.seq, Status.ACCEPTED)

    def clear(self) -> None:
        """Empties everything; numbers go on counting, so that a poller's ``after`` stays right."""
        with self._lock:
            self._messages.clear()
            self._statuses.clear()

    def __len__(self) -> int:
        return len(self._messages)


def to_json(message: Message, status: Status) -> dict[str, Any]:
    """As ``GET /messages`` shows it."""
    shown: dict[str, Any] = {
        "seq": message.seq,
        "id": message.id,
        "channel": message.channel,
        "to": message.to,
        "at": rfc3339(message.at),
        "status": status,
        "alert": message.alert,
        "sender": message.sender,
        "tags": dict(message.tags),
        "text": message.content.text,
    }
    if message.channel is Channel.SMS:
        return shown | {"parts": message.parts, "encoding": message.encoding, "sms_type": message.sms_type}
    if isinstance(message.content, Spoken):
        return shown | {"ssml": message.content.ssml, "voice": message.content.voice, "life_s": message.life_s}
    if message.channel is Channel.PUSH:
        headers = dict(message.headers)
        return shown | {"subject": message.content.subject, "headers": headers, "life_s": message.life_s}
    return shown | {
        "subject": message.content.subject,
        "html": message.content.html,
        "headers": dict(message.headers),
        "reply_to": list(message.reply_to),
    }
