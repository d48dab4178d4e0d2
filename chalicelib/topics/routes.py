"""Push messages of public alerts in some areas, for whoever asks."""

from collections.abc import Callable
from dataclasses import dataclass

from chalicelib.platform.errors import Conflict, InvalidInput, NotFound, TooManyRequests
from chalicelib.platform.http import Call, Endpoint, Reply
from chalicelib.topics.bodies import TopicArea, TopicAreas, TopicsBody, TopicsReply
from chalicelib.topics.service import TopicService


@dataclass(frozen=True)
class TopicRoutes:
    service: Callable[[], TopicService]

    def endpoints(self) -> list[Endpoint]:
        return [
            Endpoint(
                "GET",
                "/push/areas/{code}",
                self.areas,
                "What a browser can listen to right below an area",
                reply=TopicAreas,
                raises=(NotFound,),
            ),
            Endpoint(
                "POST",
                "/push/topics",
                self.subscribe,
                "Let a browser hear of public alerts in these areas, and in no others; no account is needed",
                body=TopicsBody,
                reply=TopicsReply,
                raises=(InvalidInput, TooManyRequests, Conflict),
            ),
            Endpoint(
                "DELETE",
                "/push/topics/{listener}",
                self.unsubscribe,
                "Let a browser hear of nothing any more",
                status=204,
                raises=(NotFound, Conflict),
            ),
        ]

    def areas(self, call: Call[None]) -> TopicAreas:
        return TopicAreas(areas=[TopicArea.of(area) for area in self.service().below(call.path["code"])])

    def subscribe(self, call: Call[TopicsBody]) -> TopicsReply:
        body = call.body
        return TopicsReply(id=self.service().subscribe(body.device(), body.areas, body.language, call.source_ip))

    def unsubscribe(self, call: Call[None]) -> Reply:
        self.service().unsubscribe(call.path["listener"])
        return Reply(status=204)
