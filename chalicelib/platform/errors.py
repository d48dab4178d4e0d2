"""What can go wrong, as one tree; HTTP numbers are chosen in ``http.py`` alone.

BurgernetError
├── InvalidInput        what was asked cannot be understood or accepted; names the fields
├── Unauthenticated     nobody, or nobody we can believe
├── Forbidden           known, but not allowed
├── NotFound            no such thing, or none that this caller may see
├── Conflict            the thing is not in a state that allows this
├── Gone                was there, has ended
├── TooManyRequests     slow down
└── Unavailable         a neighbour (provider, geocoder) does not answer; may be tried again
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

_NAME = re.compile(r"[a-zA-Z][a-zA-Z0-9_]{0,39}")


@dataclass(frozen=True)
class FieldError:
    """One thing wrong with one field. ``field`` is a dotted path into the body: ``places.0.point.lon``."""

    field: str
    code: str
    message: str


def dotted(path: Iterable[int | str]) -> str:
    """Where in a body. A key that is no name of a field, which may be somebody's number, is not repeated."""
    return ".".join(str(part) if isinstance(part, int) or _NAME.fullmatch(part) else "?" for part in path)


class BurgernetError(Exception):
    """``code`` is stable and meant for programs; ``message`` is for people and holds no personal data."""

    def __init__(self, code: str, message: str, fields: tuple[FieldError, ...] = ()) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.fields = fields


class InvalidInput(BurgernetError):
    @classmethod
    def of(cls, field: str, code: str, message: str) -> "InvalidInput":
        """The usual case: one field, whose code is the error's."""
        return cls(code, message, (FieldError(field, code, message),))


class Unauthenticated(BurgernetError):
    pass


class Forbidden(BurgernetError):
    pass


class NotFound(BurgernetError):
    pass


class Conflict(BurgernetError):
    pass


class Gone(BurgernetError):
    pass


class TooManyRequests(BurgernetError):
    pass


class Unavailable(BurgernetError):
    pass
