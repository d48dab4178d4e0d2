"""Programs that run beside ours."""

import socket
import subprocess
import sys
import time

import pytest

from local.process import HOST, Process, ProcessError, answers, free_port

SERVE = """
import http.server, sys
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), http.server.BaseHTTPRequestHandler).serve_forever()
"""
SLEEP = "import time; time.sleep(60)"


def program(tmp_path, *argv):
    return Process("program", [sys.executable, "-c", *map(str, argv)], {}, tmp_path / "program.log")


def test_a_port_in_use_is_replaced_by_another():
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert free_port(port) != port


def test_a_preferred_port_is_taken_when_it_is_free():
    port = free_port()
    assert free_port(port) == port


def test_a_program_is_waited_for_and_ended(tmp_path):
    port = free_port()
    with program(tmp_path, SERVE, port) as server:
        server.until_it_answers(f"http://{HOST}:{port}/")
        assert server.ended is None
    assert server.ended is not None


def test_a_program_that_ends_early_is_quoted(tmp_path):
    with (
        program(tmp_path, "raise SystemExit('no such disk')") as server,
        pytest.raises(ProcessError, match="no such disk"),
    ):
        server.until_it_answers(f"http://{HOST}:1/")


def test_a_program_that_never_answers_is_given_up(tmp_path):
    with program(tmp_path, SLEEP) as server, pytest.raises(ProcessError, match="did not answer"):
        server.until_it_answers(f"http://{HOST}:{free_port()}/", timeout_s=0.2)


def test_stopping_twice_is_harmless(tmp_path):
    server = program(tmp_path, SLEEP)
    server.start()
    server.stop()
    server.stop()
    assert server.ended is not None


def test_what_was_never_started_can_be_stopped(tmp_path):
    server = program(tmp_path, "pass")
    server.stop()
    assert server.ended is None


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux can end a program with its parent")
def test_a_program_ends_when_its_parent_is_killed(tmp_path):
    port = free_port()
    code = f"""
import sys, time
from pathlib import Path
from local.process import Process
server = Process("server", [sys.executable, "-c", {SERVE!r}, "{port}"], {{}}, Path({str(tmp_path / "log")!r}))
server.start()
server.until_it_answers("http://{HOST}:{port}/")
print("up", flush=True)
time.sleep(60)
"""
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
    assert parent.stdout.readline() == b"up\n"
    parent.kill()
    parent.communicate()
    assert until(lambda: not answers(f"http://{HOST}:{port}/"))


def until(condition, timeout_s=10):
    end = time.monotonic() + timeout_s
    while not condition():
        if time.monotonic() > end:
            return False
    return True
