"""How programs find the running system."""

import os

import pytest

from local.addresses import Addresses, NoStack, running


def addresses(**changed):
    known = {
        "api": "http://127.0.0.1:1/api",
        "web": "http://127.0.0.1:1",
        "carrier": "http://127.0.0.1:1",
        "aws": "http://127.0.0.1:1",
        "region": "eu-west-1",
        "stage": "local",
        "pid": os.getpid(),
    }
    return Addresses(**known | changed)


def test_no_file_means_no_system(tmp_path):
    with pytest.raises(NoStack, match=r"\./dev run"):
        running(tmp_path / "stack.json")


def test_a_system_whose_program_has_ended_is_none(tmp_path):
    file = tmp_path / "stack.json"
    child = os.posix_spawn("/bin/sh", ["sh", "-c", "exit 0"], {})
    os.waitpid(child, 0)
    addresses(pid=child).write(file)
    with pytest.raises(NoStack, match="no Burgernet runs here"):
        running(file)


def test_a_system_that_does_not_answer_is_named(tmp_path):
    file = tmp_path / "stack.json"
    addresses().write(file)
    with pytest.raises(NoStack, match=r"does not answer at http://127\.0\.0\.1:1"):
        running(file)
