"""Which areas a browser listens to, without an account: whoever knows its endpoint may say so, for nobody else does."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.alerts.text import Language
from chalicelib.areas.model import Area
from chalicelib.areas.service import AreaService
from chalicelib.channels.model import Device
from chalicelib.platform.crowd import Crowd, Flood
from chalicelib.platform.errors import Conflict, InvalidInput, NotFound
from chalicelib.topics.model import ID_CHARACTERS, Listener, listener_id
from chalicelib.topics.store import Overtaken, TopicStore

FLOOD = Flood(
    "topic", "TopicsRefused", "too_many_subscriptions", "Many came from here just now. Try again in ten minutes."
)
ID = re.compile(rf"[0-9a-f]{{{ID_CHARACTERS}}}")


@dataclass(frozen=True)
class TopicService:
    """``push_endpoints``: addresses that may be written to. ``crowd``: how many are turned on from a network."""

    store: TopicStore
    areas: AreaService
    push_endpoints: str
    crowd: Crowd

    def subscribe(self, device: Device, codes: Sequence[str], language: Language, address: str) -> str:
        """It listens to these areas from now on, and to no others; again changes nothing. Returns the listener's id.

        ``address``: of whoever sent the request.

        Raises:
            TooManyRequests: too_many_subscriptions.
            InvalidInput: push_service_unknown; no_such_area; area_not_joined.
            Conflict: changed_meanwhile.
        """
        self.crowd.admit(address)
        if not re.fullmatch(self.push_endpoints, device.endpoint):
            raise InvalidInput.of("endpoint", "push_service_unknown", "This is no push service that we send to.")
        for number, code in enumerate(codes):
            self._check(code, f"areas.{number}")
        listener = Listener(listener_id(device), device, language)
        try:
            self.store.put(listener, codes)
        except Overtaken as overtaken:
            raise _changed() from overtaken
        return listener.id

    def unsubscribe(self, listener: str) -> None:
        """It listens to nothing any more; again changes nothing. Nobody is held up who wants to hear no more.

        Raises ``Conflict`` as ``subscribe``; ``NotFound`` listener_not_found where it is no id.
        """
        if not ID.fullmatch(listener):
            raise NotFound("listener_not_found", "There is no such subscription.")
        try:
            self.store.remove(listener)
        except Overtaken as overtaken:
            raise _changed() from overtaken

    def below(self, code: str) -> list[Area]:
        """What can be chosen right below an area, by code. Raises ``NotFound`` area_not_found."""
        return self.areas.children(code)

    def _check(self, code: str, field: str) -> None:
        try:
            area = self.areas.get(code)
        except NotFound as missing:
            raise InvalidInput.of(field, "no_such_area", "There is no such area.") from missing
        if not area.joined:
            raise InvalidInput.of(field, "area_not_joined", "The municipality of this area does not take part.")


def _changed() -> Conflict:
    return Conflict("changed_meanwhile", "Somebody else changed this at the same moment. Try again.")
