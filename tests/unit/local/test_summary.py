"""A summary as files."""

import sys

import pytest

from local import summary
from local.addresses import NoStack

MAIL = {"subject": "Burgernet in Fabelstad: oktober 2026", "text": "één keer", "html": "<p>één keer</p>"}


@pytest.fixture
def asked(monkeypatch):
    """What the function was asked for; it answers, unless nothing runs."""

    def asked(*given, runs=True):
        events = []

        def invoke(name, event):
            events.append((name, event))
            if not runs:
                raise NoStack("Nothing runs.")
            return MAIL

        monkeypatch.setattr(summary, "invoke", invoke)
        monkeypatch.setattr(sys, "argv", ["summary", *given])
        return summary.main(), events

    return asked


def test_it_is_written_beside_each_other_as_page_and_as_text(asked, tmp_path, capsys):
    code, events = asked("GM9001", "2026-10", "--folder", str(tmp_path / "new"))
    assert (code, events) == (0, [("summarise", {"area": "GM9001", "period": "2026-10", "show": True})])
    files = {path.name: path.read_text(encoding="utf-8") for path in (tmp_path / "new").iterdir()}
    assert files == {"summary-GM9001-2026-10.html": MAIL["html"], "summary-GM9001-2026-10.txt": MAIL["text"]}
    assert capsys.readouterr().out.splitlines()[0] == MAIL["subject"]


def test_where_nothing_runs_it_says_so(asked, capsys, tmp_path):
    assert asked("NL", "2026", "--folder", str(tmp_path), runs=False)[0] == 1
    assert capsys.readouterr().err == "Nothing runs.\n"
    assert list(tmp_path.iterdir()) == []
