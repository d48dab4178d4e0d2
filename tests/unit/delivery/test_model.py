from hypothesis import given
from hypothesis import strategies as st

from chalicelib.alerts.model import MessageKind
from chalicelib.channels.model import Channel
from chalicelib.delivery.family import Family, tally_of
from chalicelib.delivery.model import (
    BATCH_SIZE,
    Batch,
    BatchKey,
    Person,
    Result,
    merged,
)

RESULTS = st.sampled_from([result for result in Result if result is not Result.NONE])
KEY = BatchKey("0000000abc", MessageKind.CALL, 0, 0)


@given(st.lists(RESULTS, min_size=1), st.randoms())
def test_results_in_any_order_and_twice_give_the_same_end(news, random):
    shuffled = news * 2
    random.shuffle(shuffled)
    ends = []
    for order in (news, shuffled):
        end = Result.QUEUED
        for result in order:
            end = merged(end, result)
        ends.append(end)
    assert ends[0] == ends[1]


def test_late_news_does_not_undo_delivered():
    assert merged(Result.DELIVERED, Result.SENT) is Result.DELIVERED
    assert merged(Result.DELIVERED, Result.FAILED) is Result.DELIVERED


def test_a_message_that_was_stopped_and_sent_after_all_counts_as_sent():
    assert merged(Result.STOPPED, Result.SENT) is Result.SENT


def test_a_batch_key_is_read_back():
    for key in (BatchKey("0000000abc", "call", 7, 123), BatchKey("0000000abc", "call", 7, 123, 4)):
        assert BatchKey.parse("0000000abc", "call", key.batch) == key


def batch(*results, start=0):
    people = tuple(
        Person(f"p{start + n}", f"BU{n % 2}", "nl", {Channel.SMS: "s", Channel.EMAIL: "e"}) for n in range(len(results))
    )
    made = Batch.new(KEY, people)
    lanes = {
        channel: lane.with_results({n: pair[number] for n, pair in enumerate(results)})
        for number, (channel, lane) in enumerate(made.lanes.items())
    }
    return Batch(KEY, people, lanes, version=4)


def tally(*batches):
    return tally_of(map(Family, batches))


def test_a_person_asked_on_two_channels_counts_once():
    found = tally(batch((Result.SENT, Result.DELIVERED), (Result.REFUSED, Result.REFUSED)))
    assert (found.people, found.asked, found.reached) == (2, 1, 1)
    assert found.results[Channel.SMS] == {Result.SENT: 1, Result.REFUSED: 1}
    assert found.areas == {"BU0": (1, 1, 1), "BU1": (1, 0, 0)}


def test_who_was_asked_stays_asked_when_the_message_bounces_but_hears_no_outcome_there():
    bounced = batch((Result.FAILED, Result.DELIVERED))
    assert tally(bounced).asked == 1
    assert Family(bounced).known_on(0) == {Channel.EMAIL}


def test_who_only_keeps_an_index_in_a_later_message_is_not_counted():
    asked = batch((Result.DELIVERED, Result.FAILED), (Result.REFUSED, Result.STOPPED))
    only_index = Person("p1", "BU1", "nl", {})
    outcome = Batch.new(KEY, (asked.people[0], only_index))
    assert tally(outcome).people == 1


@given(st.lists(st.tuples(RESULTS, RESULTS), min_size=1, max_size=BATCH_SIZE), st.integers(0, BATCH_SIZE))
def test_tallies_of_parts_add_up_to_the_tally_of_the_whole(results, cut):
    whole = tally(batch(*results[:cut]), batch(*results[cut:]))
    parts = tally(batch(*results[:cut])).plus(tally(batch(*results[cut:])))
    assert parts == whole


def test_a_batch_has_only_the_lanes_that_somebody_uses():
    people = (Person("p1", "BU1", "nl", {Channel.SMS: "+31611111111"}),)
    assert list(Batch.new(KEY, people).lanes) == [Channel.SMS]


def test_a_contact_is_never_printed():
    assert "+31611111111" not in repr(Person("p1", "BU1", "nl", {Channel.SMS: "+31611111111"}))
