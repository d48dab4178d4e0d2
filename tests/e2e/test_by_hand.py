"""What time or an operator wakes runs with the role it has: the emulator refuses what that does not allow."""

import json

import pytest
import yaml

from local.permissions import FUNCTIONS

DECLARED = yaml.safe_load(FUNCTIONS.read_text())
# The first needs an event of the log's own, and the second walks through the whole country.
NOT_SO = {"sms_log", "recount"}


@pytest.mark.parametrize(
    "function", [name for name, it in DECLARED.items() if it.get("asynchronous") and name not in NOT_SO]
)
def test_what_is_woken_by_time_or_by_hand_may_do_what_it_does(stack, function):
    client = stack.emulator.client("lambda")
    name = f"burgernet-local-{function.replace('_', '-')}"
    answer = client.invoke(FunctionName=name, Payload=json.dumps({}).encode())
    assert "FunctionError" not in answer, answer["Payload"].read()
