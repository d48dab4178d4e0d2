import socket
from urllib.parse import urlsplit

import pytest


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("/", "home"),
        ("/index.html", "home"),
        ("/aanmelden", "sign up"),
        ("/t/0123456789abcdef", "reply page"),
        ("/t/0123456789abcdef?lang=en", "reply page"),
        ("/dashboard", "figures"),
        ("/dashboard/figures.js", "export const figures = 1;"),
    ],
)
def test_addresses_of_pages(origin, path, text):
    answer = origin.get(path)
    assert (answer.status_code, answer.text) == (200, text)


@pytest.mark.parametrize("path", ["/nothing", "/t/a/b", "/t", "/.secret", "/aanmelden/x", "/%00", "/" + "x" * 5000])
def test_what_is_not_there_gets_the_404_page(origin, path):
    answer = origin.get(path)
    assert (answer.status_code, answer.text) == (404, "no such page")


@pytest.mark.parametrize("path", ["/../outside.txt", "/%2e%2e/outside.txt", "/..%2foutside.txt", "//outside.txt"])
def test_nothing_outside_the_folder_is_served(origin_url, path):
    parts = urlsplit(origin_url)
    with socket.create_connection((parts.hostname, parts.port)) as connection:
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode())
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    assert answer.startswith(b"HTTP/1.1 404")
    assert b"outside" not in answer.partition(b"\r\n\r\n")[2]


def test_a_page_cannot_be_posted_to(origin):
    assert origin.post("/aanmelden").status_code == 405


@pytest.mark.parametrize("path", ["/", "/nothing", "/api/x", "/app.js"])
def test_every_answer_carries_the_security_headers(origin, path):
    headers = origin.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


def test_large_files_are_compressed_and_small_ones_not(origin):
    assert origin.get("/app.js").headers["content-encoding"] == "gzip"
    assert "content-encoding" not in origin.get("/app.js", headers={"Accept-Encoding": "identity"}).headers
    assert "content-encoding" not in origin.get("/").headers


def test_a_page_that_has_not_changed_is_not_sent_again(origin):
    first = origin.get("/")
    assert first.headers["cache-control"] == "no-cache"
    assert origin.get("/", headers={"If-None-Match": first.headers["etag"]}).status_code == 304


def test_another_host_name_is_refused(origin):
    assert origin.get("/", headers={"Host": "rebound.example"}).status_code == 400
