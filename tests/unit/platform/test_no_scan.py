"""Nothing that a request, an alert or a schedule does reads a whole table: there is no such call, and no permission.

Except for two: an operator can have the participants counted anew (``recensus``), or moved to other areas where
boundaries changed (``new_boundaries``), and those read every one of them.
"""

import ast
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[3]
NAMES = {"scan", "rate_limited_scan", "Scan", "dynamodb:Scan", "ExecuteStatement", "dynamodb:*"}
SOURCES = [ROOT / "app.py", *sorted((ROOT / "chalicelib").rglob("*.py"))]


def scans(source):
    """Lines that call a scan by its name, or name the call to somebody who makes it."""
    for node in ast.walk(ast.parse(source)):
        name = node.attr if isinstance(node, ast.Attribute) else node.value if isinstance(node, ast.Constant) else None
        if isinstance(name, str) and name in NAMES:
            yield node.lineno


@pytest.mark.parametrize(
    "source",
    ["client.scan(TableName=t)", "PlaceItem.scan()", "dynamo.ask('Scan', {})", "client.get_paginator('scan')"],
)
def test_a_scan_would_be_seen(source):
    assert list(scans(source)) == [1]


def test_no_code_scans_a_table_but_the_roll():
    found = [f"{path.relative_to(ROOT)}" for path in SOURCES for _ in scans(path.read_text(encoding="utf-8"))]
    assert len(SOURCES) > 50
    assert found == ["chalicelib/participants/roll.py"]


def test_no_function_may_scan_a_table_but_one_that_only_an_operator_calls():
    infra = ROOT / "infra"
    text = "".join(path.read_text(encoding="utf-8") for path in infra.rglob("*") if path.suffix in {".py", ".yaml"})
    assert "dynamodb:Query" in text
    assert (
        text.count("dynamodb:Scan") == (infra / "policies.py").read_text(encoding="utf-8").count("dynamodb:Scan") == 1
    )
    assert "dynamodb:*" not in text
    functions = yaml.safe_load((infra / "functions.yaml").read_text(encoding="utf-8"))
    scanning = {name: it for name, it in functions.items() if "scans" in it}
    only = ["participants"]
    assert {name: it["scans"] for name, it in scanning.items()} == {"recensus": only, "new_boundaries": only}
    assert not any({"streams", "queues"} & it.keys() for it in scanning.values())
    assert "[Recensus, Arn]" not in text
    assert "[NewBoundaries, Arn]" not in text
