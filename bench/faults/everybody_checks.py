"""What must hold for those who hear of a public alert without an account."""

from collections import Counter
from collections.abc import Iterator, Mapping

from bench.faults.everybody import LISTENERS
from bench.faults.world import World
from chalicelib.alerts.messages import MessageKind, kind_of
from chalicelib.alerts.public_post import post
from chalicelib.alerts.whereabouts import whereabouts
from chalicelib.channels.social import ROOM
from chalicelib.delivery.model import CHECKPOINT
from chalicelib.delivery.posts import PostState, wanted
from chalicelib.topics.model import Figures

# Figure -> how the lines of what broke it begin.
PROMISES: Mapping[str, tuple[str, ...]] = {
    "posts_not_as_they_should_be": ("posts",),
    "browsers_lost_or_told_twice": ("browser",),
}


def broken(world: World) -> Iterator[str]:
    yield from _posts(world)
    yield from _browsers(world)


def _posts(world: World) -> Iterator[str]:
    """On each network stands what should, once, and nothing else; and the table says so."""
    alert, now = world.alert, world.twins.topics.clock.now()
    where = whereabouts(alert.content, world.room.areas)
    for network, poster in world.twins.posters.items():
        thread = world.twins.posts.get(alert.id, network)
        should = sorted(post(alert, one.says, where, ROOM[network]) for one in wanted(alert, thread, now))
        stands = sorted(kept.texts[-1] for kept in poster.standing)
        if stands != should:
            yield f"posts on {network}: {stands}, and there should be {should}"
        known = [kept.state for kept in thread.posts.values()]
        if known.count(PostState.POSTED) != len(stands) or PostState.POSTING in known or PostState.QUEUED in known:
            yield f"posts in the table of {network}: {known}"


def _browsers(world: World) -> Iterator[str]:
    """Each is told at most once, and who has the call hears on. Who fails or is killed leaves at most ten untold."""
    count = Counter((message, browser) for message, browser, _ in world.browsers)
    for (message, browser), times in sorted(count.items()):
        if times > 1:
            yield f"browser told twice: {message} {browser}"
        if int(browser.rpartition("-")[2]) >= LISTENERS:
            yield f"browser of another municipality: {message} {browser}"
    spared = CHECKPOINT * len(world.gate.struck)
    called = {browser for message, browser in count if message == MessageKind.CALL}
    if not world.cut_short and LISTENERS - len(called) > spared:
        yield f"browser lost: {len(called)} of {LISTENERS} have the call"
    updates = world.alert.updates
    newest = {browser for _, browser, words in world.browsers if updates and world.news(len(updates)) in words}
    if updates and not world.cut_short and len(called - newest) > spared:
        yield f"browser without the update: {sorted(called - newest)}"
    ends = [name for name in world.alert.messages if kind_of(name) is MessageKind.OUTCOME]
    for name in ends[-1:] if world.known_at_once else ends:
        ended = {browser for message, browser in count if message == name}
        if len(called - ended) > spared:
            yield f"browser without the {name}: {sorted(called - ended)}"
    for message in world.alert.messages:
        claims = [claim for (_, name, _), claim in world.twins.topics.claims.items() if name == message]
        told = world.twins.topics.figures(world.alert.id, message) or Figures()
        if told != Figures.of([claim.outcome for claim in claims]):
            yield f"browser figures of {message}: {told}, the table holds {Counter(it.outcome for it in claims)}"
