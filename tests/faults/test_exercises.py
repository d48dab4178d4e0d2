"""Whatever happens, an exercise stays one to whoever hears of it, and nobody does who did not agree."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from bench.faults.people import FAR, NEAR, neighbours
from bench.faults.runs import quietly
from bench.faults.world import World
from chalicelib.alerts.cap import Status
from chalicelib.participants.model import Participant

FIRST_WORDS = {
    Status.EXERCISE: ("OEFENING BURGERNET", "EXERCISE BURGERNET", "een oefening van", "an exercise of"),
    Status.TEST: ("TEST BURGERNET", "een test van", "a test of"),
}
PORTS = {"sms": "exercise_sms", "email": "exercise_email"}  # who sends, for real and not; the others have one sender
MEANT = ("sms", "voice", "email", "push")
EVERYBODY = neighbours()


def who_agree(agree):
    return [
        replace(who, participant=replace(who.participant, exercises=number in agree))
        for number, who in enumerate(EVERYBODY)
    ]


def heard(world, who):
    """What the providers took for somebody."""
    return [taken for taken in world.taken if taken.contact in who.has.values()]


@given(
    status=st.sampled_from([Status.EXERCISE, Status.TEST]),
    agree=st.sets(st.integers(0, len(EVERYBODY) - 1), max_size=40),
    withdraw=st.dictionaries(st.sampled_from([5, 100, 10_000]), st.sets(st.integers(0, 65), max_size=20), max_size=2),
    waves=st.booleans(),
    seed=st.integers(0, 10_000),
)
@settings(max_examples=12, deadline=None)
def test_nobody_hears_of_an_exercise_who_did_not_agree_and_nobody_can_take_it_for_real(
    status, agree, withdraw, waves, seed
):
    people = who_agree(agree)
    leaving = {seconds: [people[number].participant.id for number in some] for seconds, some in withdraw.items()}
    world = World(seed=seed, people=people, status=status, withdrawals=leaving)
    world.waves = waves
    with quietly():
        world.run()
    assert world.alert.status is status
    by_contact = {contact: who for who in people for contact in who.has.values()}
    for taken in world.taken:
        assert by_contact[taken.contact].participant.exercises
        assert taken.channel in {*PORTS.values(), "voice", "push"}
        assert any(words in taken.words for words in FIRST_WORDS[status])
    for seconds, some in withdraw.items():
        if seconds == 5:  # before it goes out, though after the approval
            assert not any(heard(world, people[number]) for number in some)


@given(seed=st.none() | st.integers(0, 10_000), agree=st.sets(st.integers(0, 65), max_size=40))
@settings(max_examples=4, deadline=None)
def test_nobody_can_take_the_real_thing_for_an_exercise(seed, agree):
    world = World(seed=seed, people=who_agree(agree))
    with quietly():
        world.run()
    not_meant = [words for some in FIRST_WORDS.values() for words in some]
    assert world.taken or world.seed is not None  # a fault may close it before it goes out
    for taken in world.taken:
        assert taken.channel in MEANT
        assert not any(words in taken.words for words in not_meant)


def test_who_withdraws_after_the_call_hears_no_more_of_it():
    people = who_agree(set(range(60)))
    gone: list[Participant] = [people[number].participant for number in range(30)]
    world = World(people=people, status=Status.EXERCISE, withdrawals={60: [who.id for who in gone]})
    with quietly():
        world.run()
    messages = [{taken.message for taken in heard(world, who)} for who in people[:30]]
    assert {"call"} in messages
    assert all(names <= {"call"} for names in messages)
    assert {"call", "update-1", "outcome"} in [{taken.message for taken in heard(world, who)} for who in people[30:60]]


def test_in_waves_who_withdraws_after_the_first_is_not_asked_by_the_next():
    people = who_agree(set(range(NEAR + FAR)))
    far = people[NEAR : NEAR + FAR]
    world = World(people=people, status=Status.TEST, waves=True, withdrawals={60: [who.participant.id for who in far]})
    with quietly():
        world.run()
    assert not any(heard(world, who) for who in far)
    assert any(heard(world, who) for who in people[:NEAR])
