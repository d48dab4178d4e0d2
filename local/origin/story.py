"""The demo's story from a button of a page: played in the background, one at a time, and what it told so far.

Only the local origin has these addresses.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from local.demo.timeline import Timeline


class State(StrEnum):
    """Of the newest telling. ``BROKE_OFF``: something that was waited for did not come."""

    NONE = "none"
    PLAYING = "playing"
    RIGHT = "right"
    WRONG = "wrong"
    BROKE_OFF = "broke_off"


@dataclass
class Stage:
    """``play``: the story, told to a timeline, until it ends."""

    play: Callable[[Timeline], object]
    state: State = State.NONE
    lines: list[dict[str, object]] = field(default_factory=list)
    _alone: threading.Lock = field(default_factory=threading.Lock)

    def routes(self) -> list[Route]:
        return [
            Route("/local/story", self.told, methods=["GET"]),
            Route("/local/story", self.begin, methods=["POST"]),
        ]

    async def told(self, request: Request) -> Response:
        return self._answer(200)

    async def begin(self, request: Request) -> Response:
        """Begins it, unless it is being played: then there is nothing to do but look."""
        if self._alone.acquire(blocking=False):
            self.state, self.lines = State.PLAYING, []
            threading.Thread(target=self._perform, daemon=True).start()
        return self._answer(202)

    def _answer(self, status: int) -> Response:
        return JSONResponse(
            {"state": self.state, "lines": list(self.lines)}, status, headers={"Cache-Control": "no-store"}
        )

    def _perform(self) -> None:
        timeline = Timeline(self._heard)
        try:
            self.play(timeline)
        except Exception as error:  # whatever it was, the page says so, and another try is free
            timeline.say("WRONG", f"{type(error).__name__}: {error}")
            self.state = State.BROKE_OFF
        else:
            self.state = State.WRONG if timeline.wrong else State.RIGHT
        finally:
            self._alone.release()

    def _heard(self, seconds: float, who: str, what: str) -> None:
        self.lines.append({"seconds": round(seconds, 1), "who": who, "what": what})
