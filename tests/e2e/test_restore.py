"""Every table is lost and comes back, and the story goes on where it was. The tests after this run on that."""

import httpx
import pytest

from chalicelib.staff.model import Role
from local import tokens
from local.backup import Backup
from local.demo.client import Api, Carrier, until
from local.scenarios import MISSING_CHILD

CONSTANT = ("people", "asked", "reached", "channels")


@pytest.fixture
def doors(addresses):
    with httpx.Client(timeout=30) as http:
        api = Api(http, addresses.api)
        anna, bram = (api.as_(tokens.issue(role, user=str(role))) for role in (Role.DISPATCHER, Role.APPROVER))
        yield anna, bram, Carrier(http, addresses.carrier)


def settled(api, alert, message):
    """The figures of a message, when nothing of it is under way any more."""

    def look():
        told = api.get(f"/alerts/{alert}").get("progress", {}).get(message)
        under_way = told and any(
            numbers["queued"] or (numbers["sent"] and channel != "push")
            for channel, numbers in told["channels"].items()
        )
        return told if told and told["people"] and not under_way else None

    return until(look, f"the end of the {message}")


def sent(carrier, alert):
    return sorted((message["channel"], message["to"], message["text"]) for message in carrier.messages(alert=alert))


def test_an_alert_goes_on_after_every_table_was_lost(stack, doors, tmp_path):
    anna, bram, carrier = doors
    alert = anna.post("/alerts", MISSING_CHILD.alert)["id"]
    version = anna.post(f"/alerts/{alert}/submit", {})["version"]
    band = bram.post(f"/alerts/{alert}/preview", {})["band"]["label"]["nl"]
    bram.post(f"/alerts/{alert}/approve", {"version": version, "reach": band})
    before, called = settled(anna, alert, "call"), sent(carrier, alert)

    backup = Backup(stack.emulator, tmp_path)
    counts = backup.take()
    backup.destroy()
    assert not set(stack.emulator.client("dynamodb").list_tables()["TableNames"]) & set(backup._names.values())
    assert backup.restore() == counts
    assert counts["participants"] > 2_900
    assert counts["deliveries"] > 0

    after = anna.get(f"/alerts/{alert}")["progress"]["call"]
    assert {name: after[name] for name in CONSTANT} == {name: before[name] for name in CONSTANT}
    anna.post(f"/alerts/{alert}/close", MISSING_CHILD.closing)
    settled(anna, alert, "outcome")
    everything = sent(carrier, alert)
    outcome = [message for message in everything if message not in called]
    assert len(everything) == len(called) + len(outcome)  # restored rows have called nobody once more
    reached = {(channel, to) for channel, to, _ in called}
    assert outcome
    assert {(channel, to) for channel, to, _ in outcome} <= reached
