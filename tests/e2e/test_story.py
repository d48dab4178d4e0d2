"""The demonstration itself, against the deployed template: whatever it checks must hold."""

import httpx

from local.demo.__main__ import play
from local.demo.client import Api, Carrier


def test_the_whole_story_holds(addresses):
    assert play(addresses).wrong == []


def test_a_mail_of_the_story_can_be_unsubscribed_from_in_one_click(addresses):
    with httpx.Client() as http:
        mails = Carrier(http, addresses.carrier).messages(channel="email")
        headers = next(mail["headers"] for mail in reversed(mails) if "List-Unsubscribe" in mail["headers"])
        assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        link = headers["List-Unsubscribe"].strip("<>")
        opened = http.get(link)
        assert opened.status_code == 303
        me = Api(http, addresses.api, opened.headers["Location"].partition("#")[2])
        assert "email" in me.get("/me")["channels"]
        assert http.post(link, data={"List-Unsubscribe": "One-Click"}).status_code == 204
        after = me.get("/me")
        assert "email" not in after["channels"] or after["paused"]
