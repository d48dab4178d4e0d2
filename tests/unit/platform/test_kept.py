"""Requests over kept connections, against a server that says exactly what a test wants it to."""

import socket
import ssl
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.platform.kept import Kept
from chalicelib.platform.outgoing import NoAnswer, NoConnection
from tests import certificates

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


class Server:
    """Gives the pieces of ``answers`` one after another to each request; ends a connection after ``None``."""

    def __init__(self, answers=(), context=None):
        self.answers, self.context = list(answers), context
        self.asked, self.connections = [], 0
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"http{'s' if context else ''}://127.0.0.1:{self.socket.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.connections += 1
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        with connection:
            try:
                if self.context:
                    connection = self.context.wrap_socket(connection, server_side=True)
                with connection, connection.makefile("rb") as reader:
                    while request := _request(reader):
                        self.asked.append(request)
                        answer = self.answers.pop(0) if self.answers else [OK]
                        for piece in answer:
                            if piece is None:
                                return
                            connection.sendall(piece)
            except OSError:
                pass


def _request(reader):
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        line = reader.readline()
        if not line:
            return None
        head += line
    length = next(int(line[15:]) for line in head.split(b"\r\n") if line.startswith(b"Content-Length:"))
    return head, reader.read(length)


@contextmanager
def serving(*answers, context=None):
    server = Server(answers, context)
    try:
        yield server
    finally:
        server.socket.close()


def test_what_is_asked_is_a_plain_request():
    with serving() as server:
        Kept(server.address).post("/a/b", b"body", {"X-One": "1"})
        host = server.address.removeprefix("http://")
        assert server.asked == [
            (f"POST /a/b HTTP/1.1\r\nHost: {host}\r\nX-One: 1\r\nContent-Length: 4\r\n\r\n".encode(), b"body")
        ]


def test_an_answer_is_its_status_its_headers_and_its_content():
    said = b"HTTP/1.1 429 Too Many Requests\r\nRetry-After:  3 \r\nContent-Length: 4\r\n\r\nslow"
    with serving([said]) as server:
        answer = Kept(server.address).post("/", b"", {})
    assert (answer.status, answer.content, answer.headers["retry-after"]) == (429, b"slow", "3")


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n10;x=y\r\n0123456789abcdef\r\n0\r\n\r\n"
TRAILED = CHUNKED[:-2] + b"X-Sum: 1\r\n\r\n"
CONTINUED = b"HTTP/1.1 100 Continue\r\n\r\n" + OK
EMPTY = b"HTTP/1.1 204 No Content\r\n\r\n"
LONG = b"HTTP/1.1 200 OK\r\nContent-Length: 3000\r\n\r\n" + b"x" * 3000


@pytest.mark.parametrize(
    ("said", "content"),
    [
        (OK, b"ok"),
        (CHUNKED, b"abc0123456789abcdef"),
        (TRAILED, b"abc0123456789abcdef"),
        (CONTINUED, b"ok"),
        (EMPTY, b""),
        (LONG, b"x" * 3000),
    ],
)
def test_an_answer_is_read_however_it_is_framed_and_cut_and_the_connection_kept(said, content):
    with serving() as server:
        kept = Kept(server.address)

        @settings(max_examples=15, deadline=None)
        @given(st.lists(st.integers(1, len(said) - 1), max_size=4))
        def framed(cuts):
            bounds = [0, *sorted(set(cuts)), len(said)]
            server.answers.append([said[a:b] for a, b in pairwise(bounds)])
            assert kept.post("/", b"", {}).content == content

        framed()
        assert server.connections == 1


def test_a_megabyte_comes_whole():
    page = bytes(range(256)) * 4096
    with serving([b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(page), page]) as server:
        assert Kept(server.address).post("/", b"", {}).content == page


@pytest.mark.parametrize(
    "said",
    [
        [b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok", None],
        [b"HTTP/1.1 200 OK\r\n\r\no", b"k", None],
        [OK.replace(b"/1.1", b"/1.0")],
        [OK + b"and more that nobody asked for"],
        [OK, None],
    ],
)
def test_a_connection_that_ended_or_cannot_be_trusted_is_not_used_again(said):
    with serving(said) as server:
        kept = Kept(server.address)
        assert kept.post("/", b"", {}).content == b"ok"
        if kept._idle:
            kept._idle[0].recv(1, socket.MSG_PEEK)  # until its end, or more, has arrived
        assert kept.post("/", b"", {}).content == b"ok"
        assert server.connections == 2


@pytest.mark.parametrize(
    "said",
    [
        [None],
        [b"HTTP/1.1 200", None],
        [b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nok", None],
        [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab", None],
        [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfive\r\n"],
        [b"HTTP/1.1 200 OK\r\nContent-Length: two\r\n\r\nok"],
        [b"SSH-2.0-OpenSSH_9.6\r\n\r\n"],
        [b"HTTP/1.1 200 OK\r\n" + b"X-Filler: y\r\n" * 6000],
    ],
)
def test_what_breaks_off_or_is_no_answer_may_have_been_taken_and_is_not_repeated(said):
    with serving(said) as server:
        kept = Kept(server.address)
        with pytest.raises(NoAnswer):
            kept.post("/", b"a", {})
        assert len(server.asked) == 1
        assert kept.post("/", b"a", {}).ok
        assert server.connections == 2


def test_an_answer_that_does_not_come_may_have_been_taken():
    with serving([]) as server:
        with pytest.raises(NoAnswer, match="TimeoutError"):
            Kept(server.address, read_s=0.05).post("/", b"a", {})
        assert len(server.asked) == 1


def test_where_nobody_listens_nothing_was_taken():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        with pytest.raises(NoConnection, match="ConnectionRefusedError"):
            Kept(f"http://127.0.0.1:{taken.getsockname()[1]}").post("/", b"a", {})


def test_threads_share_it_and_each_gets_its_own_answer():
    answers = [[b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"] for _ in range(200)]
    with serving(*answers) as server:
        kept = Kept(server.address)
        with ThreadPoolExecutor(8) as threads:
            assert {answer.content for answer in threads.map(lambda n: kept.post("/", b"%d" % n, {}), range(200))} == {
                b"ok"
            }
        assert server.connections <= 8
        assert sorted(int(body) for _, body in server.asked) == list(range(200))


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    return certificates.make(tmp_path_factory.mktemp("tls"))


def test_who_answers_has_to_prove_its_name(certificate):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with serving(context=context) as server:
        with pytest.raises(NoConnection, match="SSLCertVerificationError"):
            Kept(server.address).post("/", b"a", {})
        trusting = Kept(server.address)
        vars(trusting)["_context"] = ssl.create_default_context(cafile=str(certificate))
        assert [trusting.post("/", b"a", {}).content for _ in range(3)] == [b"ok"] * 3
        assert server.connections == 2
        elsewhere = Kept(server.address.replace("127.0.0.1", "localhost"))
        vars(elsewhere)["_context"] = ssl.create_default_context(cafile=str(certificate))
        with pytest.raises(NoConnection, match="SSLCertVerificationError"):
            elsewhere.post("/", b"a", {})
