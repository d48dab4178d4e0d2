"""The composition root: everything can be put together, and nothing is made before it is needed."""

from collections import Counter
from functools import cached_property

import pytest

from chalicelib import wiring
from chalicelib.platform import aws
from chalicelib.platform.settings import Settings

ENVIRONMENT = {
    "STAGE": "test",
    "WEB_URL": "https://burgernet.example",
    "LINK_SECRET": "l" * 32,
    "CONTACT_SECRET": "c" * 32,
    "PUSH_SECRET": "p" * 32,
    "JWKS_URL": "https://keys.example/jwks.json",
    "TOKEN_ISSUER": "https://keys.example",
    "TOKEN_AUDIENCE": "console",
    "GEOCODER_URL": "https://geocoder.example",
    "TABLE_PREFIX": "burgernet-test-",
    "PLAN_QUEUE_URL": "https://queues.example/burgernet-test-plan",
}
API_GATEWAY_S = 29  # then it gives up on a request
PARTS = [name for name, member in vars(wiring.System).items() if isinstance(member, cached_property)]


@pytest.fixture
def real():
    settings = Settings.from_environment(ENVIRONMENT)
    return wiring.System(settings, wiring.real_parts(settings))


@pytest.mark.parametrize("part", PARTS)
def test_every_part_can_be_made_without_reaching_for_aws(real, part):
    before = aws.client.cache_info().currsize
    assert getattr(real, part) is getattr(real, part)
    assert aws.client.cache_info().currsize == before


def test_a_table_of_money_that_does_not_answer_leaves_an_alert_most_of_its_time(real, monkeypatch):
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    told = real.parts.money.client().meta.config
    tries = told.retries["total_max_attempts"]
    assert tries * (told.connect_timeout + told.read_timeout) < API_GATEWAY_S / 2


def test_another_system_stands_in_for_a_while_only(real):
    with wiring.using(real) as inside:
        assert wiring.system({}) is inside
        with wiring.using(wiring.System(real.settings, real.parts)) as deeper:
            assert wiring.system({}) is deeper
        assert wiring.system({}) is inside


def test_every_route_and_every_operation_stands_for_one_thing():
    endpoints = wiring.endpoints()
    for names in ([(one.method, one.path) for one in endpoints], [one.name for one in endpoints]):
        assert [name for name, times in Counter(names).items() if times > 1] == []


def test_no_secret_shows_where_settings_are_printed(real):
    assert "l" * 32 not in repr(real)
    assert "c" * 32 not in repr(real)
