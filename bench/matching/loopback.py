"""The table behind HTTP on the loopback interface, in a process of its own: so the CPU of this one is the client's.

Forked, so that the rows are shared with this process and not copied.
"""

import json
import os
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from bench.matching.count_table import CountTable
from local.process import HOST

CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "bench",
    "AWS_SECRET_ACCESS_KEY": "bench",
    "AWS_REGION": "eu-west-1",
    "AWS_DEFAULT_REGION": "eu-west-1",
}
PARENT_LOOK_S = 1.0
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/x-amz-json-1.0\r\nContent-Length: %d\r\n\r\n"


@contextmanager
def serving(table: CountTable) -> Iterator[None]:
    """While it lasts, every DynamoDB client of this process talks to the table."""
    listener = socket.create_server((HOST, 0))
    pid = os.fork()
    if pid == 0:
        with suppress(KeyboardInterrupt):
            _serve(listener, table, os.getppid())
        os._exit(0)
    port = listener.getsockname()[1]
    listener.close()
    os.environ |= {**CREDENTIALS, "AWS_ENDPOINT_URL_DYNAMODB": f"http://{HOST}:{port}"}
    try:
        yield
    finally:
        os.kill(pid, signal.SIGTERM)
        os.waitpid(pid, 0)


def _serve(listener: socket.socket, table: CountTable, parent: int) -> None:
    listener.settimeout(PARENT_LOOK_S)
    while os.getppid() == parent:
        with suppress(TimeoutError):
            connection, _ = listener.accept()
            threading.Thread(target=_answer, args=(connection, table), daemon=True).start()


def _answer(connection: socket.socket, table: CountTable) -> None:
    connection.settimeout(None)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    with connection, connection.makefile("rb") as asked:
        while asked.readline():
            length = 0
            while line := asked.readline().strip():
                name, _, value = line.partition(b":")
                if name.lower() == b"content-length":
                    length = int(value)
            content = table.query(json.loads(asked.read(length)))
            head = (
                f"HTTP/1.1 200 OK\r\nContent-Type: application/x-amz-json-1.0\r\nContent-Length: {len(content)}\r\n\r\n"
            )
            connection.sendall(head.encode() + content)
