"""SES's templates: ``{{name}}`` becomes its value as it is, without HTML escaping; a missing value fails the message.

Block helpers (``{{#if}}`` and such), which SES also knows, are refused: nothing here needs them.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

_TAG = re.compile(r"\{\{\{?\s*([^{}]*?)\s*\}?\}\}")
_NAME = re.compile(r"[A-Za-z_][\w-]*(\.[\w-]+)*")


class TemplateRefused(Exception):
    """Not a template that can be rendered, whatever the values."""


@dataclass(frozen=True)
class Template:
    """``literals`` and ``names`` alternate, beginning and ending with a literal."""

    literals: tuple[str, ...]
    names: tuple[str, ...]

    def missing(self, values: Mapping[str, Any]) -> str | None:
        """The first name that has no value."""
        return next((name for name in self.names if _look_up(values, name) is _ABSENT), None)

    def render(self, values: Mapping[str, Any]) -> str:
        """All names must have a value."""
        pieces = [self.literals[0]]
        for name, literal in zip(self.names, self.literals[1:], strict=True):
            pieces += [_shown(_look_up(values, name)), literal]
        return "".join(pieces)


@lru_cache(maxsize=256)
def parse(text: str) -> Template:
    """Raises ``TemplateRefused``."""
    pieces = _TAG.split(text)
    for name in pieces[1::2]:
        if not _NAME.fullmatch(name):
            raise TemplateRefused(f"cannot render {{{{{name}}}}}")
    return Template(tuple(pieces[::2]), tuple(pieces[1::2]))


@dataclass(frozen=True)
class Letter:
    """The three texts of a templated e-mail with one person's values, put together only when somebody reads it."""

    subject_template: Template
    text_template: Template
    html_template: Template
    values: Mapping[str, Any]

    def missing(self) -> str | None:
        for template in (self.subject_template, self.text_template, self.html_template):
            if name := template.missing(self.values):
                return name
        return None

    @property
    def subject(self) -> str:
        return self.subject_template.render(self.values)

    @property
    def text(self) -> str:
        return self.text_template.render(self.values)

    @property
    def html(self) -> str:
        return self.html_template.render(self.values)


_ABSENT = object()


def _look_up(values: Mapping[str, Any], name: str) -> Any:
    found: Any = values
    for step in name.split("."):
        if not isinstance(found, Mapping) or step not in found:
            return _ABSENT
        found = found[step]
    return found


def _shown(value: Any) -> str:
    if isinstance(value, str):
        return value
    return "" if value is None else json.dumps(value, ensure_ascii=False)
