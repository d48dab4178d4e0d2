"""What happens to a message after it was taken, and what is said of it: one story per channel and fault."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from local.carrier import phone_events, ses_events, sms_log
from local.carrier.faults import Fault, Rule
from local.carrier.inbox import Channel, Message, Status
from local.carrier.outlets import Kind, Receipt


@dataclass(frozen=True)
class Step:
    """``latencies``: so many times the latency after it was taken, and ``extra_ms``. ``status``: what it then becomes.

    ``receipt``: writes what is said of it, given the moment; None: nothing.
    """

    latencies: int
    status: Status | None
    kind: Kind
    receipt: Callable[[datetime], Receipt] | None
    extra_ms: int = 0


def story(message: Message, rule: Rule | None) -> list[Step]:
    fault = rule.fault if rule else None
    steps = _steps(message, fault)
    by_log = message.channel is Channel.SMS and not message.end_user_messaging
    if not by_log and not message.configuration_set:
        return [_silent(step) for step in steps]  # told only to who named a configuration set
    if rule and fault is Fault.LATE_RECEIPT:
        return list(_late(message, steps, rule.delay_ms))
    if fault is Fault.SILENT:
        return [_silent(step) for step in steps]
    return steps * 2 if fault is Fault.DUPLICATE_RECEIPT else steps


def unrendered(message: Message, missing: str) -> list[Step]:
    """``missing``: the placeholder that had no value."""
    event = partial(ses_events.rendering_failure, message, missing)
    step = Step(0, Status.RENDERING_FAILED, Kind.EMAIL_EVENT, event)
    return [step if message.configuration_set else _silent(step)]


def _steps(message: Message, fault: Fault | None) -> list[Step]:
    if message.channel is Channel.PUSH:  # no push service says what became of a message
        return [Step(1, Status.DELIVERED, Kind.EMAIL_EVENT, None)]
    if message.channel is Channel.VOICE and not message.end_user_messaging:  # Connect says nothing that we hear
        return [Step(1, Status.DELIVERED, Kind.PHONE_EVENT, None)]
    if message.end_user_messaging:
        return _phone_steps(message, fault)
    return [_sms_step(message, fault)] if message.channel is Channel.SMS else _email_steps(message, fault)


def _phone_steps(message: Message, fault: Fault | None) -> list[Step]:
    stories = _VOICE_STORIES if message.channel is Channel.VOICE else _TEXT_STORIES
    chapters = stories.get(fault, stories[None])
    last = len(chapters) - 1
    return [
        Step(n, status, Kind.PHONE_EVENT, partial(_phone_event, message, event_type, n == last))
        for n, (status, event_type) in enumerate(chapters)
    ]


def _phone_event(message: Message, event_type: str, final: bool, now: datetime) -> Receipt:
    return phone_events.event(message, event_type, now, final=final)


def _sms_step(message: Message, fault: Fault | None) -> Step:
    kind = Kind.SMS_FAILED if fault in sms_log.FAILURES else Kind.SMS_DELIVERED
    return Step(1, sms_log.status(fault), kind, partial(sms_log.entry, message, fault))


def _email_steps(message: Message, fault: Fault | None) -> list[Step]:
    return [
        Step(latencies, status, Kind.EMAIL_EVENT, partial(event, message))
        for latencies, status, event in _EMAIL_STORIES.get(fault, _DELIVERED)
    ]


def _silent(step: Step) -> Step:
    return replace(step, receipt=None)


def _late(message: Message, steps: list[Step], delay_ms: int) -> Iterator[Step]:
    for step in steps:
        yield _silent(step)
        yield replace(step, status=None, extra_ms=delay_ms if step.latencies else 0)
    if message.channel is Channel.EMAIL:
        yield Step(1, None, Kind.EMAIL_EVENT, partial(ses_events.delivery_delay, message))


_Chapter = tuple[int, Status | None, Callable[[Message, datetime], Receipt]]

_SENT: _Chapter = (0, None, ses_events.send)
_DELIVERED: tuple[_Chapter, ...] = (_SENT, (1, Status.DELIVERED, ses_events.delivery))
_PhoneStory = tuple[tuple[Status | None, str], ...]
_TEXT_STORIES: Mapping[Fault | None, _PhoneStory] = {
    None: ((None, "TEXT_QUEUED"), (Status.DELIVERED, "TEXT_DELIVERED")),
    Fault.BOUNCED: ((None, "TEXT_QUEUED"), (Status.BOUNCED, "TEXT_INVALID")),
    Fault.UNDELIVERED: ((None, "TEXT_QUEUED"), (Status.UNDELIVERED, "TEXT_UNREACHABLE")),
}
_DIALLED = ((None, "VOICE_INITIATED"), (None, "VOICE_RINGING"))
_VOICE_STORIES: Mapping[Fault | None, _PhoneStory] = {
    None: (*_DIALLED, (None, "VOICE_ANSWERED"), (Status.DELIVERED, "VOICE_COMPLETED")),
    Fault.BOUNCED: ((None, "VOICE_INITIATED"), (Status.BOUNCED, "VOICE_FAILED")),
    Fault.UNDELIVERED: (*_DIALLED, (Status.UNDELIVERED, "VOICE_NO_ANSWER")),
    Fault.BUSY: ((None, "VOICE_INITIATED"), (Status.UNDELIVERED, "VOICE_BUSY")),
}
_EMAIL_STORIES: Mapping[Fault | None, tuple[_Chapter, ...]] = {
    Fault.BOUNCED: (_SENT, (1, Status.BOUNCED, ses_events.permanent_bounce)),
    Fault.UNDELIVERED: (_SENT, (1, Status.UNDELIVERED, ses_events.transient_bounce)),
    Fault.OPTED_OUT: (_SENT, (1, Status.OPTED_OUT, ses_events.suppression_bounce)),
    Fault.COMPLAINED: (*_DELIVERED, (2, None, ses_events.complaint)),
    Fault.VIRUS: (_SENT, (1, Status.REJECTED, ses_events.reject)),
}
