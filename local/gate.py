"""``./dev test`` and ``./dev check``: what must hold before a change goes in, step by step, each with its time."""

import argparse
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from infra import package
from local import checkov, permissions

ROOT = Path(__file__).parent.parent
PYTHON = sys.executable
NO_TESTS = 5  # pytest's own exit status
UNIT = "tests/unit"
PARSE = """
const { readFileSync } = require("node:fs");
const { SourceTextModule } = require("node:vm");
for (const path of process.argv.slice(1)) new SourceTextModule(readFileSync(path, "utf8"), { identifier: path });
"""


@dataclass(frozen=True)
class Step:
    """``run`` raises ``Failed``. ``static``: reads the code without running it."""

    name: str
    what: str
    run: Callable[[], None]
    static: bool = False


class Failed(Exception):
    """The step did not hold; its output has said why."""


def command(*argv: str) -> Callable[[], None]:
    def run() -> None:
        status = subprocess.run(argv, cwd=ROOT).returncode
        if status:
            raise Failed(f"{' '.join(map(_short, argv))} ended with status {status}")

    return run


def pytest(
    *argv: str, python: str = PYTHON, environment: Mapping[str, str] = MappingProxyType({})
) -> Callable[[], None]:
    def run() -> None:
        everything = {**os.environ, **environment}
        status = subprocess.run([python, "-m", "pytest", *argv], cwd=ROOT, env=everything).returncode
        if status == NO_TESTS:
            raise Failed("no tests were found")
        if status:
            raise Failed(f"pytest ended with status {status}")

    return run


def integration() -> None:
    """With a record of the calls of every function, for the step "permissions"."""
    record = permissions.RECORDS / "integration.jsonl"
    record.parent.mkdir(parents=True, exist_ok=True)
    record.unlink(missing_ok=True)
    recorder = {"CALLS_FILE": str(record), "PYTHONPATH": str(ROOT / "local" / "recorder")}
    pytest("tests/integration", "-n", "2", environment=recorder)()


def template() -> None:
    """cfn-lint reads what would be deployed, not what it is made of."""
    try:
        built = package.build()
    except package.PackageError as error:
        raise Failed(str(error)) from error
    command(_tool("cfn-lint"), str(built.template), str(checkov.BESIDE))()


def javascript() -> None:
    """Every module of the pages is one that a browser could read; what it does is for e2e to see."""
    node = shutil.which("node") or str(ROOT / ".tools" / "node" / "bin" / "node")
    modules = [str(path) for path in sorted((ROOT / "web").rglob("*.js"))]
    command(node, "--experimental-vm-modules", "--no-warnings", "-e", PARSE, *modules)()


def _tool(name: str) -> str:
    return str(Path(PYTHON).with_name(name))


def _short(argument: str) -> str:
    return Path(argument).name if argument.startswith("/") else argument


def other_pythons() -> list[Path]:
    """The environments that ./dev made for every other Python it found."""
    return sorted(ROOT.glob(".venv-3.*/bin/python"))


def with_a_browser() -> str:
    """The environment that ./dev made for the tests of the pages."""
    return str(ROOT / ".tools" / "pages" / "bin" / "python")


def steps() -> list[Step]:
    ours = f"{sys.version_info.major}.{sys.version_info.minor}"
    return [
        Step("ruff", "style and likely mistakes", command(_tool("ruff"), "check", "."), static=True),
        Step("format", "formatting", command(_tool("ruff"), "format", "--check", "."), static=True),
        Step("mypy", "types, strictly", command(PYTHON, "-m", "mypy"), static=True),
        Step("javascript", "the modules of the pages", javascript, static=True),
        Step("imports", "the floors of the house", command(_tool("lint-imports")), static=True),
        Step(
            "openapi", "the committed API is the code's", command(PYTHON, "-m", "local.openapi", "--check"), static=True
        ),
        Step("roles", "docs/roles.md is the code's", command(PYTHON, "-m", "local.roles", "--check"), static=True),
        Step("cfn-lint", "the template that is deployed", template, static=True),
        Step("checkov", "the same, against rules of safety", command(PYTHON, "-m", "local.checkov"), static=True),
        Step("unit", f"unit tests, Python {ours}", pytest(UNIT, "-n", "2")),
        *(
            Step(f"unit-{name}", f"unit tests, Python {name}", pytest(UNIT, "-n", "2", python=str(python)))
            for python in other_pythons()
            for name in [python.parent.parent.name.removeprefix(".venv-")]
        ),
        Step("contract", "stores and channels, each twin beside its real one", pytest("tests/contract", "-n", "2")),
        Step("integration", "the whole product in one process", integration),
        Step("faults", "killed, throttled, doubled, stopped: a sample", pytest("tests/faults", "-n", "2")),
        Step("package", "what is deployed", pytest("tests/package")),
        Step("e2e", "the deployed template, from outside", pytest("tests/e2e", python=with_a_browser())),
        Step(
            "permissions",
            "functions may what they did there, and no more",
            command(PYTHON, "-m", "local.permissions"),
        ),
    ]


def main() -> int:
    parser = argparse.ArgumentParser(prog="./dev test")
    parser.add_argument("--static", action="store_true", help="only the steps that read the code")
    parser.add_argument("names", nargs="*", metavar="STEP", help="only these steps; 'list' names them")
    options = parser.parse_args()
    known = [step for step in steps() if step.static or not options.static]
    if options.names == ["list"]:
        print("\n".join(f"{step.name:12} {step.what}" for step in known))
        return 0
    if unknown := set(options.names) - {step.name for step in known}:
        parser.error(f"there is no step {', '.join(sorted(unknown))}; ./dev test list names them")
    return _run([step for step in known if not options.names or step.name in options.names])


def _run(chosen: Sequence[Step]) -> int:
    os.environ.setdefault("PYTHONUNBUFFERED", "1")
    results: list[tuple[Step, float, str]] = []
    for number, step in enumerate(chosen, 1):
        print(f"\n=== {number}/{len(chosen)} {step.name}: {step.what}", flush=True)
        start, why = time.monotonic(), ""
        try:
            step.run()
        except Failed as failure:
            why = str(failure)
        seconds = time.monotonic() - start
        print(f"=== {step.name}: {f'FAILED, {why}' if why else 'ok'} ({seconds:.1f} s)", flush=True)
        results.append((step, seconds, why))
    print(f"\n=== in all {sum(seconds for _, seconds, _ in results):.0f} s")
    for step, seconds, why in results:
        print(f"  {'FAILED' if why else 'ok':6} {seconds:6.1f} s  {step.name}{f': {why}' if why else ''}")
    return 1 if any(why for _, _, why in results) else 0


if __name__ == "__main__":
    sys.exit(main())
