"""Signing in on one's own machine."""

import httpx
import jwt

from local.origin.people import PEOPLE


def test_a_press_on_a_name_gives_a_token_for_that_person(origin: httpx.Client) -> None:
    listed = origin.get("/local/people").json()["people"]
    assert [person["user"] for person in listed] == list(PEOPLE)
    answer = origin.post(f"/local/people/{listed[0]['user']}/token")
    claims = jwt.decode(answer.json()["token"], options={"verify_signature": False})
    assert claims["cognito:username"] == listed[0]["user"]
    assert claims["cognito:groups"] == listed[0]["roles"]
    assert claims["custom:tenant"] == listed[0]["tenant"]
    assert answer.headers["cache-control"] == "no-store"


def test_nobody_else_gets_one(origin: httpx.Client) -> None:
    answer = origin.post("/local/people/mallory/token")
    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "not_found"


def test_there_are_two_people_to_write_and_to_approve() -> None:
    writers = {user for user, roles in PEOPLE.items() if "dispatcher" in roles}
    approvers = {user for user, roles in PEOPLE.items() if "approver" in roles}
    assert writers - approvers
    assert approvers


def test_there_is_somebody_for_whom_the_figures_are() -> None:
    roles = {role for _, some in PEOPLE.items() for role in some}
    assert {"analyst", "police_team"} <= roles
