"""What crosses HTTP of topics."""

from typing import Annotated

from pydantic import Field

from chalicelib.alerts.text import Language
from chalicelib.areas.model import Area, Level
from chalicelib.areas.validation import CODE
from chalicelib.participants.device_bodies import DeviceBody
from chalicelib.platform.http import Body
from chalicelib.topics.model import MOST_AREAS

AreaCode = Annotated[str, Field(pattern=CODE.pattern, max_length=20)]


class TopicsBody(DeviceBody):
    """A browser's ``PushSubscription``, the areas (CBS codes) that it listens to, and in which language."""

    areas: list[AreaCode] = Field(min_length=1, max_length=MOST_AREAS)
    language: Language = Language.NL


class TopicsReply(Body):
    id: str = Field(description="Of this browser: whoever has it can take the subscription away")


class TopicArea(Body):
    code: str
    name: str
    level: Level

    @classmethod
    def of(cls, area: Area) -> "TopicArea":
        return cls(code=area.code, name=area.name, level=area.level)


class TopicAreas(Body):
    areas: list[TopicArea]
