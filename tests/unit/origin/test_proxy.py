import httpx
import pytest

from local.loopback import listen, running
from local.origin.app import create_app
from local.origin.proxy import MAX_BODY_BYTES


def assert_problem(answer: httpx.Response, status: int, code: str) -> None:
    assert answer.status_code == status
    error = answer.json()["error"]
    assert set(error) == {"code", "message", "fields", "request_id"}
    assert (error["code"], error["fields"]) == (code, [])
    assert error["request_id"]


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_method_query_headers_and_body_go_through_without_the_prefix(origin, method):
    answer = origin.request(
        method,
        "/api/areas/BU01?a=1&a=%C3%A9&b=x%2By",
        headers={"Authorization": "Bearer t", "Idempotency-Key": "k"},
        content=b'{"x": 1}',
    )
    arrived = answer.json()
    assert (arrived["method"], arrived["path"]) == (method, "/stage/areas/BU01")
    assert arrived["query"] == "a=1&a=%C3%A9&b=x%2By"
    assert arrived["body"] == '{"x": 1}'
    assert (arrived["headers"]["authorization"], arrived["headers"]["idempotency-key"]) == ("Bearer t", "k")
    assert answer.headers["x-upstream"] == "yes"
    assert answer.headers["set-cookie"] == "a=1"
    assert len(answer.headers.get_list("date")) == 1


def test_the_path_stays_encoded(origin):
    assert origin.get("/api/a%20b%2Fc").json()["path"] == "/stage/a%20b%2Fc"


def test_only_what_the_caller_sent_is_sent_on(origin_url):
    bare = httpx.Client(base_url=origin_url, trust_env=False)
    for name in ("accept", "accept-encoding", "user-agent"):
        del bare.headers[name]
    with bare:
        arrived = bare.get("/api/x").json()["headers"]
    assert set(arrived) <= {"host", "content-length"}


@pytest.mark.parametrize("status", [204, 304, 404, 409, 500])
def test_the_status_is_the_upstreams(origin, status):
    assert origin.get(f"/api/status/{status}").status_code == status


def test_an_answer_is_not_cached_unless_it_says_so_and_keeps_its_own_policy(origin):
    answer = origin.get("/api/status/200")
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["etag"] == '"1"'
    assert answer.headers["content-security-policy"] == "sandbox"


def test_a_body_of_exactly_the_limit_passes(origin):
    assert len(origin.post("/api/x", content=b"x" * MAX_BODY_BYTES).json()["body"]) == MAX_BODY_BYTES


def test_a_body_over_the_limit_is_too_large(origin):
    assert_problem(origin.post("/api/x", content=b"x" * (MAX_BODY_BYTES + 1)), 413, "body_too_large")


def test_a_body_that_comes_in_pieces_is_measured_too(origin):
    pieces = (b"x" * 65536 for _ in range(MAX_BODY_BYTES // 65536 + 1))
    assert_problem(origin.post("/api/x", content=pieces), 413, "body_too_large")


@pytest.mark.parametrize(
    "path", ["/api/%2e%2e/admin", "/api/a/..%2f..%2fadmin", "/api/.%2E/%2e./admin", "/api/x/%2e%2e"]
)
def test_no_path_leads_out_of_the_stage(origin, path):
    assert_problem(origin.get(path), 404, "not_found")


def test_the_carrier_is_reached_under_its_own_prefix(origin):
    assert origin.get("/carrier/messages?to=1").json()["path"] == "/phones/messages"


def test_without_a_carrier_its_prefix_is_a_page_like_any_other(web, upstream):
    with running(create_app(web, upstream)) as url:
        assert httpx.get(f"{url}/carrier/messages", trust_env=False).status_code == 404


def test_an_upstream_that_is_away_is_503_in_the_one_shape(web):
    listener = listen(0)
    free = f"http://127.0.0.1:{listener.getsockname()[1]}"
    listener.close()
    with running(create_app(web, free)) as url:
        assert_problem(httpx.get(f"{url}/api/alerts", trust_env=False), 503, "unavailable")
        assert httpx.get(url, trust_env=False).status_code == 200


def test_a_line_end_in_a_path_goes_through_too(origin):
    assert origin.get("/api/tips/a%0Ab").json()["path"].endswith("/tips/a%0Ab")
