"""How a benchmark tells what it measured: figures, targets, one JSON file for machines and lines for people."""

import json
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Target:
    """``value`` must be at most ``limit``."""

    limit: float
    value: float

    @property
    def ok(self) -> bool:
        return self.value <= self.limit


@dataclass(frozen=True)
class Outcome:
    """``figures``: metric -> number, the unit in the metric's name. ``limits``: metric -> the most it may be."""

    name: str
    figures: Mapping[str, float]
    limits: Mapping[str, float]

    @property
    def targets(self) -> dict[str, Target]:
        return {metric: Target(limit, self.figures[metric]) for metric, limit in self.limits.items()}

    @property
    def ok(self) -> bool:
        return all(target.ok for target in self.targets.values())

    def write(self, path: Path) -> None:
        targets = {
            metric: {"op": "<=", "target": target.limit, "value": target.value, "ok": target.ok}
            for metric, target in self.targets.items()
        }
        document = {"name": self.name, "figures": dict(self.figures), "targets": targets}
        path.write_text(json.dumps(document, indent=2) + "\n")

    def lines(self) -> list[str]:
        width = max(map(len, self.figures))
        targets = self.targets
        return [f"{self.name}"] + [
            f"  {metric:<{width}} {value:>12,.4g}" + (_verdict(targets[metric]) if metric in targets else "")
            for metric, value in self.figures.items()
        ]


def _verdict(target: Target) -> str:
    return f"   target <= {target.limit:g}: {'met' if target.ok else 'MISSED'}"


def median_cpu_s(act: Callable[[], object], *, prepare: Callable[[], object] = lambda: None, runs: int = 7) -> float:
    """CPU seconds (user and system, this process) of ``act``, the median of ``runs`` after one that warms up."""
    taken: list[float] = []
    for run in range(runs + 1):
        prepare()
        start = time.process_time()
        act()
        if run:
            taken.append(time.process_time() - start)
    return statistics.median(taken)
