"""What the deployed system wrote into its logs while the story was played: ids, and nothing else.

What may become a dead letter is a queue's body: `tests/integration/test_privacy.py` searches those.
"""

import re

import httpx
import pytest

from local.demo.client import Carrier
from local.deploy import Emulator

NUMBERS_STAND_HERE = "sns/"  # SNS's own delivery log, kept for a day
TOKENS = re.compile(r"(?:/t/|/manage#|/unsubscribe/)(\w+)")


@pytest.fixture(scope="module")
def emulator(addresses):
    return Emulator(addresses.aws)


@pytest.fixture(scope="module")
def given(addresses):
    """Every number, address and token that the story sent something to or gave out."""
    with httpx.Client() as http:
        messages = Carrier(http, addresses.carrier).messages()
    tokens = {token for message in messages for token in TOKENS.findall(str(message))}
    contacts = {message["to"] for message in messages if message["channel"] != "push"}
    assert len(contacts) > 100
    assert len(tokens) > 100
    return contacts | tokens


def clean(given, texts):
    """Each word of the texts that has the shape of a contact or a token is looked up."""
    for text in texts:
        words = set(re.findall(r"\+?\w[\w.+@-]*", text))
        assert not words & given, text


def test_logs_of_the_story_hold_ids_only(emulator, given):
    logs = emulator.client("logs")
    groups = [
        it["logGroupName"] for page in logs.get_paginator("describe_log_groups").paginate() for it in page["logGroups"]
    ]
    seen = 0
    for group in groups:
        if group.startswith(NUMBERS_STAND_HERE):
            continue
        for page in logs.get_paginator("filter_log_events").paginate(logGroupName=group):
            clean(given, (event["message"] for event in page["events"]))
            seen += len(page["events"])
    assert seen > 100
