"""What a simulated alert costs: its messages by our own table of prices, and AWS's by list prices of eu-west-1."""

from collections.abc import Mapping

from bench.simulation.engine import START
from bench.simulation.pipeline import Played
from chalicelib.channels.model import Channel
from chalicelib.channels.prices import HOME, Sent, shipped

SMS_PARTS = 2
MICROS = 1_000_000
# US dollars, as listed in 2026: on demand, without free tiers.
GB_SECOND, INVOCATION = 0.0000166667, 0.20 / MICROS
WRITE_UNIT, READ_UNIT, SQS_REQUEST = 0.705 / MICROS, 0.141 / MICROS, 0.40 / MICROS
MATCHER_GB, SENDER_GB = 1.769, 1.024
READ_UNITS_PER_PLACE = 0.025
REQUESTS_PER_WORK = 2.1  # received and deleted; sent ten at a time


def cost(played: Played, places: int) -> Mapping[str, float]:
    """``places``: read. Euros of messages and dollars of AWS, each by what it is for."""
    day = START.date()
    sent = {name: len(channel.provider.times) for name, channel in played.channels.items()}
    messages = {
        f"{name}_eur": shipped().micros([Sent(Channel(name), HOME, number, number * SMS_PARTS)], day) / MICROS
        for name, number in sent.items()
    }
    pools = [(played.matchers, MATCHER_GB), *((it.pool, SENDER_GB) for it in played.channels.values())]
    received = sum(pool.received for pool, _ in pools)
    writes = played.ledger_units + sum(channel.pace.writes for channel in played.channels.values())
    return {
        **messages,
        "lambda_usd": sum(pool.busy_s * gb for pool, gb in pools) * GB_SECOND + received * INVOCATION,
        "dynamodb_usd": writes * WRITE_UNIT + places * READ_UNITS_PER_PLACE * READ_UNIT,
        "sqs_usd": received * REQUESTS_PER_WORK * SQS_REQUEST,
    }
