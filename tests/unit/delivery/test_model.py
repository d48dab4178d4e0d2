from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.alerts.model import MessageKind
from chalicelib.channels.model import Channel
from chalicelib.delivery.family import Family, tally_of
from chalicelib.delivery.model import (
    BATCH_SIZE,
    AreaTally,
    Batch,
    BatchKey,
    Cost,
    Messages,
    Person,
    Result,
    Span,
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
    assert found.areas == {
        "BU0": AreaTally(1, 1, 1, 0, {Channel.SMS: Messages(sent=1), Channel.EMAIL: Messages(sent=1, delivered=1)}),
        "BU1": AreaTally(1, 0, 0, 0, {Channel.SMS: Messages(failed=1), Channel.EMAIL: Messages(failed=1)}),
    }


def test_who_was_asked_on_one_channel_was_not_spared_by_a_stop_on_the_other():
    found = tally(batch((Result.STOPPED, Result.SENT), (Result.STOPPED, Result.REFUSED)))
    assert [found.areas[code].spared for code in ("BU0", "BU1")] == [0, 1]


def test_costs_and_times_add_up_over_areas_and_batches():
    def priced(number, cost, taken):
        made = batch((Result.SENT, Result.SENT))
        sms = replace(made.lanes[Channel.SMS], costs={0: cost}, taken=taken)
        return replace(made, key=replace(KEY, number=number), lanes={**made.lanes, Channel.SMS: sms})

    found = tally(priced(0, Cost(2, 160_000), Span(50, 90)), priced(1, Cost(1, 80_000), Span(20, 60)))
    assert found.areas["BU0"].messages[Channel.SMS] == Messages(2, 0, 0, 2, 3, 240_000)
    assert found.costs == {Channel.SMS: (2, 3, 240_000)}
    assert found.taken == Span(20, 90)
    assert found.plus(tally(priced(0, Cost(1, 1), Span(10, 30)))).taken == Span(10, 90)


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
