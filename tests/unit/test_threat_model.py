"""What the threat model says is shown is shown by a test that exists."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "threat-model.md").read_text()
NAMED = sorted(set(re.findall(r"`(test_\w+)`", TEXT)))


@pytest.fixture(scope="module")
def existing():
    files = (ROOT / "tests").rglob("test_*.py")
    return {
        name for file in files for name in re.findall(r"^ *(?:async )?def (test_\w+)", file.read_text(), re.MULTILINE)
    }


def test_every_test_that_is_named_exists(existing):
    assert [name for name in NAMED if name not in existing] == []


def test_every_threat_has_a_control_and_a_test():
    rows = [line.strip("|").split("|") for line in TEXT.splitlines() if line.startswith("|") and "---" not in line]
    threats = [row for row in rows if len(row) == 3 and row[0].strip() != "threat"]
    assert len(threats) > 30
    assert [row[0] for row in threats if not row[1].strip() or not re.search(r"`test_\w+`", row[2])] == []
