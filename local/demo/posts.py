"""What everybody reads of the story: one post on each social network, until it is over."""

from dataclasses import dataclass
from typing import Any

from local.demo.client import Api, Carrier, until
from local.demo.timeline import Timeline

NETWORKS = ("x", "mastodon")

PATIENCE_S = 300  # who takes over from a function that was killed waits for the end of its lease, two minutes


@dataclass(frozen=True)
class PublicPosts:
    dispatcher: Api
    carrier: Carrier
    timeline: Timeline
    alert: str

    def check_call(self) -> None:
        told = self._told("call", "posted")
        for network in NETWORKS:
            self.timeline.say(network, told[network]["text"])
            texts = self._standing(network, told)
            self.timeline.check(
                f"it stands on {network} once, in the words that were approved", texts == [told[network]["text"]], texts
            )

    def check_outcome(self) -> None:
        told = self._told("outcome", "posted")
        for network in NETWORKS:
            (text,) = self._standing(network, told) or ("nothing",)
            self.timeline.say(network, text)
            self.timeline.check(
                f"who was described has gone from {network}; how it ended stands in its place",
                [post["state"] for post in told[network]["posts"]] == ["withdrawn", "posted"] and "jas" not in text,
            )

    def _told(self, name: str, state: str) -> dict[str, Any]:
        """What the alert says of its posts, once that one is in that state on every network."""

        def look() -> dict[str, Any] | None:
            posts: dict[str, Any] = self.dispatcher.get(f"/alerts/{self.alert}")["posts"]
            reached = [
                any((post["name"], post["state"]) == (name, state) for post in posts[network]["posts"])
                for network in NETWORKS
            ]
            return posts if all(reached) else None

        return until(look, f"the {name} on every network", PATIENCE_S)

    def _standing(self, network: str, told: dict[str, Any]) -> list[str]:
        """Of this alert: those that the carrier still shows."""
        ours = {post["url"].rpartition("/")[2] for post in told[network]["posts"] if "url" in post}
        messages = self.carrier.messages(channel=network, status="accepted")
        return [message["text"] for message in messages if message["id"] in ours]
