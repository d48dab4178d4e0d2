"""The pinned requirements agree with one another."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


def pinned(name: str) -> dict[str, str]:
    """Package -> version and markers, as a line of the file has it."""
    lines = (ROOT / name).read_text().splitlines()
    found = (re.match(r"([a-z0-9][a-z0-9._-]*)==(\S+)", line) for line in lines)
    return {match[1]: match[2] for match in found if match}


@pytest.mark.parametrize(
    ("part", "whole"),
    [("requirements.txt", "requirements-dev.txt"), ("requirements-dev.txt", "requirements-pages.txt")],
)
def test_what_holds_more_holds_the_same_versions_too(part: str, whole: str) -> None:
    assert pinned(part)
    assert pinned(part).items() <= pinned(whole).items()
