"""A trail in a file is judged as it is in its table."""

import json
from datetime import UTC, datetime

from chalicelib.audit.messages import AuditMessage
from chalicelib.audit.service import Trail
from chalicelib.audit.store import MemoryAuditStore
from chalicelib.platform.batch import Record
from chalicelib.platform.clock import ManualClock
from local import audit


def trail():
    made = Trail(MemoryAuditStore(), ManualClock(datetime(2026, 11, 24, 20, 0, tzinfo=UTC)))
    for number in range(6):
        message = AuditMessage(id=f"e{number}", at="2026-11-24T20:00:00.000Z", action="refused", actor="renée")
        made.record([Record("m", 1, made.clock.now(), message)])
        made.clock.advance(hours=9)
    return made


def test_a_dump_is_as_whole_as_its_trail_and_shows_what_was_done_to_it(tmp_path):
    made, file = trail(), tmp_path / "audit.jsonl"
    file.write_text(audit.written(made.store), encoding="utf-8")
    whole = audit.verdict(audit.read(file))
    assert whole == made.verify()
    assert (whole.entries, whole.faults) == (6, [])
    lines = file.read_text(encoding="utf-8").splitlines()
    row = next(n for n, line in enumerate(lines) if json.loads(line).get("n") == 3)
    file.write_text("\n".join([*lines[:row], *lines[row + 1 :]]), encoding="utf-8")
    assert audit.verdict(audit.read(file)).faults[0].n == 3
    file.write_text("\n".join(lines[:-3]), encoding="utf-8")
    assert {fault.code for fault in audit.verdict(audit.read(file), whole.head).faults} == {"missing"}
