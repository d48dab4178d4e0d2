"""Every table is lost and comes back, and the story goes on where it was. The tests after this run on that."""

from local.backup import Backup
from local.scenarios import MISSING_CHILD
from tests.e2e.sending import let_out, sent, settled

CONSTANT = ("people", "asked", "reached", "channels")


def test_an_alert_goes_on_after_every_table_was_lost(stack, doors, tmp_path):
    anna, bram, carrier = doors
    alert = let_out(anna, bram, MISSING_CHILD.alert)
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
