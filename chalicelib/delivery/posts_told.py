"""What the people who send an alert are told of its posts: the words before it goes out, and then where they stand."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from chalicelib.alerts.messages import MessageKind
from chalicelib.alerts.model import Alert
from chalicelib.alerts.public_post import post
from chalicelib.alerts.whereabouts import NamedAreas, whereabouts
from chalicelib.channels.social import ROOM, Network
from chalicelib.delivery.post_store import PostStore
from chalicelib.delivery.posts import Post, PostState, wanted
from chalicelib.platform.clock import Clock


@dataclass(frozen=True)
class PostsTold:
    """``networks``: those where public alerts are posted."""

    networks: tuple[Network, ...]
    store: PostStore
    areas: NamedAreas
    clock: Clock

    def posts(self, alert: Alert) -> dict[str, Any] | None:
        """Per network: the words of the call, and its posts in their order; None where there are none to be."""
        if not alert.content.is_public or not self.networks:
            return None
        where = whereabouts(alert.content, self.areas)
        return {
            network.value: {
                "text": post(alert, MessageKind.CALL, where, ROOM[network]),
                "posts": list(self._told(alert, network)) if alert.activated_at else [],
            }
            for network in self.networks
        }

    def _told(self, alert: Alert, network: Network) -> Iterator[dict[str, str]]:
        thread = self.store.get(alert.id, network)
        yield from map(_shown, thread.posts.values())
        for one in wanted(alert, thread, self.clock.now()):
            if one.name not in thread.posts:
                yield {"name": one.name, "state": PostState.QUEUED}


def _shown(one: Post) -> dict[str, str]:
    """Whether the network took it is not known for a while: it waits, as far as the reader is concerned."""
    state = PostState.QUEUED if one.state is PostState.POSTING else one.state
    shown = {"name": one.name, "state": state, "url": one.url, "reason": one.reason}
    return {name: text for name, text in shown.items() if text}
