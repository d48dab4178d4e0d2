"""A picture that was not taken ends the run with an error, also where an older one lies there."""

import subprocess
import sys
from types import SimpleNamespace

import pytest

from local import screenshots


@pytest.fixture
def run(monkeypatch, tmp_path):
    """``run("a", "b", status=0)``: those are taken, the tests end so; the status of the command, and its folder."""
    monkeypatch.setattr(screenshots, "names", lambda: ["a", "b"])
    monkeypatch.setattr(sys, "argv", ["screenshots", str(tmp_path)])

    def ran(*taken, status=0):
        def tests(argv, *, cwd, env):
            for name in taken:
                (tmp_path / f"{name}.png").write_bytes(b"")
            return SimpleNamespace(returncode=status)

        monkeypatch.setattr(subprocess, "run", tests)
        return screenshots.main()

    return ran


def test_every_picture_is_there(run, capsys):
    assert run("a", "b") == 0
    assert "2 of 2 pictures" in capsys.readouterr().out


def test_what_is_missing_is_named_and_is_an_error(run, capsys):
    assert run("a") == 1
    told = capsys.readouterr().out
    assert "1 of 2 pictures" in told
    assert told.endswith("missing: b\n")


def test_a_picture_of_an_earlier_run_does_not_count(run, tmp_path, capsys):
    (tmp_path / "b.png").write_bytes(b"")
    assert run("a") == 1
    assert "missing: b" in capsys.readouterr().out


def test_a_test_that_fails_is_an_error_though_all_are_there(run):
    assert run("a", "b", status=1) == 1


def test_no_picture_is_named_twice():
    assert len(set(screenshots.names())) == len(screenshots.names())


def test_those_of_the_readme_are_among_them():
    assert set(screenshots.IN_README.values()) <= set(screenshots.names())
    assert {file.stem for file in screenshots.README.glob("*.png")} == set(screenshots.IN_README)
