"""Nobody closes an alert, so it closes by itself; and who was asked hears the next morning how it ended after all."""

import json
import zlib
from datetime import UTC, datetime, timedelta

from chalicelib.platform.clock import rfc3339
from local.scenarios import HIT_AND_RUN
from tests.e2e.sending import let_out, sent, settled

A_FEW = {**HIT_AND_RUN.alert, "area": {"circle": {"center": [5.462, 52.7855], "radius_m": 300}}}
OUTCOME = {
    "result": "suspect_arrested",
    "contribution": "direct",
    "text": {"nl": "De bus is gevonden.", "en": "The van has been found."},
}


def begun_yesterday(stack, alert):
    """Nobody can wait for a day: the alert says that it began 25 hours ago."""
    table, key = stack.emulator.client("dynamodb"), {"id": {"S": alert}, "sk": {"S": "alert"}}
    row = table.get_item(TableName="burgernet-local-alerts", Key=key)["Item"]
    told = json.loads(zlib.decompress(row["body"]["B"]))
    now = datetime.now(UTC)
    told |= {"activated_at": rfc3339(now - timedelta(hours=25)), "expires": rfc3339(now - timedelta(hours=21))}
    row["body"]["B"] = zlib.compress(json.dumps(told).encode())
    table.put_item(TableName="burgernet-local-alerts", Item=row)


def whom(messages):
    return [(channel, to) for channel, to, _ in messages]


def test_who_was_asked_hears_how_it_ended_once_somebody_knows(stack, doors):
    anna, bram, carrier = doors
    alert = let_out(anna, bram, A_FEW)
    settled(anna, alert, "call")
    called = sent(carrier, alert)

    begun_yesterday(stack, alert)
    answer = stack.emulator.client("lambda").invoke(FunctionName="burgernet-local-remind", Payload=b"{}")
    assert json.loads(answer["Payload"].read())["closed"] == 1
    settled(anna, alert, "outcome")
    so_far = sent(carrier, alert)
    nobody_knew = [message for message in so_far if message not in called]
    assert anna.get(f"/alerts/{alert}")["result"] == "unknown"

    anna.post(f"/alerts/{alert}/outcome", OUTCOME)
    settled(anna, alert, "outcome-late")
    known = [message for message in sent(carrier, alert) if message not in so_far]
    assert whom(known) == whom(nobody_knew) == whom(called)
    assert all("De bus is gevonden." in text or "The van has been found." in text for _, _, text in known)
    assert not any("gevonden" in text or "found" in text for _, _, text in nobody_knew)
    assert anna.get(f"/alerts/{alert}")["result"] == "suspect_arrested"
