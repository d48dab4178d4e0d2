"""What queue ``topics`` carries goes to whoever makes it narrower, or tells browsers."""

from dataclasses import dataclass

from chalicelib.delivery.messages import TopicMessage
from chalicelib.platform.batch import Record
from chalicelib.topics.plan import TopicPlanner
from chalicelib.topics.sending import TopicSender


@dataclass(frozen=True)
class Topics:
    planner: TopicPlanner
    sender: TopicSender

    def take(self, record: Record[TopicMessage]) -> None:
        asked = record.body
        if asked.narrow:
            self.sender.send(asked)
        else:
            self.planner.plan(asked)
