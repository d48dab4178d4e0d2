"""Browsers are told of beside people, and never among them."""

from chalicelib.platform.clock import ManualClock
from chalicelib.topics.model import Figures
from chalicelib.topics.store_memory import MemoryTopicStore
from chalicelib.topics.told import ProgressWithTopics
from tests.unit.delivery.conftest import START


class People:
    def progress(self, alert_id, messages):
        return {message: {"people": 3} for message in messages}


def test_figures_stand_beside_those_of_people_where_there_are_any():
    store = MemoryTopicStore(ManualClock(START))
    store.finish("0000000abc", "call", "a#", Figures(2, 1, 0), "b")
    store.finish("0000000abc", "call", "b#", Figures(1, 0, 1), "")
    told = ProgressWithTopics(People(), store).progress("0000000abc", ("call", "outcome"))
    assert told == {
        "call": {"people": 3, "topics": {"sent": 3, "failed": 1, "gone": 1}},
        "outcome": {"people": 3},
    }
