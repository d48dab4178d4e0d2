"""What a dispatcher is told of an alert's cost."""

from datetime import UTC, datetime

from chalicelib.channels.model import Channel
from chalicelib.channels.prices import shipped
from chalicelib.delivery.model import Plan, Tally
from chalicelib.delivery.progress import Progress
from chalicelib.delivery.store_memory import MemoryLedger


def test_what_was_charged_stands_beside_what_our_prices_expect_of_the_same_messages():
    ledger = MemoryLedger()
    ledger.put_plan("0000000abc", "call", Plan(2, datetime(2026, 11, 24, 20, 15, tzinfo=UTC)))
    for unit in range(2):
        costs = {Channel.SMS: (3, 5, 400_001), Channel.VOICE: (1, 1, 13_700)}
        ledger.put_tally("0000000abc", "call", unit, Tally(version=1, costs=costs))
    told = Progress(ledger, shipped()).progress("0000000abc", ["call"])["call"]["costs"]
    assert told["sms"] == {
        "messages": 6,
        "parts": 10,
        "charged": {"cents": 81, "currency": "USD"},
        "expected": {"cents": 90, "currency": "EUR"},
    }
    assert told["voice"]["messages"] == 2


def test_where_no_receipt_has_told_yet_nothing_is_said():
    ledger = MemoryLedger()
    ledger.put_plan("0000000abc", "call", Plan(1, datetime(2026, 11, 24, 20, 15, tzinfo=UTC)))
    assert Progress(ledger, shipped()).progress("0000000abc", ["call"])["call"]["costs"] == {}
