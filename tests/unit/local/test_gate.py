"""Steps that wait run beside the others, and everything is told in order."""

import threading

import pytest

from local import gate
from local.gate import Failed, Step, command, together

PATIENCE_S = 60


def says(word):
    return command("/bin/echo", word)


def told(capfd):
    return [line for line in capfd.readouterr().out.splitlines() if line]


def test_a_step_that_waits_begins_before_the_first_has_ended_and_is_told_in_its_turn(capfd):
    began = threading.Event()

    def waiting(output):
        began.set()
        says("from beside")(output)

    def first(output):
        assert began.wait(PATIENCE_S)
        says("from the front")(output)

    results = together([Step("one", "first", first), Step("two", "beside", waiting, waits=True), *last()])
    assert [(it.step.name, it.why) for it in results] == [("one", ""), ("two", ""), ("three", "")]
    lines = [line for line in told(capfd) if "began" not in line]
    assert [line.partition(" (")[0] for line in lines] == [
        "=== 1/3 one: first",
        "from the front",
        "=== one: ok",
        "=== 2/3 two: beside",
        "from beside",
        "=== two: ok",
        "=== 3/3 three: last",
        "the end",
        "=== three: ok",
    ]


def last():
    return [Step("three", "last", says("the end"))]


def test_alone_it_is_told_as_it_goes():
    given = []
    together([Step("two", "beside", given.append, waits=True)])
    assert given == [None]


@pytest.mark.parametrize("waits", [False, True])
def test_a_step_that_fails_says_why_and_the_others_go_on(capfd, waits):
    def broken(output):
        raise Failed("it broke")

    results = together([Step("one", "first", says("begin")), Step("two", "broken", broken, waits=waits), *last()])
    assert [(it.step.name, it.why) for it in results] == [("one", ""), ("two", "it broke"), ("three", "")]
    assert any(line.startswith("=== two: FAILED, it broke (") for line in told(capfd))


def test_a_command_that_ends_badly_fails_its_step():
    with pytest.raises(Failed, match="false ended with status 1"):
        command("/bin/false")(None)


def test_what_is_to_be_named_runs_only_by_its_name(monkeypatch, capfd):
    ran = []
    steps = [
        Step(name, "", lambda _, name=name: ran.append(name), named=name == "between") for name in ("all", "between")
    ]
    monkeypatch.setattr(gate, "steps", lambda: steps)
    for asked in ([], ["between"], ["all"]):
        monkeypatch.setattr("sys.argv", ["./dev test", *asked])
        assert gate.main() == 0
    assert ran == ["all", "between", "all"]
