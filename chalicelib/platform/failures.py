"""What is told of a failure: what kind, and where in the code. Never its text, which may hold what somebody typed.

boto3 names the value that it finds invalid, urllib3 the address that it could not reach, pydantic the input.
"""

import logging
import traceback
from collections.abc import Callable, Iterator
from typing import Any

from botocore.exceptions import ClientError

from chalicelib.platform.errors import BurgernetError

FRAMES = 12


class Failed(Exception):
    """Stands for another exception, whose text stays here. Its own text is that one's type."""


def told(error: BaseException) -> str:
    """The exception and those behind it, newest first: type and code, then the innermost frames."""
    return "\nbecause of ".join(f"{_kind(link)}{_where(link)}" for link in _chain(error))


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    link: BaseException | None = error
    while link is not None and id(link) not in seen:
        seen.add(id(link))
        yield link
        link = link.__cause__ or (None if link.__suppress_context__ else link.__context__)


def _kind(error: BaseException) -> str:
    name = type(error).__name__
    if isinstance(error, BurgernetError):
        return f"{name} {error.code}"
    if isinstance(error, ClientError):
        return f"{name} {error.response.get('Error', {}).get('Code', '')} {error.operation_name}"
    return name


def _where(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)[-FRAMES:]
    return "".join(f"\n  {frame.filename}:{frame.lineno} {frame.name}" for frame in frames)


class WithoutTexts(logging.Filter):
    """Puts what may be told of an exception in the place of the exception, before any handler sees it."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.exc_info and record.exc_info[1]:
            record.failure = told(record.exc_info[1])
            record.exc_info = None
        return True


def without_texts(log: Any) -> Callable[[Any, Callable[[Any], Any]], Any]:
    """Chalice middleware: Lambda prints the text of whatever leaves a handler, so only our own errors may leave it."""

    def middleware(event: Any, get_response: Callable[[Any], Any]) -> Any:
        try:
            return get_response(event)
        except BurgernetError:
            raise
        except Exception as error:
            log.exception("function.failed")
            raise Failed(type(error).__name__) from None

    return middleware
