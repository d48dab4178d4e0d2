"""A sample of ``./dev bench faults``, and worlds that are broken on purpose, which it must notice."""

from dataclasses import replace

import pytest

from bench.faults.checks import verdict
from bench.faults.people import neighbours
from bench.faults.points import Kind
from bench.faults.runs import Run, after_the_end, drawn, points, quietly, single, total
from bench.faults.world import KNOWN_S, World
from chalicelib.alerts.late_outcome import before_it_was_known
from chalicelib.alerts.states import State
from chalicelib.channels.social import Network
from chalicelib.delivery.claims import MemoryClaims
from chalicelib.participants.places import MemoryPlaceStore
from chalicelib.participants.sealing import new_key, seal

SAMPLE = 16  # runs of each test
KILLS = (Kind.KILL_BEFORE, Kind.KILL_AFTER, Kind.TIMEOUT_AFTER, Kind.KILL_STOP, Kind.KILL_CLOSE, Kind.KILL_KNOWN)


def every(runs, count):
    return runs[:: max(1, len(runs) // count)]


@pytest.mark.parametrize(
    "kinds",
    [
        pytest.param(KILLS, id="killed"),
        pytest.param(
            (Kind.THROTTLED, Kind.LOST, Kind.SILENT, Kind.REPEATED, Kind.SLOW), id="refused or left without an answer"
        ),
        pytest.param((Kind.TWICE, Kind.STOP, Kind.CLOSE, Kind.KNOWN), id="doubled, stopped, closed or known"),
    ],
)
def test_no_promise_breaks_at_one_fault(kinds):
    found = total(every(single(kinds), SAMPLE))
    assert found.broken == {}
    assert found.faults == found.runs >= SAMPLE


@pytest.mark.parametrize("seconds", [0.5, 3, KNOWN_S])
@pytest.mark.parametrize("public", [False, True])
def test_who_was_asked_hears_how_it_ended_however_soon_somebody_knows_after_it_closed_by_itself(seconds, public):
    world = World(unanswered=True, known_s=seconds, public=public, rate=20)
    assert broken(world) == set()
    told = {message: sum(taken.message == message for taken in world.taken) for message in ("outcome", "outcome-late")}
    assert told["outcome-late"] > 200
    assert (told["outcome"] < told["outcome-late"]) == (seconds < KNOWN_S)


def test_no_promise_breaks_at_several_faults_in_disorder():
    found = total(drawn(SAMPLE, seed=4))
    assert found.broken == {}
    assert found.faults > SAMPLE


@pytest.mark.parametrize("kind", [Kind.KILL_STOP, Kind.KILL_CLOSE])
def test_whoever_was_called_hears_on_though_others_of_their_batch_were_erased(kind):
    """``inside`` is false of the erased, since none may hear anything; they stand in the batch all the same."""
    people = [erased(who) if number in (0, 1, 2, 3, 6) else who for number, who in enumerate(neighbours())]
    for call in (7, 10):
        world = World({f"send_sms/sms.send/{call}": kind}, people=people)
        with quietly():
            world.run()
        assert world.gate.struck
        assert verdict(world).broken == []


def test_whom_a_killed_sender_called_counts_as_asked_though_the_next_one_is_throttled_and_then_it_is_stopped():
    """One of the claims after the kill is the batch's own again."""
    killed = {"send_sms/sms.send/5": Kind.KILL_AFTER}
    there = sent_by(killed)
    for claim in [point for point in there[there.index(*killed) :] if "ledger.claim" in point][:2]:
        first = next(point for point in there[there.index(claim) :] if "sms.send" in point)
        throttled = killed | {first: Kind.THROTTLED}
        there_then = sent_by(throttled)
        again = next(point for point in there_then[there_then.index(first) :] if "ledger.claim" in point)
        world = World(throttled | {again: Kind.STOP})
        assert broken(world) == set()
        assert len(world.gate.struck) == 3


def sent_by(faults):
    """The points of whoever sends texts."""
    world = World(faults)
    with quietly():
        world.run()
    return [point for point in world.gate.trace if point.startswith("send_sms/")]


def erased(who):
    """With contacts to which there is no key any more."""
    them = who.participant
    held = tuple(replace(one, text=seal(new_key(), them.id, one.kind, one.text)) for one in them.contacts)
    return replace(who, inside=False, participant=replace(them, contacts=held))


def test_a_run_repeats_exactly_by_its_name():
    run = Run.named(drawn(1, seed=2)[0].name)
    worlds = [run.world(), run.world()]
    with quietly():
        for world in worlds:
            world.run()
    assert worlds[0].gate.trace == worlds[1].gate.trace
    assert worlds[0].taken == worlds[1].taken != []


def test_every_port_that_delivery_uses_is_a_place_where_things_go_wrong():
    there = {point.split("/")[1].split(".")[0] for point in points()}
    assert there >= {"alerts", "ledger", "places", "participants", "pace", "message_ids", "queues", "figures", "tips"}
    assert there >= {"sms", "email"}
    public = {point.split("/")[1].split(".")[0] for point in points(public=True)}
    assert public >= there | {"posts", "topics", "x", "mastodon", "areas"}


def test_a_claim_is_two_points_so_that_somebody_is_killed_or_stopped_between_them():
    there = [point.rpartition("/")[0] for point in points() if point.startswith("send_email/")]
    after_claims = [there[number + 1] for number, point in enumerate(there) if point == "send_email/ledger.claim"]
    assert set(after_claims) == {"send_email/alerts.get"}


def test_only_what_a_client_asks_is_asked_again():
    lost, repeated = ({run.point.split("/")[1] for run in single((kind,))} for kind in (Kind.LOST, Kind.REPEATED))
    assert repeated >= {"ledger.claim", "ledger.record", "queues.send_sms", "alerts.get"}
    assert lost - repeated >= {"sms.send", "voice.call", "email.send", "push.push", "x.post", "mastodon.withdraw"}


def test_a_claim_that_is_asked_again_is_the_claimants_own_and_nobody_waits():
    point = "send_sms/ledger.claim/1"
    world = World({point: Kind.REPEATED})
    assert broken(world) == set()
    assert world.gate.struck == [(point, Kind.REPEATED)]
    assert world.gate.trace == points()


def test_texts_by_another_provider_and_recordings_are_tried_as_well():
    there = {point.rpartition("/")[0] for point in points(other=True)}
    assert there.isdisjoint({"send_sms/message_ids.put", "sms_log/message_ids.get"})
    assert there >= {"send_sms/sms.send", "send_voice/voice.call", "receipts/ledger.fold"}


def broken(world):
    with quietly():
        world.run()
    return {line.partition(":")[0] for line in verdict(world).broken}


def test_it_notices_who_is_lost():
    world = World()
    vars(world.system)["matcher"] = replace(world.system.matcher, places=MemoryPlaceStore())
    assert "lost" in broken(world)


def test_it_notices_two_senders_at_one_batch():
    world = World({"send_sms/sms.send/5": Kind.TWICE})
    vars(world.system)["sms_dispatch"] = replace(world.system.sms_dispatch, lease_s=-1)
    assert "doubled" in broken(world)


def test_it_notices_a_post_that_stays():
    world = World(public=True)
    world.twins.posters[Network.X].withdraw = lambda post_id: None
    assert broken(world) == {"posts on x", "posts in the table of x"}


def test_it_notices_a_browser_that_is_told_twice():
    world = World({"send_topics/push.push/3": Kind.TWICE}, public=True)
    claims, claim = world.twins.topics.claims, world.twins.topics.claim

    def forgetful(alert, message, listener, page, said=0):
        claims.pop((alert, message, listener), None)
        return claim(alert, message, listener, page, said)

    world.twins.topics.claim = forgetful
    assert "browser told twice" in broken(world)


def test_it_notices_what_goes_out_after_a_stop():
    world = World({"send_sms/sms.send/1": Kind.STOP})
    read_by_sms(world, _Deaf(world.system.parts.alerts))
    assert "after stop" in broken(world)


def test_it_notices_who_is_told_that_nobody_knows_after_somebody_does():
    send = next(point for point in after_the_end() if point.startswith("send_sms/sms.send/"))
    world = World({send: Kind.KNOWN}, unanswered=True)
    read_by_sms(world, _Unknowing(world.system.parts.alerts))
    assert broken(world) == {"after it was known", "no outcome"}


def read_by_sms(world, alerts):
    """What sends texts looks at these alerts."""
    claims = MemoryClaims(world.system.parts.ledger, alerts)
    vars(world.system)["sms_dispatch"] = replace(world.system.sms_dispatch, alerts=alerts, claims=claims)


class _Unknowing:
    """Alerts of which nobody hears how they ended."""

    def __init__(self, store):
        self.store = store

    def get(self, alert_id):
        return before_it_was_known(self.store.get(alert_id))


class _Deaf:
    """Alerts of which nobody hears that they were stopped."""

    def __init__(self, store):
        self.store = store

    def get(self, alert_id):
        return replace(self.store.get(alert_id), stopped_at=None)


@pytest.mark.parametrize(("failures", "state"), [(2, State.CLOSED), (3, State.DRAFT)])
def test_an_alert_that_is_planned_too_late_asks_nobody_and_waits_for_people(failures, state):
    world = World({f"plan/alerts.get/{number}": Kind.KILL_BEFORE for number in range(1, failures + 1)})
    with quietly():
        world.run()
    assert (world.alert.state, bool(world.taken)) == (state, state is State.CLOSED)
    assert verdict(world).broken == []
