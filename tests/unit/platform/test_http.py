"""What is answered before a feature sees a request, and the one error shape of it all."""

import json

import pytest
from chalice.app import AuthResponse, Chalice
from chalice.test import Client
from pydantic import Field

from chalicelib.platform import errors, http, openapi
from chalicelib.platform.idempotency import MemoryIdempotency

KEY, OTHER_KEY = "the-key-of-this-order", "the-key-of-another-one"


class Order(http.Body):
    name: str = Field(max_length=20)
    count: int = Field(ge=1)


class Receipt(http.Body):
    number: int


class Filter(http.Body):
    limit: int = Field(default=10, le=100)


class Shop:
    def __init__(self):
        self.sold, self.deeds = 0, []

    def endpoints(self):
        return [
            http.Endpoint("POST", "/orders", self.order, "Order", body=Order, reply=Receipt, status=201),
            http.Endpoint("GET", "/orders", self.list, "List", query=Filter, reply=Receipt),
            http.Endpoint("GET", "/orders/{order}", self.get, "Get", raises=(errors.NotFound,)),
            http.Endpoint("GET", "/till", self.get, "Till", roles=frozenset({"owner"})),
            http.Endpoint("GET", "/me", self.get, "Me", link=True),
            http.Endpoint("GET", "/prices/{order}", self.price, "Price", reply=Receipt, kept_s=60),
        ]

    def order(self, call):
        self.deeds.append(call.deed)
        if call.body.name == "boom":
            raise RuntimeError("a fault with a secret in it")
        self.sold += 1
        return Receipt(number=self.sold)

    def list(self, call):
        return Receipt(number=call.query.limit)

    def price(self, call):
        if call.path["order"] == "none":
            raise errors.NotFound("order_not_found", "No such order.")
        return Receipt(number=self.sold)

    def get(self, call):
        raise errors.NotFound("order_not_found", "No such order.")


@pytest.fixture
def shop():
    return Shop()


@pytest.fixture
def app(shop):
    app = Chalice("shop", configure_logs=False)

    @app.authorizer()
    def guard(request):
        return AuthResponse(routes=["*"], principal_id="p", context={"user": "p", "roles": request.token})

    idempotency = MemoryIdempotency()
    http.mount(app, shop.endpoints(), authorizer=guard, idempotency=lambda: idempotency)
    return app


@pytest.fixture
def client(app):
    with Client(app) as client:
        yield client


def post(client, body, **headers):
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return client.http.post("/orders", body=raw, headers={"Content-Type": "application/json"} | headers)


def error(response):
    assert set(response.json_body) == {"error"}
    assert set(response.json_body["error"]) == {"code", "message", "fields", "request_id"}
    return response.status_code, response.json_body["error"]["code"]


def test_a_right_request_is_answered(client):
    response = post(client, {"name": "bread", "count": 1})
    assert (response.status_code, response.json_body) == (201, {"number": 1})


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": "bread"}, "count"),
        ({"name": "bread", "count": "1"}, "count"),
        ({"name": "bread", "count": 0}, "count"),
        ({"name": "b" * 21, "count": 1}, "name"),
        ({"name": "bread", "count": 1, "colour": "red"}, "colour"),
        ({"name": None, "count": 1}, "name"),
        ({"name": "bread", "count": 1.5}, "count"),
        ({"name": "bread", "count": True}, "count"),
    ],
)
def test_a_wrong_field_is_named(client, shop, body, field):
    response = post(client, body)
    assert error(response) == (422, "invalid_fields")
    assert field in [item["field"] for item in response.json_body["error"]["fields"]]
    assert shop.sold == 0


@pytest.mark.parametrize("body", [b"{", b"\xff\xfe", b"[" * 100_000, b'{"name": "\\ud800", "count": 1}'])
def test_a_body_that_is_not_json_is_refused(client, body):
    status, code = error(post(client, body))
    assert (status, code) in {(400, "malformed_json"), (422, "invalid_fields")}


@pytest.mark.parametrize("body", [b"null", b"[]", b'"text"', b"1", b""])
def test_a_body_that_is_no_object_is_refused(client, body):
    assert error(post(client, body)) == (422, "invalid_fields")


def test_a_body_over_256_kb_is_refused(client):
    assert error(post(client, {"name": "b" * 300_000, "count": 1})) == (413, "body_too_large")


def test_another_content_type_is_refused(client):
    assert error(post(client, b"x", **{"Content-Type": "text/plain"})) == (415, "unsupported_media_type")


def test_a_fault_of_ours_tells_nothing(client):
    response = post(client, {"name": "boom", "count": 1})
    assert error(response) == (500, "internal_error")
    assert "secret" not in response.body.decode()


def test_a_missing_thing_is_404(client):
    assert error(client.http.get("/orders/x")) == (404, "order_not_found")


@pytest.mark.parametrize(("query", "answer"), [("?limit=5", 5), ("", 10)])
def test_a_query_is_read(client, query, answer):
    assert client.http.get(f"/orders{query}").json_body == {"number": answer}


@pytest.mark.parametrize("query", ["?limit=many", "?limit=101", "?colour=red"])
def test_a_wrong_query_is_named(client, query):
    assert error(client.http.get(f"/orders{query}")) == (422, "invalid_fields")


def test_a_role_that_is_missing_is_403(client):
    assert error(client.http.get("/till", headers={"Authorization": "guest,visitor"})) == (403, "role_missing")
    assert error(client.http.get("/till", headers={"Authorization": "guest,owner"})) == (404, "order_not_found")


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Basic x"}, {"Authorization": "Bearer "}])
def test_a_missing_link_is_401(client, headers):
    assert error(client.http.get("/me", headers=headers)) == (401, "link_missing")


def test_an_answer_that_may_be_kept_is_sent_again_only_when_it_is_another(client, shop):
    def ask(known="", order="1"):
        return client.http.get(f"/prices/{order}", headers={"If-None-Match": known} if known else {})

    first = ask()
    tag = first.headers["ETag"]
    assert (first.status_code, first.headers["Cache-Control"]) == (200, "public, max-age=60")
    for known in (tag, f"W/{tag}", f'"other", {tag}'):  # an edge that compresses makes it weak
        again = ask(known)
        assert (again.status_code, again.body, again.headers["ETag"]) == (304, b"", tag)
    assert ask('"other"').json_body == {"number": 0}
    shop.sold = 1
    assert (ask(tag).status_code, ask(tag).json_body) == (200, {"number": 1})
    refused = ask(tag, "none")
    assert (refused.status_code, refused.headers["Cache-Control"]) == (404, "no-store")
    assert "ETag" not in client.http.get("/orders").headers


def test_the_same_key_gives_the_first_answer_again(client, shop):
    first = post(client, {"name": "bread", "count": 1}, **{"Idempotency-Key": KEY})
    again = post(client, {"name": "bread", "count": 1}, **{"Idempotency-Key": KEY})
    assert (again.status_code, again.json_body) == (first.status_code, first.json_body)
    assert shop.sold == 1


def test_the_same_request_under_the_same_key_is_the_same_deed_also_where_the_first_failed(client, shop):
    def deed(key, count=1):
        post(client, {"name": "boom", "count": count}, **({"Idempotency-Key": key} if key else {}))
        return shop.deeds[-1]

    first = deed(KEY)
    assert first == deed(KEY)
    assert len({first, deed(OTHER_KEY), deed(KEY, 2), deed("")}) == 4
    assert shop.deeds[-1] == ""


def test_a_key_with_another_body_is_refused(client):
    post(client, {"name": "bread", "count": 1}, **{"Idempotency-Key": KEY})
    assert error(post(client, {"name": "milk", "count": 1}, **{"Idempotency-Key": KEY})) == (422, "key_reused")


@pytest.mark.parametrize(
    ("key", "code"),
    [("k" * 129, "key_too_long"), ("", "key_too_short"), ("1", "key_too_short"), ("k" * 15, "key_too_short")],
)
def test_a_key_of_another_length_is_refused_before_anything_happens(client, shop, key, code):
    assert error(post(client, {"name": "bread", "count": 1}, **{"Idempotency-Key": key})) == (422, code)
    assert shop.sold == 0


def test_the_document_says_how_long_a_key_is(shop):
    parameters = openapi.document(shop.endpoints())["paths"]["/orders"]["post"]["parameters"]
    (key,) = [it["schema"] for it in parameters if it["name"] == "Idempotency-Key"]
    assert key == {"type": "string", "minLength": 16, "maxLength": 128}


def test_every_route_stands_in_the_openapi_document(shop):
    document = openapi.document(shop.endpoints())
    assert set(document["paths"]) == {"/orders", "/orders/{order}", "/till", "/me", "/prices/{order}"}
    assert "304" in document["paths"]["/prices/{order}"]["get"]["responses"]
    order = document["paths"]["/orders"]["post"]
    assert {"201", "400", "413", "415", "422"} <= set(order["responses"])
    assert document["paths"]["/till"]["get"]["x-roles"] == ["owner"]


@pytest.mark.parametrize("changes", [{"body": '{"name": "\ud800"}'}, {"body": "abc", "isBase64Encoded": True}])
def test_a_body_that_is_no_text_is_refused(app, changes):
    answer = app(gateway_event("POST", "/orders", headers={"content-type": "application/json"}, **changes), None)
    assert answer["statusCode"] == 400


def test_a_request_without_anything_is_answered(app):
    assert app(gateway_event("POST", "/orders"), None)["statusCode"] == 422
    assert app(gateway_event("GET", "/orders"), None)["statusCode"] == 200


def test_an_id_longer_than_any_of_ours_is_not_looked_up(client, shop):
    assert error(client.http.get(f"/orders/{'x' * 129}")) == (404, "not_found")


def test_not_more_than_fifty_wrong_fields_are_named(client):
    response = post(client, {f"field{n}": n for n in range(1000)})
    assert error(response) == (422, "invalid_fields")
    assert len(response.json_body["error"]["fields"]) == 50


def gateway_event(method, path, **changes):
    """As API Gateway sends it: what is not there is null."""
    nothing = dict.fromkeys(
        [
            "headers",
            "multiValueHeaders",
            "queryStringParameters",
            "multiValueQueryStringParameters",
            "pathParameters",
            "stageVariables",
            "body",
        ]
    )
    context = {"resourcePath": path, "httpMethod": method, "requestId": "r", "identity": {"sourceIp": "192.0.2.1"}}
    return {
        **nothing,
        "resource": path,
        "path": path,
        "httpMethod": method,
        "isBase64Encoded": False,
        "requestContext": context,
        **changes,
    }


@pytest.mark.parametrize(("proxies", "found"), [(0, "127.0.0.1"), (1, "203.0.113.7")])
def test_whose_request_it_is_behind_a_proxy_of_ours(proxies, found):
    seen = []
    app = Chalice("shop", configure_logs=False)

    def look(call):
        seen.append(call.source_ip)
        return Receipt(number=1)

    endpoint = http.Endpoint("GET", "/who", look, "Who", reply=Receipt)
    http.mount(app, [endpoint], authorizer=None, idempotency=MemoryIdempotency, proxies=lambda: proxies)
    with Client(app) as client:
        client.http.get("/who", headers={"X-Forwarded-For": "1.1.1.1, 203.0.113.7, 127.0.0.1"})
    assert seen == [found]


class Wishes(http.Body):
    colour: str = ""


@pytest.mark.parametrize(("body", "required"), [(Order, True), (Wishes, False)])
def test_a_body_is_required_where_something_in_it_is(body, required):
    endpoint = http.Endpoint("PATCH", "/orders", lambda call: http.Reply(), "Change an order", body)
    operation = openapi.document([endpoint])["paths"]["/orders"]["patch"]
    assert operation["requestBody"]["required"] is required
