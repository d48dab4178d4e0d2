"""From the authorizer to the route and back."""

import pytest

from chalicelib.platform.errors import Unauthenticated
from chalicelib.staff.access import staff_of, to_context
from chalicelib.staff.authorizer import decide
from chalicelib.staff.model import Role, StaffMember

MEMBER = StaffMember("d.jansen", frozenset({Role.ADMIN, Role.DISPATCHER}), "control-room-1")


def test_a_member_travels_as_flat_text():
    assert to_context(MEMBER) == {"user": "d.jansen", "roles": "admin,dispatcher", "tenant": "control-room-1"}
    assert staff_of(to_context(MEMBER)) == MEMBER


@pytest.mark.parametrize(
    "context",
    [
        {},
        {"user": "d.jansen", "tenant": "control-room-1"},
        {"user": "", "roles": "admin", "tenant": "control-room-1"},
        {"user": "d.jansen", "roles": "root,", "tenant": "control-room-1"},
        {"user": "d.jansen", "roles": "admin", "tenant": ""},
    ],
)
def test_half_a_context_is_nobody(context):
    with pytest.raises(Unauthenticated):
        staff_of(context)


def test_the_authorizer_passes_on_who_it_is(verifier, pool):
    expected = {"user": "d.jansen", "roles": "dispatcher", "tenant": "control-room-1"}
    assert decide(verifier, f"Bearer {pool.token()}") == expected
    assert decide(verifier, f"bearer  {pool.token()}") == expected


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer ", "Bearer x", "Basic dTpw", "Bearer a.b.c d"])
def test_the_authorizer_lets_nobody_in_without_a_token(verifier, header):
    assert decide(verifier, header) is None


def test_a_token_without_its_scheme_is_refused(verifier, pool):
    assert decide(verifier, pool.token()) is None


def test_the_log_tells_why_and_not_the_token(verifier, pool, caplog):
    token = pool.token({"cognito:groups": []})
    decide(verifier, f"Bearer {token}")
    logged = [vars(record) for record in caplog.records]
    assert [record["why"] for record in logged] == ["no_role"]
    assert token not in str(logged)
