"""POSTs to one address over connections that are kept: of HTTP/1.1 (RFC 9112) what their answers need.

urllib3 on http.client takes 0.2 ms of CPU a request, most of it to send a head and to read one with a parser for
e-mail. This is for what is asked per recipient; all else goes through urllib3.
"""

import select
import socket
import ssl
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import urlsplit

from botocore.httpsession import where

from chalicelib.platform.outgoing import CONNECT_S, READ_S, Answer, NoAnswer, NoConnection

IDLE = 16  # connections that are kept open
RECEIVED = 65_536  # bytes at a time
MOST_HEAD = 65_536
END = b"\r\n\r\n"


@dataclass(frozen=True)
class Kept:
    """``address``: ``http[s]://host[:port]``. May be shared by threads. Repeats nothing and follows nothing."""

    address: str
    connect_s: float = CONNECT_S
    read_s: float = READ_S
    _idle: list[socket.socket] = field(default_factory=list, repr=False)

    def post(self, path: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """The answer, whatever its status.

        Raises:
            NoConnection: nothing was taken.
            NoAnswer: it may have been taken.
        """
        lines = "".join([f"{name}: {value}\r\n" for name, value in headers.items()])
        head = f"POST {path} HTTP/1.1\r\nHost: {self.host}\r\n{lines}Content-Length: {len(body)}\r\n\r\n"
        request = head.encode("latin-1") + body
        connection = self._kept() or self._opened()
        sys.audit("http.client.send", connection, request)  # as http.client does: who audits sees our calls too
        try:
            connection.sendall(request)
            answer, again = _read(connection)
        except (OSError, ValueError) as error:
            connection.close()
            raise NoAnswer(type(error).__name__) from error
        except BaseException:
            connection.close()
            raise
        if again and len(self._idle) < IDLE:
            self._idle.append(connection)
        else:
            connection.close()
        return answer

    def __del__(self) -> None:
        for connection in self._idle:
            connection.close()

    @cached_property
    def host(self) -> str:
        """As the header Host says it."""
        return urlsplit(self.address).netloc

    def _kept(self) -> socket.socket | None:
        while self._idle:
            try:
                connection = self._idle.pop()
            except IndexError:  # another thread was faster
                return None
            look = select.poll()
            look.register(connection, select.POLLIN)
            if not look.poll(0):
                return connection
            connection.close()  # nothing was asked, so what can be read is its end
        return None

    def _opened(self) -> socket.socket:
        parts = urlsplit(self.address)
        host, secure = parts.hostname or "", parts.scheme == "https"
        connection: socket.socket | None = None
        try:
            connection = socket.create_connection((host, parts.port or (443 if secure else 80)), self.connect_s)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if secure:
                connection = self._context.wrap_socket(connection, server_hostname=host)
            connection.settimeout(self.read_s)
        except OSError as error:
            if connection:
                connection.close()
            raise NoConnection(type(error).__name__) from error
        return connection

    @cached_property
    def _context(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=where())


def _read(connection: socket.socket) -> tuple[Answer, bool]:
    """One answer, and whether the connection may be used again. Raises ``ValueError`` where it is none."""
    received = connection.recv(RECEIVED)
    while True:
        while (end := received.find(END)) < 0:
            received += _more(connection)
            if len(received) > MOST_HEAD:
                raise ValueError("a head without an end")
        status, headers, again = _head(received[:end])
        received = received[end + len(END) :]
        if status >= 200:  # what came before was only that more will come
            break
    if headers.get("transfer-encoding", "").lower() == "chunked":
        content, received = _chunks(connection, received)
    elif "content-length" in headers:
        length = int(headers["content-length"])
        content, received = _exactly(connection, received, length), received[length:]
    elif status in (204, 304):
        content = b""
    else:
        content, received, again = _all(connection, received), b"", False
    return Answer(status, headers, content), again and not received


def _head(head: bytes) -> tuple[int, dict[str, str], bool]:
    """Status, headers, and whether the connection lives on."""
    first, *lines = head.decode("latin-1").split("\r\n")
    if not first.startswith("HTTP/1."):
        raise ValueError("no answer of HTTP/1")
    pairs = [line.partition(":") for line in lines]
    headers = {name.lower(): value.strip() for name, _, value in pairs}
    return int(first[9:12]), headers, first[7] != "0" and headers.get("connection", "").lower() != "close"


def _more(connection: socket.socket) -> bytes:
    more = connection.recv(RECEIVED)
    if not more:
        raise ConnectionAbortedError("it broke off")
    return more


def _exactly(connection: socket.socket, received: bytes, length: int) -> bytes:
    if len(received) >= length:
        return received[:length]
    content = bytearray(length)
    content[: len(received)] = received
    view, filled = memoryview(content), len(received)
    while filled < length:
        came = connection.recv_into(view[filled:])
        if not came:
            raise ConnectionAbortedError("it broke off")
        filled += came
    return bytes(content)


def _chunks(connection: socket.socket, received: bytes) -> tuple[bytes, bytes]:
    """All chunks, and what came after the last one."""
    content = bytearray()
    while True:
        while (end := received.find(b"\r\n")) < 0:
            received += _more(connection)
        size, received = int(received[:end].partition(b";")[0], 16), received[end + 2 :]
        if not size:
            break
        chunk = _exactly(connection, received, size + 2)
        content += chunk[:-2]
        received = received[size + 2 :]
    while not received.startswith(b"\r\n") and END not in received:  # trailers, which say nothing to us
        received += _more(connection)
    return bytes(content), received[2:] if received.startswith(b"\r\n") else received.partition(END)[2]


def _all(connection: socket.socket, received: bytes) -> bytes:
    parts = [received]
    while more := connection.recv(RECEIVED):
        parts.append(more)
    return b"".join(parts)
