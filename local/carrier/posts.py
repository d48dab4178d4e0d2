"""What both social networks do with a post: they keep it, show it, change it or take it away."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import count

from starlette.responses import Response

from chalicelib.platform.clock import epoch_ms
from local.carrier.exchange import Exchange, answer_delay_s
from local.carrier.faults import Rule
from local.carrier.inbox import Channel, Message, Status, Written


@dataclass(frozen=True)
class Posts:
    """Of one account on one network."""

    exchange: Exchange
    channel: Channel
    numbers: "count[int]" = field(default_factory=count)

    def all(self) -> list[Message]:
        """The newest last; those that were withdrawn as well."""
        return self.exchange.inbox.select(channel=self.channel)

    def standing(self) -> list[Message]:
        return [post for post in self.all() if self.exchange.inbox.status(post) is not Status.WITHDRAWN]

    def find(self, post_id: str) -> Message | None:
        return next((post for post in self.standing() if post.id == post_id), None)

    def add(self, text: str, handle: str, headers: Mapping[str, str]) -> Message:
        now = self.exchange.clock.now()
        post = Message(
            id=str((epoch_ms(now) << 16) + next(self.numbers)),
            channel=self.channel,
            to="everybody",
            at=now,
            sender=handle,
            content=Written(text),
            tags={},
            headers=tuple((name, value) for name, value in headers.items() if value),
        )
        return self.exchange.publish(post)

    def change(self, post: Message, text: str) -> Message:
        changed = replace(post, content=Written(text))
        self.exchange.inbox.change(changed)
        return changed

    def withdraw(self, post: Message) -> None:
        self.exchange.inbox.mark(post, Status.WITHDRAWN)


async def in_time(rule: Rule | None, answer: Response) -> Response:
    """The answer, as late as the fault wants it."""
    if delay_s := answer_delay_s(rule):
        await asyncio.sleep(delay_s)
    return answer
