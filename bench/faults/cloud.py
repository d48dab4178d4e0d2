"""Queues, streams and functions as AWS promises them, in virtual time: at least once, in no order, five receives.

What is declared is read where it is declared: batch sizes in ``app.py``, timeouts in ``.chalice/config.json``,
visibility and receives in ``infra/template.py``, who consumes what in ``local/in_process.py``.
"""

import base64
import gzip
import json
import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from math import ceil
from types import SimpleNamespace
from typing import Any

import app
from bench.faults.points import Gate
from bench.faults.scheduler import Scheduler, Task
from chalicelib.platform.clock import epoch_ms
from chalicelib.platform.queues import MAX_DELAY_S, QueueName
from infra.template import MAX_RECEIVE, VISIBILITY_TIMEOUTS, timeout_s
from local.in_process import CONSUMERS

HAND_OVER_S = 0.03
WINDOW_S = {"receipts": 1.0, "log": 0.5}  # infra/functions.yaml: window_s
CALLS = 4  # SQS takes ten bodies a call; so few show as well that some of many are taken
RETRIES_S = (60, 120)  # Lambda, of what another service invokes
STREAM_AGAIN_S = 1


@cache
def _timeout_s(function: str) -> int:
    return timeout_s(function)


@cache
def _batch_size(function: str) -> int:
    sizes: Iterator[int] = (
        getattr(source, "batch_size", 1) for source in app.app.event_sources if source.name == function
    )
    return next(sizes, 1)


@dataclass(eq=False)
class Message:
    queue: QueueName
    body: str
    number: int
    sent_ms: int
    received: int = 0
    gone: bool = False

    def record(self) -> dict[str, Any]:
        return {
            "messageId": f"m{self.number}",
            "body": self.body,
            "attributes": {"ApproximateReceiveCount": str(self.received), "SentTimestamp": str(self.sent_ms)},
            "eventSource": "aws:sqs",
        }


@dataclass
class Cloud:
    """``invoke``: runs an entry point of ``app.py`` within the world. ``disorder``: draws delays and doubles."""

    scheduler: Scheduler
    invoke: Callable[[str, Mapping[str, Any]], Any]
    disorder: random.Random | None = None
    dead_letters: list[Message] = field(default_factory=list)
    lost_events: list[str] = field(default_factory=list)
    _visible: dict[QueueName, list[Message]] = field(default_factory=lambda: defaultdict(list))
    _records: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    _lines: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    _reading: set[str] = field(default_factory=set)
    _of_task: dict[int, tuple[QueueName, list[Message]]] = field(default_factory=dict)
    _numbers: int = 0

    def put(self, queue: QueueName, body: Any, delay_s: float = 0) -> None:
        self._numbers += 1
        text = body if isinstance(body, str) else json.dumps(body)
        message = Message(queue, text, self._numbers, epoch_ms(self.scheduler.now))
        self._arrive(message, delay_s + HAND_OVER_S + self._jitter())
        if self.disorder and self.disorder.random() < 0.05:
            self._arrive(message, delay_s + self.disorder.choice((0.05, 1, 20)))

    def _jitter(self) -> float:
        return self.disorder.random() * self.disorder.choice((0, 0, 0.2, 3)) if self.disorder else 0

    def _arrive(self, message: Message, seconds: float) -> None:
        def arrived() -> None:
            if message.gone and not self.disorder:
                return
            self._visible[message.queue].append(message)
            self.scheduler.after(WINDOW_S.get(message.queue, 0), lambda: self._poll(message.queue))

        self.scheduler.after(seconds, arrived)

    def _poll(self, queue: QueueName) -> None:
        function = CONSUMERS[queue]
        waiting = self._visible[queue]
        while waiting:
            messages, waiting[:] = waiting[: _batch_size(function)], waiting[_batch_size(function) :]
            self._receive(queue, messages)

    def _receive(self, queue: QueueName, messages: list[Message]) -> Task:
        function = CONSUMERS[queue]
        for message in messages:
            message.received += 1
        event = {"Records": [message.record() for message in messages]}
        back_at = self.scheduler.now + timedelta(seconds=VISIBILITY_TIMEOUTS * _timeout_s(function))
        came_back: set[str] = {message.record()["messageId"] for message in messages}

        def act() -> None:
            answer = self.invoke(function, event)
            came_back.clear()
            came_back.update(failure["itemIdentifier"] for failure in answer["batchItemFailures"])

        def visible_again(message: Message) -> None:
            if message.gone:
                return
            if message.received >= MAX_RECEIVE:
                self.dead_letters.append(message)
                message.gone = True
            else:
                self._visible[queue].append(message)
                self._poll(queue)

        def ended() -> None:
            for message in messages:
                if f"m{message.number}" in came_back:
                    self.scheduler.at(back_at, lambda message=message: visible_again(message))  # type: ignore[misc]
                else:
                    message.gone = True

        task = self.scheduler.start(function, event, _timeout_s(function), act)
        self._of_task[task.number] = (queue, messages)
        task.after.append(ended)
        return task

    def again(self, task: Task) -> Task | None:
        """The messages of an invocation go to another one as well. None where no queue woke it."""
        if task.number not in self._of_task:
            return None
        return self._receive(*self._of_task[task.number])

    def log(self, function: str, line: dict[str, str], seconds: float) -> None:
        """A line of a log that is subscribed to, which comes with others of about the same time."""
        if function not in self._lines:
            self._lines[function] = []
            self.scheduler.after(seconds + WINDOW_S["log"], lambda: self._flush(function))
        self._lines[function].append(line)

    def _flush(self, function: str) -> None:
        data = json.dumps({"logEvents": self._lines.pop(function)}).encode()
        self.start(function, {"awslogs": {"data": base64.b64encode(gzip.compress(data)).decode()}})

    def start(self, function: str, event: Mapping[str, Any], tries: int = 0) -> None:
        """Invoked by another service, which tries again twice."""
        done: list[bool] = []

        def act() -> None:
            try:
                self.invoke(function, event)
            except Exception:
                return
            done.append(True)

        def ended() -> None:
            if not done and tries < len(RETRIES_S):
                self.scheduler.after(RETRIES_S[tries], lambda: self.start(function, event, tries + 1))
            elif not done:
                self.lost_events.append(function)

        self.scheduler.start(function, event, _timeout_s(function), act).after.append(ended)

    def changed(self, function: str, records: Iterable[dict[str, Any]]) -> None:
        """News for a stream, which wakes its function with up to so many records at a time, in order."""
        self._records[function] += records
        if self._records[function] and function not in self._reading:
            self._reading.add(function)
            self.scheduler.after(HAND_OVER_S, lambda: self._read(function))

    def _read(self, function: str) -> None:
        records = self._records[function][: _batch_size(function)]
        done: list[bool] = []

        def act() -> None:
            try:
                self.invoke(function, {"Records": records})
            except Exception:
                return
            done.append(True)

        def ended() -> None:
            if done:
                del self._records[function][: len(records)]
            self._reading.discard(function)
            if self._records[function]:
                self._reading.add(function)
                self.scheduler.after(0 if done else STREAM_AGAIN_S, lambda: self._read(function))

        self.scheduler.start(function, None, _timeout_s(function), act).after.append(ended)


@dataclass(frozen=True)
class CloudQueues:
    """What the product sends on: some bodies at a time, each of which is a call of its own."""

    cloud: Cloud
    gate: Gate

    def send(self, queue: QueueName, bodies: Iterable[Mapping[str, Any]], *, delay_s: int = 0) -> None:
        if not 0 <= delay_s <= MAX_DELAY_S:
            raise ValueError(f"SQS takes a delay of 0 to {MAX_DELAY_S} s")
        texts = [json.dumps(body) for body in bodies]
        size = max(1, ceil(len(texts) / CALLS))
        for some in (texts[start : start + size] for start in range(0, len(texts), size)):

            def act(some: list[str] = some) -> None:
                for body in some:
                    self.cloud.put(queue, body, delay_s)

            self.gate.call("queues", f"send_{queue}", act)


CONTEXT = SimpleNamespace(
    function_name="faults",
    memory_limit_in_mb=512,
    invoked_function_arn="arn:aws:lambda:eu-west-1:000000000000:function:faults",
    aws_request_id="faults",
)
