"""Work that goes on beside other work: in threads, or where that must not be, when its result is asked for."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Protocol, TypeVar

T = TypeVar("T")


class Begin(Protocol):
    """Begins work, and returns what waits for its result. That is to be called once; it raises what the work raised."""

    def __call__(self, work: Callable[[], T], /) -> Callable[[], T]: ...


@contextmanager
def beside(threads: int) -> Iterator[Begin]:
    """``threads``: 0 does the work when its result is asked for. At the end nothing that was begun goes on."""
    if not threads:
        yield _later
        return
    with ThreadPoolExecutor(threads) as pool:

        def begin(work: Callable[[], T]) -> Callable[[], T]:
            return pool.submit(work).result

        yield begin


def _later(work: Callable[[], T]) -> Callable[[], T]:
    return work
