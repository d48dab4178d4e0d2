"""Serve an ASGI application on the loopback interface, and say so in one line once it answers."""

import argparse
import ipaddress
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import uvicorn
from starlette.types import ASGIApp

# Longer than any client keeps a connection: closing one first would look like a lost answer to its owner.
KEEP_ALIVE_S = 3600


class Server(uvicorn.Server):
    """``ready``: the line that is printed once requests are answered; nothing where it is empty."""

    def __init__(self, app: ASGIApp, ready: str = "") -> None:
        super().__init__(
            uvicorn.Config(
                app,
                loop="asyncio",
                http="h11",
                ws="none",
                access_log=False,
                log_level="warning",
                timeout_keep_alive=KEEP_ALIVE_S,
                timeout_graceful_shutdown=1,
                server_header=False,
            )
        )
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started and self._ready:
            print(self._ready, flush=True)


def listen(port: int) -> socket.socket:
    """A socket on 127.0.0.1; port 0 takes a free one. Raises ``OSError`` where the port is in use."""
    # The protocol is named because asyncio turns off Nagle's delay (40 ms an answer) only where it is.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
        listener.listen(2048)
    except OSError:
        listener.close()
        raise
    return listener


def serve(app: ASGIApp, port: int, name: str) -> None:
    """Serve until SIGTERM or SIGINT. Exits with a sentence where the port is in use."""
    try:
        listener = listen(port)
    except OSError as error:
        sys.exit(f"{name}: cannot listen on 127.0.0.1:{port}: {error.strerror}")
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    Server(app, f"{name} ready on {address}").run(sockets=[listener])


@contextmanager
def running(app: ASGIApp) -> Iterator[str]:
    """Serve in a thread of this process, for tests and benchmarks; gives the address."""
    listener = listen(0)
    server = Server(app)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


def loopback_url(text: str) -> str:
    """An argument's type: an http address on this machine, so that nothing local can ever reach the real world."""
    if not is_loopback_url(text):
        raise argparse.ArgumentTypeError(f"not an http address on this machine: {text}")
    return text.rstrip("/")


def is_loopback_url(text: str) -> bool:
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
        return parts.scheme == "http" and (host == "localhost" or ipaddress.ip_address(host).is_loopback)
    except ValueError:
        return False
