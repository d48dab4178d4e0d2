"""The two programs as they are started."""

import argparse
import re
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from local.carrier.__main__ import is_wanted
from local.loopback import listen, loopback_url

ROOT = Path(__file__).parents[3]


def start(module, *arguments):
    argv = [sys.executable, "-m", module, "--port", "0", *arguments]
    return subprocess.Popen(argv, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.mark.parametrize(
    ("module", "arguments", "path"),
    [
        ("local.carrier", ["--aws", "http://127.0.0.1:9"], "/health"),
        ("local.origin", ["--api", "http://127.0.0.1:9", "--web", "docs"], "/architecture.md"),
    ],
)
def test_one_line_when_ready_and_an_end_at_once(module, arguments, path):
    with start(module, *arguments) as program:
        ready = re.fullmatch(r"(\w+) ready on (http://127\.0\.0\.1:\d+)\n", program.stdout.readline())
        assert ready[1] == module.rpartition(".")[2]
        with httpx.Client(trust_env=False) as client:
            assert client.get(ready[2] + path).status_code == 200
            program.send_signal(signal.SIGTERM)
            assert program.wait(timeout=5) == -signal.SIGTERM
        assert (program.stdout.read(), program.stderr.read()) == ("", "")


def test_a_port_in_use_gets_one_sentence():
    with listen(0) as taken:
        port = taken.getsockname()[1]
        with start("local.carrier", "--port", str(port)) as program:
            assert program.wait(timeout=20) == 1
            assert program.stderr.read() == f"carrier: cannot listen on 127.0.0.1:{port}: Address already in use\n"


@pytest.mark.parametrize(
    "address",
    [
        "https://127.0.0.1:1",
        "http://192.0.2.1",
        "http://127.0.0.1.example.org",
        "http://sns.amazonaws.com",
        "x",
        "http://[",
    ],
)
def test_an_address_elsewhere_is_no_argument(address):
    with pytest.raises(argparse.ArgumentTypeError, match="not an http address on this machine"):
        loopback_url(address)


@pytest.mark.parametrize("address", ["http://127.0.0.1:4566", "http://localhost:1/base", "http://[::1]:8000"])
def test_an_address_on_this_machine_is_one(address):
    assert loopback_url(address + "/") == address


@pytest.mark.parametrize(
    ("receipt", "wanted"),
    [
        ({"mail": {}, "eventType": "Delivery"}, True),
        ({"mail": {}, "eventType": "Send"}, False),
        ({"eventType": "VOICE_COMPLETED", "context": {}}, True),
        ({"notification": {}, "delivery": {}, "status": "SUCCESS"}, True),
    ],
)
def test_of_mail_only_the_events_that_were_asked_for_are_told(receipt, wanted):
    assert is_wanted(["Delivery", "Bounce"], receipt) == wanted
