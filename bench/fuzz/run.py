"""Runs schemathesis against a system, and reads its report."""

import json
import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.fuzz import world
from chalicelib.platform import openapi
from local.addresses import ROOT, Addresses

PROGRAM = ROOT / ".tools" / "schemathesis" / "bin" / "schemathesis"
FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Found:
    """``failures``: a line for each kind of failure, with operations that show it. ``output``: of schemathesis."""

    requests: int
    operations: int
    tested: int
    failures: tuple[str, ...]
    output: str

    @property
    def ok(self) -> bool:
        return not self.failures and self.tested == self.operations and self.requests > 0


def fuzz(addresses: Addresses, folder: Path, examples: int, seed: int, workers: int = 4, phases: str = "") -> Found:
    """``examples``: at most, per operation and phase. ``folder``: for what is written. Raises ``RuntimeError``."""
    folder.mkdir(parents=True, exist_ok=True)
    known, report = folder / "world.json", folder / "report.json"
    known.write_text(json.dumps(world.make(addresses)))
    report.unlink(missing_ok=True)
    argv = [str(PROGRAM), "--config-file", str(FOLDER / "schemathesis.toml"), "run", str(openapi.COMMITTED)]
    argv += [
        "--url",
        addresses.api,
        "--checks",
        "all",
        "--exclude-checks",
        "unsupported_method",
        "--max-examples",
        str(examples),
        "--seed",
        str(seed),
    ]
    argv += ["--workers", str(workers), "--phases", phases or "examples,coverage,fuzzing", "--no-shrink"]
    argv += ["--warnings", "off", "--report", "json", "--report-json-path", str(report)]
    environment = {"FUZZ_WORLD": str(known), "FUZZ_SEED": str(seed), "NO_COLOR": "1", "COLUMNS": "200"}
    ran = subprocess.run(argv, cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True)
    if not report.exists():
        raise RuntimeError(f"schemathesis ended with status {ran.returncode}:\n{ran.stdout}{ran.stderr}")
    return _read(json.loads(report.read_text()), ran.stdout)


def _read(told: Mapping[str, Any], output: str) -> Found:
    kinds = [*told["failures"], *({"title": str(error), "count": 1} for error in told["errors"])]
    return Found(
        requests=told["test_cases"]["generated"],
        operations=told["operations"]["total"],
        tested=told["operations"]["tested"],
        failures=tuple(f"{kind['count']} x {kind['title']}: {_shown(kind)}" for kind in kinds),
        output=output,
    )


def _shown(kind: Mapping[str, Any]) -> str:
    operations = kind.get("operations", [])
    return ", ".join(str(it.get("operation", it)) if isinstance(it, dict) else str(it) for it in operations[:5])
