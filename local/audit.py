"""``./dev audit``: whether the audit trail is whole, of the running system or of a file that it was written to.

A file has one line of JSON per entry, as ``GET /audit`` gives it, and one per day's end (``{"head": ...}``); it can be
looked at on a machine that has nothing to do with the system.
"""

import argparse
import json
import os
import sys
from dataclasses import asdict
from pathlib import Path

from chalicelib import wiring
from chalicelib.audit.model import DayHead, Entry, Head
from chalicelib.audit.routes import noted_head
from chalicelib.audit.service import Trail, Verdict
from chalicelib.audit.store import AuditStore, MemoryAuditStore
from chalicelib.platform.clock import SystemClock
from local.addresses import NoStack, running
from local.deploy import Emulator, function_environment
from local.ministack import CREDENTIALS


def main() -> int:
    parser = argparse.ArgumentParser(prog="./dev audit", description="Whether the audit trail is whole.")
    parser.add_argument("action", choices=("verify", "dump"))
    parser.add_argument("file", nargs="?", type=Path, help="what to verify, or where to dump; else the running system")
    parser.add_argument("--head", help="n:hash, the end of the trail as it was written down earlier")
    options = parser.parse_args()
    if options.action == "dump" and not options.file:
        parser.error("say where to")
    try:
        from_file = options.action == "verify" and options.file
        store = read(options.file) if from_file else _running()
    except NoStack as error:
        print(error, file=sys.stderr)
        return 1
    if options.action == "dump":
        options.file.write_text(written(store), encoding="utf-8")
    return _say(verdict(store, noted_head(options.head) if options.head else None))


def verdict(store: AuditStore, noted: Head | None = None) -> Verdict:
    """Of the whole trail, however long."""
    return Trail(store, SystemClock(), verified=sys.maxsize).verify(noted=noted)


def written(store: AuditStore) -> str:
    """The whole trail as lines of JSON."""
    lines: list[str] = []
    for day in reversed(store.days()):
        entries = [entry for entry in store.entries(day.day) if entry.n <= day.n]  # the rest was written meanwhile
        lines += [json.dumps(entry.as_json(), ensure_ascii=False) for entry in entries]
        lines.append(json.dumps({"head": asdict(day)}))
    return "".join(f"{line}\n" for line in lines)


def read(file: Path) -> MemoryAuditStore:
    """A trail that was ``written``."""
    store = MemoryAuditStore()
    for line in file.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if "head" in row:
            day = DayHead(**row["head"])
            store.by_day[day.day] = day
        else:
            entry = Entry(**row)
            store.rows[entry.day, entry.n] = entry
    if store.by_day:
        last = store.by_day[max(store.by_day)]
        store.end = Head(last.n, last.hash, last.day)
    return store


def _running() -> AuditStore:
    addresses = running()
    os.environ |= function_environment(Emulator(addresses.aws)) | CREDENTIALS | {"AWS_ENDPOINT_URL": addresses.aws}
    return wiring.system().parts.audit


def _say(found: Verdict) -> int:
    for fault in found.faults:
        print(f"{fault.day}  {fault.n:8}  {fault.code:12}  {fault.message}")
    print(f"{found.entries} entries since {found.since or 'never'}; {len(found.faults) or 'no'} faults")
    print(f"head {found.head.n}:{found.head.hash}")
    return 1 if found.faults else 0


if __name__ == "__main__":
    sys.exit(main())
