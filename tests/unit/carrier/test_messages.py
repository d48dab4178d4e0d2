"""Phones and inboxes, and a neighbour who answers."""

import json
from collections.abc import Iterator

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from local.loopback import listen, running


def text(sns, to="+31612345678", message="hoi", alert=""):
    attributes = {"alert": {"DataType": "String", "StringValue": alert}} if alert else {}
    return sns.publish(PhoneNumber=to, Message=message, MessageAttributes=attributes)["MessageId"]


def mail(ses, to="a@example.org", html="<p>hoi</p>", alert="a1"):
    return ses.send_email(
        FromEmailAddress="b@example.org",
        Destination={"ToAddresses": [to]},
        Content={"Simple": {"Subject": {"Data": "s"}, "Body": {"Text": {"Data": "hoi"}, "Html": {"Data": html}}}},
        EmailTags=[{"Name": "alert", "Value": alert}],
    )["MessageId"]


@pytest.fixture
def three(carrier, sns, ses):
    return [text(sns, alert="a1"), text(sns, "+31687654321", alert="a2"), mail(ses, alert="a1")]


@pytest.mark.parametrize(
    ("query", "which"),
    [
        ({}, [0, 1, 2]),
        ({"channel": "sms"}, [0, 1]),
        ({"channel": "email"}, [2]),
        ({"to": "+31687654321"}, [1]),
        ({"to": "A@Example.org"}, [2]),
        ({"alert": "a1"}, [0, 2]),
        ({"alert": "a1", "channel": "sms"}, [0]),
        ({"status": "accepted"}, [0, 1, 2]),
        ({"status": "delivered"}, []),
        ({"channel": "post"}, []),
    ],
)
def test_a_selection(carrier, three, query, which):
    assert [message["id"] for message in carrier.messages(**query)] == [three[n] for n in which]


def test_a_plus_sign_may_come_unescaped(carrier, three):
    [message] = carrier.http.get("/messages?to=+31687654321").json()
    assert message["id"] == three[1]


def test_after_gives_only_what_came_later_even_when_emptied_in_between(carrier, sns, three):
    last = carrier.messages()[-1]["seq"]
    assert carrier.messages(after=str(last)) == []
    assert carrier.http.delete("/messages").status_code == 204
    assert carrier.messages() == []
    new = text(sns)
    assert [message["id"] for message in carrier.messages(after=str(last))] == [new]


@pytest.mark.parametrize("after", ["x", "-1", "1.5", "٣", "9" * 400])
def test_after_is_a_whole_number(carrier, after):
    answer = carrier.http.get("/messages", params={"after": after})
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "bad_request")


def test_one_message_by_its_id(carrier, three):
    assert carrier.http.get(f"/messages/{three[2]}").json()["subject"] == "s"
    assert carrier.http.get("/messages/nobody").status_code == 404


def test_an_email_can_be_looked_at_but_does_nothing(carrier, ses):
    answer = carrier.http.get(f"/messages/{mail(ses, html='<script>x</script>')}/html")
    assert answer.text == "<script>x</script>"
    assert answer.headers["content-type"].startswith("text/html")
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "sandbox" in answer.headers["content-security-policy"]


def test_a_browser_sees_the_newest_messages_first_and_nothing_that_they_contain_runs(carrier, sns):
    text(sns, message="eerste")
    text(sns, message="<script>tweede</script>")
    answer = carrier.http.get("/")
    assert answer.text.index("&lt;script&gt;tweede") < answer.text.index("eerste")
    assert "<script>" not in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_a_browser_sees_a_link_to_the_mail_itself(carrier, ses):
    assert f'href="messages/{mail(ses)}/html"' in carrier.http.get("/").text


def test_health_says_how_much_is_there(carrier, three):
    health = carrier.http.get("/health").json()
    assert (health["status"], health["messages"]) == ("ok", 3)
    assert health["receipts_waiting"] > 0


def test_another_host_name_is_refused(carrier):
    assert carrier.http.get("/messages", headers={"Host": "rebound.example"}).status_code == 400


async def said(request: Request) -> str:
    return json.dumps({"token": request.path_params["token"], "body": await request.json()})


async def take_tip(request: Request) -> Response:
    if request.path_params["token"] == "plain0":
        return Response("gone", 410)
    return Response(await said(request), 201, media_type="application/json")


@pytest.fixture(scope="module")
def web() -> Iterator[str]:
    with running(Starlette(routes=[Route("/api/tips/{token}", take_tip, methods=["POST"])])) as url:
        yield url


def reply(carrier, message_id, **body):
    return carrier.http.post(f"/messages/{message_id}/reply", json=body)


def test_a_neighbour_answers_by_the_link_in_the_sms(carrier, sns, web):
    answer = reply(carrier, text(sns, message=f"Gezien? {web}/t/7k2m0a1b. Groet"), text="Bij het station")
    assert (answer.status_code, answer.json()) == (201, {"token": "7k2m0a1b", "body": {"text": "Bij het station"}})


def test_a_neighbour_answers_by_the_link_in_the_html(carrier, ses, web):
    answer = reply(carrier, mail(ses, html=f'<a href="{web}/t/abc123">x</a>'), body={"text": "x", "place": [5, 52]})
    assert answer.json() == {"token": "abc123", "body": {"text": "x", "place": [5, 52]}}


def test_the_answer_of_the_api_is_passed_on_whatever_it_is(carrier, sns, web):
    answer = reply(carrier, text(sns, message=f"{web}/t/plain0"), text="x")
    assert (answer.status_code, answer.text) == (410, "gone")


def test_a_tip_goes_on_as_it_is_even_where_the_api_will_refuse_it(carrier, sns, web):
    message_id = text(sns, message=f"{web}/t/abc")
    answer = carrier.http.post(f"/messages/{message_id}/reply", content=rb'{"text": "\ud800", "body": {"lon": NaN}}')
    assert answer.status_code == 201


@pytest.mark.parametrize("message", ["geen link", "https://burgernet.example/t/abc", "http://192.0.2.1/t/abc"])
def test_a_link_to_another_machine_is_never_followed(carrier, sns, message):
    answer = reply(carrier, text(sns, message=message), text="x")
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "no_reply_link")


def test_an_api_that_does_not_answer_is_told_apart(carrier, sns):
    listener = listen(0)
    free = f"http://127.0.0.1:{listener.getsockname()[1]}"
    listener.close()
    answer = reply(carrier, text(sns, message=f"{free}/t/abc"), text="x")
    assert (answer.status_code, answer.json()["error"]["code"]) == (502, "no_answer")


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b'{"body": 1}'])
def test_a_reply_is_a_json_object(carrier, sns, content):
    answer = carrier.http.post(f"/messages/{text(sns)}/reply", content=content)
    assert 400 <= answer.status_code < 500
