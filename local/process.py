"""Programs that run beside ours: started with an environment of their own, ended by their process id."""

import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

HOST = "127.0.0.1"
STOP_S = 20.0

# Becomes the program after asking Linux to end it with its parent. Not by preexec_fn, which no thread may be near.
PR_SET_PDEATHSIG = 1  # linux/prctl.h
_ASK = f"import ctypes, os, sys; ctypes.CDLL(None).prctl({PR_SET_PDEATHSIG}, {signal.SIGTERM:d})"
LEASH = [sys.executable, "-I", "-S", "-c", f"{_ASK}; os.execvp(sys.argv[1], sys.argv[1:])"]
if sys.platform != "linux":
    LEASH = []


class ProcessError(Exception):
    """A program did not start, or ended by itself."""


@dataclass
class Process:
    """A child with its output in ``log``. It is not in our process group: Ctrl-C reaches us alone, and we end it.

    On Linux it also ends when we are killed, or when the thread that started it ends.
    """

    name: str
    argv: Sequence[str]
    environment: Mapping[str, str]
    log: Path
    _popen: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def start(self) -> None:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as output:
            self._popen = subprocess.Popen(
                [*LEASH, *self.argv],
                env=dict(self.environment),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        assert self._popen
        return self._popen.pid

    @property
    def ended(self) -> int | None:
        """The exit status, once it has ended."""
        return self._popen.poll() if self._popen else None

    def until_it_answers(self, url: str, timeout_s: float = 30) -> None:
        """Wait until ``url`` gives any HTTP answer; raises ``ProcessError`` with the end of its log otherwise."""
        end = time.monotonic() + timeout_s
        while time.monotonic() < end:
            if self.ended is not None:
                raise ProcessError(f"{self.name} ended with status {self.ended}:\n{self.last_words()}")
            if answers(url):
                return
            time.sleep(0.05)
        raise ProcessError(f"{self.name} did not answer within {timeout_s:.0f} s:\n{self.last_words()}")

    def last_words(self, lines: int = 30) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])

    def stop(self, timeout_s: float = STOP_S) -> None:
        """Ask it to end; insist after ``timeout_s``. Harmless when it has ended or never began."""
        if not self._popen or self._popen.poll() is not None:
            return
        self._popen.send_signal(signal.SIGTERM)
        try:
            self._popen.wait(timeout_s)
        except subprocess.TimeoutExpired:
            self._popen.kill()
            self._popen.wait()

    def __enter__(self) -> "Process":
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def answers(url: str) -> bool:
    """Whether something speaks HTTP at this address, which is one of ours."""
    try:
        with urllib.request.urlopen(url, timeout=5):  # noqa: S310
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


def free_port(preferred: int = 0) -> int:
    """``preferred`` if nobody listens there, else any free port of the loopback interface."""
    for port in (preferred, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise ProcessError("there is no free port on this machine")
