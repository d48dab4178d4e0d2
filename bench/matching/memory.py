"""``python -m bench.matching.memory``: peak memory of one match invocation, in a process that does nothing else.

On standard input the alert's area and the ranges of one unit; DynamoDB is where the environment says. The ledger and
the queues forget what they are told, as those of AWS are not in this process either.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import app
from bench.example_alert import START, active_alert
from chalicelib.alerts.history import EventRecord
from chalicelib.alerts.messages import MessageKind
from chalicelib.alerts.store import MemoryAlertStore
from chalicelib.areas.cover import KeyRange
from chalicelib.areas.model import Shape, shape_from_json
from chalicelib.delivery.match import THREADS, Matcher
from chalicelib.delivery.messages import MatchMessage
from chalicelib.delivery.model import Batch
from chalicelib.delivery.rows import Keys
from chalicelib.delivery.store_memory import MemoryLedger
from chalicelib.participants.places import DynamoPlaceStore, MemoryPlaceStore
from chalicelib.participants.store_memory import MemoryParticipantStore, MemorySignUpStore
from chalicelib.platform import aws
from chalicelib.platform.batch import Record
from chalicelib.platform.clock import ManualClock
from chalicelib.platform.queues import MemoryQueues, QueueName


class ForgetfulLedger(MemoryLedger):
    def add(self, batch: Batch, keys: Keys | None = None) -> Batch:
        return batch


class ForgetfulQueues(MemoryQueues):
    def send(self, queue: QueueName, bodies: Iterable[Mapping[str, Any]], *, delay_s: int = 0) -> None:
        pass


def peak_mb(shape: Shape, lot: Sequence[KeyRange]) -> float:
    """What the operating system says that process took at most, interpreter and libraries included."""
    ranges = [[r.partition, r.first, r.last, r.interior, r.marks] for r in lot]
    asked = json.dumps({"shape": shape.to_json(), "ranges": ranges})
    program = [sys.executable, "-m", "bench.matching.memory"]
    done = subprocess.run(program, input=asked, capture_output=True, text=True, check=True, env=dict(os.environ))
    return float(done.stdout.split()[-1])


def main() -> None:
    assert app.app  # what a Lambda has loaded before anything is matched
    asked = json.load(sys.stdin)
    alert = active_alert(shape_from_json(asked["shape"]))
    alerts = MemoryAlertStore()
    alerts.put(alert, 0, EventRecord("e", START, "begun", "system"))
    places = DynamoPlaceStore("places", lambda: aws.client("dynamodb"))
    people = MemoryParticipantStore(MemoryPlaceStore(), MemorySignUpStore())
    matcher = Matcher(alerts, places, people, ForgetfulLedger(), ForgetfulQueues(), ManualClock(START), THREADS)
    ranges = tuple(tuple(parts) for parts in asked["ranges"])
    unit = MatchMessage(alert=alert.id, message=MessageKind.CALL, unit=0, ranges=ranges)
    matcher.match(Record("m", 1, START, unit))
    print(_peak_mb())


def _peak_mb() -> float:
    """Of this program: ``ru_maxrss`` would be that of the process that started it, where that was larger."""
    status = Path("/proc/self/status").read_text()
    return int(re.search(r"VmHWM:\s*(\d+) kB", status)[1]) / 1024  # type: ignore[index]


if __name__ == "__main__":
    main()
