"""``./dev test`` and ``./dev check``: what must hold before a change goes in, step by step, each with its time.

A step that mostly waits begins first and runs beside the others; what it says is kept until its turn comes.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import IO

from infra import package
from local import checkov, permissions

ROOT = Path(__file__).parent.parent
PYTHON = sys.executable
NO_TESTS = 5  # pytest's own exit status
UNIT = "tests/unit"
CALLS = "BURGERNET_CALLS"  # told to tests/e2e: the file that gets a line for each call of a function
FEW = ("--hypothesis-profile", "few")  # tests/conftest.py says how few
YIELDING = 10  # how nice steps are to the one beside them, which loses the most when it has to wait for a processor
PARSE = """
const { readFileSync } = require("node:fs");
const { SourceTextModule } = require("node:vm");
for (const path of process.argv.slice(1)) new SourceTextModule(readFileSync(path, "utf8"), { identifier: path });
"""


Output = IO[bytes] | None  # None: the terminal's
Run = Callable[[Output], None]


@dataclass(frozen=True)
class Step:
    """``run`` says what it has to say into what it is given, and raises ``Failed``.

    ``static``: reads the code without running it. ``waits``: leaves processors idle, so others run beside it.
    ``named``: runs only where it is asked for by its name.
    """

    name: str
    what: str
    run: Run
    static: bool = False
    waits: bool = False
    named: bool = False


@dataclass(frozen=True)
class Result:
    """``why`` it failed, or empty."""

    step: Step
    seconds: float
    why: str

    @property
    def word(self) -> str:
        return "FAILED" if self.why else "ok"


class Failed(Exception):
    """The step did not hold; its output has said why."""


def command(*argv: str) -> Run:
    def run(output: Output) -> None:
        status = subprocess.run(argv, cwd=ROOT, stdout=output, stderr=output).returncode
        if status:
            raise Failed(f"{' '.join(map(_short, argv))} ended with status {status}")

    return run


def pytest(*argv: str, python: str = PYTHON, environment: Mapping[str, str] = MappingProxyType({})) -> Run:
    def run(output: Output) -> None:
        asked, everything = [python, "-m", "pytest", *argv], {**os.environ, **environment}
        status = subprocess.run(asked, cwd=ROOT, env=everything, stdout=output, stderr=output).returncode
        if status == NO_TESTS:
            raise Failed("no tests were found")
        if status:
            raise Failed(f"pytest ended with status {status}")

    return run


def integration(output: Output) -> None:
    """With a record of the calls of every function, for the step "permissions"."""
    recorder = {"CALLS_FILE": str(_record("integration")), "PYTHONPATH": str(ROOT / "local" / "recorder")}
    pytest("tests/integration", "-n", "2", environment=recorder)(output)


def deployed(step: str, marks: str) -> Run:
    """The tests of the deployed system that ``marks`` chooses, on one of its own, with such a record."""

    def run(output: Output) -> None:
        recorder = {CALLS: str(_record(step))}
        pytest("tests/e2e", "-m", marks, python=with_a_browser(), environment=recorder)(output)

    return run


def _record(step: str) -> Path:
    """Nothing is in it yet."""
    record = permissions.RECORDS / f"{step}.jsonl"
    record.parent.mkdir(parents=True, exist_ok=True)
    record.unlink(missing_ok=True)
    return record


def template(output: Output) -> None:
    """cfn-lint reads what would be deployed, not what it is made of."""
    try:
        built = package.build()
    except package.PackageError as error:
        raise Failed(str(error)) from error
    command(_tool("cfn-lint"), str(built.template), str(checkov.BESIDE))(output)


def javascript(output: Output) -> None:
    """Every module of the pages is one that a browser could read; what it does is for the step "pages" to see."""
    node = shutil.which("node") or str(ROOT / ".tools" / "node" / "bin" / "node")
    modules = [str(path) for path in sorted((ROOT / "web").rglob("*.js"))]
    command(node, "--experimental-vm-modules", "--no-warnings", "-e", PARSE, *modules)(output)


def _tool(name: str) -> str:
    return str(Path(PYTHON).with_name(name))


def _short(argument: str) -> str:
    return Path(argument).name if argument.startswith("/") else argument


def other_pythons() -> list[Path]:
    """The environments that ./dev made for every other Python it found, the oldest first."""
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
            Step(
                f"unit-{name}",
                f"unit tests, Python {name}, with few examples",
                pytest(UNIT, "-n", "2", *FEW, python=str(python), environment={"BURGERNET_BOUNDARIES": ""}),
                named=number > 0,  # the oldest and ours; what lies between, CI names
            )
            for number, python in enumerate(other_pythons())
            for name in [python.parent.parent.name.removeprefix(".venv-")]
        ),
        Step("contract", "stores and channels, each twin beside its real one", pytest("tests/contract", "-n", "2")),
        Step("integration", "the whole product in one process", integration),
        Step("faults", "killed, throttled, doubled, stopped: a sample", pytest("tests/faults", "-n", "2")),
        Step("package", "what is deployed", pytest("tests/package")),
        Step("e2e", "the deployed template, from outside", deployed("e2e", "not browser"), waits=True),
        Step("pages", "everybody's pages, in a browser", deployed("pages", "browser and not console"), waits=True),
        Step("console", "those of the control room", deployed("console", "console"), waits=True),
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
    return _run([step for step in known if step.name in options.names or not (options.names or step.named)])


def _run(chosen: Sequence[Step]) -> int:
    os.environ.setdefault("PYTHONUNBUFFERED", "1")
    begin = time.monotonic()
    results = together(chosen, YIELDING)
    print(f"\n=== in all {time.monotonic() - begin:.0f} s")
    for it in results:
        print(f"  {it.word:6} {it.seconds:6.1f} s  {it.step.name}{f': {it.why}' if it.why else ''}")
    return 1 if any(it.why for it in results) else 0


def together(chosen: Sequence[Step], yielding: int = 0) -> list[Result]:
    """Run them in this order, but those that wait from the beginning on, beside the others; print what each says.

    ``yielding``: how nice the others are made to these.
    """
    results = []
    with ThreadPoolExecutor() as beside, tempfile.TemporaryDirectory() as folder:
        early: dict[Step, Future[Result]] = {}
        for step in chosen[1:]:
            if step.waits:
                early[step] = beside.submit(_into, step, Path(folder) / step.name)
        if early:
            os.nice(yielding)  # of this thread and what it starts
        for number, step in enumerate(chosen, 1):
            print(f"\n=== {number}/{len(chosen)} {step.name}: {step.what}", flush=True)
            if step in early:
                if not early[step].done():
                    print("=== it began beside the others; what it says follows when it ends", flush=True)
                result = early[step].result()
                print((Path(folder) / step.name).read_text(errors="replace"), end="")
            else:
                result = _timed(step, None)
            said = f"FAILED, {result.why}" if result.why else "ok"
            print(f"=== {step.name}: {said} ({result.seconds:.1f} s)", flush=True)
            results.append(result)
    return results


def _into(step: Step, file: Path) -> Result:
    with file.open("wb") as output:
        return _timed(step, output)


def _timed(step: Step, output: Output) -> Result:
    start, why = time.monotonic(), ""
    try:
        step.run(output)
    except Failed as failure:
        why = str(failure)
    return Result(step, time.monotonic() - start, why)


if __name__ == "__main__":
    sys.exit(main())
