"""A file that is read again when it has changed; while a new one cannot be read, the last good one stays."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass
class WatchedFile(Generic[T]):
    """``missing`` is what a path that is None, or where no file is, holds.

    ``parse`` raises ``ValueError`` for a text that it cannot read.
    """

    path: Path | None
    parse: Callable[[str], T]
    missing: T
    _stamp: tuple[int, int] | None = None

    def __post_init__(self) -> None:
        self._content = self.missing

    def read(self) -> T:
        try:
            stat = self.path.stat() if self.path else None
        except FileNotFoundError:
            stat = None
        if self.path is None or stat is None:
            return self.missing
        stamp = (stat.st_mtime_ns, stat.st_size)
        if stamp != self._stamp:
            self._reread(self.path, stamp)
        return self._content

    def _reread(self, path: Path, stamp: tuple[int, int]) -> None:
        try:
            self._content = self.parse(path.read_text())
        except ValueError:
            if self._stamp is None:
                raise
        else:
            self._stamp = stamp
