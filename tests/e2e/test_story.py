"""The demonstration itself, against the deployed template: whatever it checks must hold."""

import httpx

from chalicelib.staff.model import Role
from local import tokens
from local.demo.client import Api, Carrier, until
from local.demo.play import play


def test_the_whole_story_holds(addresses):
    assert play(addresses.api, addresses.carrier).wrong == []


def test_the_municipality_reads_how_it_ended_in_its_own_mailbox(addresses):
    with httpx.Client() as http:
        carrier = Carrier(http, addresses.carrier)

        def ended():
            mails = carrier.messages(channel="email", to="gm9001@burgernet.example")
            return [mail for mail in mails if "is afgesloten" in mail["subject"]]

        assert "Kosten tot nu toe" in until(ended, "how the story's alert ended")[0]["text"]


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


def test_the_story_stands_in_an_audit_trail_that_is_whole(addresses):
    with httpx.Client(timeout=30) as http:
        auditor = Api(http, addresses.api, tokens.issue(Role.AUDITOR, user="otto"))

        def told():
            actions = {entry["action"] for entry in auditor.get("/audit", limit="200")["entries"]}
            expected = {"alert_submitted", "alert_approved", "alert_closed", "get_alerts_alert_tips", "refused"}
            return actions if expected <= actions else None

        until(told, "the story in the audit trail")
        found = auditor.get("/audit/verify")
        assert (found["ok"], found["complete"], found["faults"]) == (True, True, [])
