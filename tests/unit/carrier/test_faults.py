import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from local.carrier.faults import FaultPlan, Faults, Rule
from local.carrier.inbox import Channel

PEOPLE = [f"+3161234{n:04d}" for n in range(2000)]


def faults(*rules: dict, seed: int = 0) -> Faults:
    return Faults(FaultPlan.model_validate({"rules": rules, "seed": seed}))


def struck(player: Faults, people=PEOPLE, channel=Channel.SMS) -> set[str]:
    return {person for person in people if player.strike(channel, person)}


def test_nothing_happens_without_rules():
    assert struck(Faults()) == set()


def test_a_rate_is_kept_to():
    assert 0.08 < len(struck(faults({"fault": "slow", "rate": 0.1}))) / len(PEOPLE) < 0.12


@given(st.randoms(use_true_random=False), st.integers())
def test_the_same_seed_strikes_the_same_people_in_any_order(random, seed):
    rules = {"fault": "bounced", "rate": 0.3}
    people = PEOPLE[:50]
    shuffled = random.sample(people, len(people))
    assert struck(faults(rules, seed=seed), people) == struck(faults(rules, seed=seed), shuffled)


def test_another_seed_strikes_others():
    rule = {"fault": "bounced", "rate": 0.3}
    assert struck(faults(rule, seed=1)) != struck(faults(rule, seed=2))


def test_who_is_struck_once_may_pass_the_next_time():
    player = faults({"fault": "throttled", "rate": 0.5})
    first = struck(player)
    assert struck(player, sorted(first)) < first


def test_times_is_the_most_there_will_be():
    assert len(struck(faults({"fault": "rejected", "times": 3}))) == 3


def test_a_rate_of_zero_strikes_nobody():
    assert struck(faults({"fault": "rejected", "rate": 0})) == set()


@pytest.mark.parametrize("to", ["+31612340007", r"+3161234000[7]", r".*0007"])
def test_a_contact_or_an_expression_says_whom(to):
    assert struck(faults({"to": to, "fault": "silent"})) == {"+31612340007"}


def test_an_address_is_meant_as_it_stands():
    player = faults({"to": "a.b+c@example.org", "fault": "silent"})
    assert struck(player, ["a.b+c@example.org", "c@example.org"], Channel.EMAIL) == {"a.b+c@example.org"}


def test_a_rule_of_one_channel_leaves_the_other_alone():
    assert struck(faults({"channel": "email", "fault": "bounced"})) == set()


def test_a_complaint_is_never_about_an_sms():
    assert struck(faults({"fault": "complained"})) == set()


def test_the_first_rule_that_strikes_wins():
    player = faults({"to": "+31612340001", "fault": "silent"}, {"fault": "bounced"})
    assert [player.strike(Channel.SMS, person).fault for person in PEOPLE[:3]] == ["bounced", "silent", "bounced"]


def test_a_rule_that_is_used_up_lets_the_next_one_strike():
    player = faults({"fault": "throttled", "times": 1}, {"fault": "bounced"})
    assert [player.strike(Channel.SMS, "+31612345678").fault for _ in range(2)] == ["throttled", "bounced"]


@pytest.mark.parametrize(
    "rule",
    [
        {},
        {"fault": "lost"},
        {"fault": "slow", "rate": 1.1},
        {"fault": "slow", "rate": -0.1},
        {"fault": "slow", "times": 0},
        {"fault": "slow", "delay_ms": -1},
        {"fault": "slow", "to": "(["},
        {"fault": "slow", "channel": "post"},
        {"fault": "slow", "whom": "x"},
    ],
)
def test_a_wrong_rule_is_refused(carrier, rule):
    with pytest.raises(ValidationError):
        Rule.model_validate(rule)
    answer = carrier.http.put("/faults", json={"rules": [rule]})
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "invalid_fields")


def test_rules_are_shown_with_how_often_they_struck_and_can_be_taken_away(carrier, sns):
    carrier.faults({"channel": "sms", "fault": "silent", "rate": 1}, seed=7)
    sns.publish(PhoneNumber="+31612345678", Message="hoi")
    shown = carrier.http.get("/faults").json()
    assert (shown["seed"], shown["rules"][0]["fault"], shown["rules"][0]["struck"]) == (7, "silent", 1)
    assert carrier.http.delete("/faults").status_code == 204
    assert carrier.http.get("/faults").json() == {"rules": [], "seed": 0}
