"""Where a public alert is told: its area as municipalities, those as neighbourhoods, those as pages of browsers."""

from collections.abc import Iterable
from dataclasses import dataclass

from chalicelib.alerts.messages import MessageKind
from chalicelib.alerts.model import Alert
from chalicelib.alerts.states import State
from chalicelib.alerts.store import AlertStore
from chalicelib.areas.model import shape_from_json
from chalicelib.areas.service import AreaService
from chalicelib.delivery.live import why_not
from chalicelib.delivery.messages import TopicMessage
from chalicelib.platform.clock import Clock
from chalicelib.platform.observe import logger
from chalicelib.platform.queues import QueueName, Queues
from chalicelib.topics.model import SHARDS

AGAIN_S = 1
MOST_LOOKS = 600  # ten minutes; by then nobody plans the call any more


@dataclass(frozen=True)
class TopicPlanner:
    alerts: AlertStore
    areas: AreaService
    queues: Queues
    clock: Clock

    def plan(self, asked: TopicMessage) -> None:
        """Hand out the next smaller parts; a repeat does the same again. An alert that is not public reaches nobody."""
        alert = self.alerts.get(asked.alert)
        if not alert.content.is_public:
            return
        if asked.message == MessageKind.CALL and alert.state is State.SCHEDULED:  # whoever plans the call begins it
            if asked.attempt < MOST_LOOKS:
                self._hand_out([asked.model_copy(update={"attempt": asked.attempt + 1})], AGAIN_S)
            return
        why = why_not(alert, asked.message, self.clock.now())
        if why:
            logger.info("topics.dropped", alert=alert.id, kind=asked.message, why=why)
            return
        parts = self._parts(alert, asked)
        self._hand_out(parts)
        logger.info("topics.planned", alert=alert.id, kind=asked.message, parts=len(parts))

    def _parts(self, alert: Alert, asked: TopicMessage) -> list[TopicMessage]:
        if asked.message != MessageKind.CALL:
            return [asked.model_copy(update={"shard": number}) for number in range(SHARDS)]
        whole = asked.model_copy(update={"attempt": 0})
        shape = shape_from_json(alert.shape)
        if not asked.within:
            joined = [area.code for area in self.areas.municipalities_in(shape) if area.joined]
            return [whole.model_copy(update={"within": code}) for code in joined]
        codes = [asked.within, *self.areas.below_in(asked.within, shape)]
        # Who chose an area that has ended since listens to what it lies in now.
        return [whole.model_copy(update={"area": code}) for code in (*codes, *sorted(self.areas.former(codes)))]

    def _hand_out(self, messages: Iterable[TopicMessage], delay_s: int = 0) -> None:
        self.queues.send(QueueName.TOPICS, [message.body() for message in messages], delay_s=delay_s)
