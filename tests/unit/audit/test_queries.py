"""A day in a query is a day, written out."""

from datetime import date

import pytest
from pydantic import ValidationError

from chalicelib.audit.routes import AuditQuery, VerifyQuery


@pytest.mark.parametrize("text", ["0", "1764000000", "-1", "1.5", "2026-11", "2026-02-30", ""])
@pytest.mark.parametrize(("query", "name"), [(AuditQuery, "day"), (VerifyQuery, "until")])
def test_what_is_no_day_is_refused(query, name, text):
    with pytest.raises(ValidationError):
        query.model_validate_strings({name: text})


def test_a_day_is_read():
    assert AuditQuery.model_validate_strings({"day": "2026-11-24"}).day == date(2026, 11, 24)
