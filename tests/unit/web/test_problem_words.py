"""Whatever the API refuses a control room, the console says in words of its own, in both languages."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from chalicelib import platform
from tests.unit.web.test_catalogues import catalogue

PRODUCT = Path(platform.__file__).parents[1]
BEHIND_THE_CONSOLE = ("alerts", "areas", "tips", "staff")
NAMED_FIRST = {"NotFound", "Conflict", "Forbidden", "Gone", "TooManyRequests", "InvalidInput", "PydanticCustomError"}
NAMED_SECOND = {"of", "FieldError", "_refuse"}  # after the field

# What a control room is never answered, and why.
NEVER = {
    "approval_expired": "the scheduler alone begins an alert",
    "not_as_approved": "the same",
    "not_due": "the same",
    "not_scheduled": "the same",
    "not_over": "the sweep alone withdraws",
    "alert_cancelled": "of a participant's link",
    "link_expired": "the same",
    "link_not_valid": "the same",
    "photo_there": "the same",
    "seen_in_future": "the same",
    "seen_too_long_ago": "the same",
    "import_failed": "of an import",
    "kind_fixed": "administrators alone keep organisations",
    "mailboxes_of_municipality": "the same",
    "organisation_not_found": "the same",
    "supervisors_of_room": "the same",
    "too_many_areas": "the same",
    "wrong_area_level": "the same",
    "area_not_ended": "administrators alone say who gets what a municipality had",
    "heirs_decided": "the same",
    "not_a_part": "the same",
    "needs_an_earlier_alert": "the page cannot ask for it",
    "no_wave_left": "the page has no rings",
    "no_waves": "the same",
    "radii_not_ascending": "the same",
    "wave_not_due": "the same",
    "wave_not_next": "the same",
    "waves_held": "the same",
    "waves_need_a_point": "the same",
    "waves_outlast_alert": "the same",
    "not_base64": "the page makes it itself",
    "null_not_allowed": "the same",
    "sign_in_elsewhere": "said in the place where one signs in",
}


@cache
def codes() -> set[str]:
    return {
        code
        for package in BEHIND_THE_CONSOLE
        for file in (PRODUCT / package).glob("*.py")
        for code in named_in(ast.parse(file.read_text()))
    }


def named_in(tree: ast.AST) -> Iterator[str]:
    for call in ast.walk(tree):
        if not isinstance(call, ast.Call):
            continue
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        at = 0 if name in NAMED_FIRST else 1 if name in NAMED_SECOND else len(call.args)
        if at < len(call.args) and isinstance(code := call.args[at], ast.Constant) and isinstance(code.value, str):
            yield code.value


def test_every_refusal_has_words() -> None:
    assert {"sms_too_long", "voice_too_long", "self_intersection", "outside_region", "control_character"} <= codes()
    texts = catalogue("nl")
    assert sorted(code for code in codes() - NEVER.keys() if f"error.{code}" not in texts) == []


def test_nothing_is_excused_that_is_never_refused() -> None:
    assert sorted(NEVER.keys() - codes()) == []
