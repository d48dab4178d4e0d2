"""Staff tokens of the local system are believed by the product's own verifier."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from chalicelib.platform.clock import SystemClock
from chalicelib.platform.errors import Unauthenticated
from chalicelib.staff.model import Role, StaffMember
from chalicelib.staff.tokens import TokenVerifier
from local import tokens


@pytest.fixture
def folder(tmp_path):
    return tmp_path


def verifier(folder):
    keys = json.loads(tokens.jwks_file(folder).read_text())
    return TokenVerifier("https://keys.example", tokens.ISSUER, tokens.AUDIENCE, lambda url: keys, SystemClock())


def test_a_token_speaks_for_its_user_roles_and_tenant(folder):
    token = tokens.issue(Role.DISPATCHER, Role.APPROVER, user="anna", tenant="noord", folder=folder)
    assert verifier(folder).verify(token) == StaffMember("anna", frozenset({Role.DISPATCHER, Role.APPROVER}), "noord")


def test_the_key_is_made_once(folder):
    first = tokens.issue(Role.ANALYST, user="piet", folder=folder)
    before = tokens.key_file(folder).read_bytes()
    verifier(folder).verify(first)
    assert tokens.key_file(folder).read_bytes() == before


def test_all_who_want_the_key_first_get_the_same(folder):
    together = threading.Barrier(4)

    def read():
        together.wait()
        return tokens.key_file(folder).read_bytes()

    with ThreadPoolExecutor(4) as pool:
        keys = {future.result() for future in [pool.submit(read) for _ in range(4)]}
    assert keys == {tokens.key_file(folder).read_bytes()}
    assert [file.name for file in folder.iterdir()] == ["staff-key.pem"]


def test_only_its_owner_can_read_the_key(folder):
    assert tokens.key_file(folder).stat().st_mode & 0o077 == 0


def test_a_token_of_another_machine_is_refused(folder, tmp_path_factory):
    elsewhere = tokens.issue(Role.ADMIN, user="eve", folder=tmp_path_factory.mktemp("elsewhere"))
    with pytest.raises(Unauthenticated):
        verifier(folder).verify(elsewhere)


def test_a_token_ends(folder):
    import jwt

    claims = jwt.decode(tokens.issue(Role.ADMIN, user="anna", folder=folder), options={"verify_signature": False})
    assert 0 < claims["exp"] - datetime.now(UTC).timestamp() <= tokens.LIFE_S
