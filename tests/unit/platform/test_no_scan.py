"""Nothing that a request, an alert or a schedule does reads a whole table: there is no such call, and no permission."""

import ast
from pathlib import Path

import pytest

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


def test_no_code_scans_a_table():
    found = [f"{path.relative_to(ROOT)}:{line}" for path in SOURCES for line in scans(path.read_text(encoding="utf-8"))]
    assert len(SOURCES) > 50
    assert found == []


def test_no_function_may_scan_a_table():
    text = "".join(
        path.read_text(encoding="utf-8") for path in (ROOT / "infra").rglob("*") if path.suffix in {".py", ".yaml"}
    )
    assert "dynamodb:Query" in text
    assert "dynamodb:Scan" not in text
    assert "dynamodb:*" not in text
