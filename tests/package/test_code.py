"""The packaged code, started as Lambda starts it: from its own folder, with nothing of this machine's environment."""

import json
import subprocess
import sys

import pytest

from infra import package

LOOK = """
import importlib, json, sys
sys.path.insert(0, sys.argv[1])
seen = {}
for handler in sys.argv[2:]:
    module, name = handler.rsplit(".", 1)
    entry = getattr(importlib.import_module(module), name)
    seen[handler] = {
        "kind": type(entry).__name__,
        "middleware": len(list(getattr(entry, "middleware_handlers", []))),
    }
outside = sorted({
    name.split(".")[0]
    for name, module in sys.modules.items()
    if "site-packages" in (getattr(module, "__file__", None) or "")
})
print(json.dumps({"seen": seen, "outside": outside}))
"""

# Imported inside functions, so that only those that need them pay for it.
LATE = """
import importlib, sys
sys.path.insert(0, sys.argv[1])
for name in sys.argv[2:]:
    importlib.import_module(name)
"""
IMPORTED_LATE = ["boto3", "jwt", "cryptography.hazmat.primitives.asymmetric.rsa", "phonenumbers", "tzdata"]
IMPORTED_LATE += ["aws_lambda_powertools.utilities.idempotency", "pynamodb.models", "geojson"]

MAX_UNPACKED_MB = 250  # Lambda's limit, with layers


def fresh_python(code, *arguments):
    """-I: no PYTHON* variables, no user folder; -S: no site-packages; -B: the package stays as it is."""
    return subprocess.run(
        [sys.executable, "-I", "-S", "-B", "-c", code, *map(str, arguments)],
        env={"AWS_REGION": "eu-west-1", "AWS_DEFAULT_REGION": "eu-west-1"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def looked_at(built, functions):
    handlers = sorted({function["Properties"]["Handler"] for function in functions.values()})
    run = fresh_python(LOOK, built.tree, *handlers)
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


def test_every_handler_of_the_template_is_there(looked_at, functions):
    assert set(looked_at["seen"]) == {function["Properties"]["Handler"] for function in functions.values()}


def test_nothing_is_taken_from_this_machine(looked_at):
    assert looked_at["outside"] == []


def test_every_event_handler_has_the_middleware(looked_at):
    without = [
        handler
        for handler, entry in looked_at["seen"].items()
        if entry["kind"] == "EventSourceHandler" and not entry["middleware"]
    ]
    assert without == []
    assert any(entry["kind"] == "EventSourceHandler" for entry in looked_at["seen"].values())


def test_every_handler_is_declared_in_app(looked_at):
    assert [handler for handler in looked_at["seen"] if not handler.startswith("app.")] == []


def test_what_is_imported_late_is_there(built):
    run = fresh_python(LATE, built.tree, *IMPORTED_LATE)
    assert run.returncode == 0, run.stderr


@pytest.mark.parametrize("name", ["shapely", "numpy", "pip", "setuptools", "inquirer", "pytest", "moto"])
def test_what_lambda_does_not_need_stays_out(built, name):
    assert not (built.tree / name).exists()


def test_every_module_is_compiled(built):
    late = [
        path
        for path in [built.tree / "app.py", *(built.tree / "chalicelib").rglob("*.py")]
        if not list((path.parent / "__pycache__").glob(f"{path.stem}.*.pyc"))
    ]
    assert late == []


def test_package_is_well_within_lambdas_limit(built):
    size = sum(path.stat().st_size for path in built.tree.rglob("*") if path.is_file())
    assert size < 0.5 * MAX_UNPACKED_MB * 1e6


def test_same_code_makes_the_same_archive(built):
    first = package.zipped(built).archive.read_bytes()
    built.archive.unlink()
    assert package.zipped(built).archive.read_bytes() == first
