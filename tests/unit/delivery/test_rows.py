"""The row of lanes stays one write unit, whatever is known of all its people on every channel."""

from hypothesis import given
from hypothesis import strategies as st

from bench.write_units import UNIT, size
from chalicelib.channels.model import Channel
from chalicelib.delivery import rows
from chalicelib.delivery.model import BATCH_SIZE, BatchKey, Cost, Lane, LaneState, Result

COSTS = st.dictionaries(
    st.integers(0, BATCH_SIZE - 1), st.builds(Cost, st.integers(1, 10), st.integers(0, 10**7)), max_size=BATCH_SIZE
)


@given(COSTS)
def test_costs_are_read_back(costs):
    lane = Lane(LaneState.DONE, (Result.SENT,) * BATCH_SIZE, costs=costs)
    row = {"sms": {"M": {**rows.new_lane()["M"], "r": {"S": "s" * BATCH_SIZE}, "c": {"S": rows.written_costs(lane)}}}}
    assert rows.begun_lanes(row)[Channel.SMS].costs == costs


def test_every_message_may_have_a_cost_of_its_own():
    costs = {index: Cost(1, index) for index in range(BATCH_SIZE)}
    assert rows._read_costs(rows.written_costs(Lane(LaneState.DONE, (Result.SENT,) * BATCH_SIZE, costs=costs))) == costs


def test_a_row_with_what_every_message_cost_is_one_write_unit():
    """Receipts of mails and of push messages tell no cost."""
    costs = {index: Cost(1 + index % 4, 82_300 * (1 + index % 4)) for index in range(BATCH_SIZE)}
    lane = Lane(LaneState.DONE, (Result.DELIVERED,) * BATCH_SIZE, costs=costs)
    told = {"st": {"S": "claimed"}, "l": {"N": "1795000000000"}, "r": {"S": "d" * BATCH_SIZE}}
    told |= {"w": {"S": "0a1b2c3d"}, "f": {"N": "1795000000"}, "t": {"N": "1795000900"}}
    priced = {channel: {"c": {"S": rows.written_costs(lane)}} for channel in (Channel.SMS, Channel.VOICE)}
    key = rows.lanes_key(BatchKey("0000000abc", "update-1", 799, 120, 2))
    channels = {
        channel.value: {"M": {**rows.new_lane()["M"], **told, **priced.get(channel, {})}} for channel in Channel
    }
    assert size({**key, "v": {"N": "140"}, "ttl": {"N": "1795000000"}, **channels}) < UNIT
