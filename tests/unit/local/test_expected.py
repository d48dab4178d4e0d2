"""Whom the demo's own reckoning expects to hear, where a contact does not work."""

from datetime import UTC, datetime

import pytest

from local.demo.expected import Resident, expected

SQUARE = {"type": "Polygon", "coordinates": [[[0, 0], [2, 0], [2, 2], [0, 2], [0, 0]]]}
MAIL, SMS, CALL = ("email", "jan@burgernet.example"), ("sms", "+31612345678"), ("voice", "+31612345678")
CHANNELS = ("sms", "voice", "email")


@pytest.mark.parametrize(
    ("chosen", "failed", "given_up", "asked"),
    [
        ([MAIL], [], [], {MAIL}),
        ([MAIL, SMS], [], [MAIL], {SMS}),  # not tried any more
        ([MAIL, SMS], [SMS], [MAIL], {SMS, CALL}),  # nor when everything else failed
        ([MAIL], [], [MAIL], set()),
        ([SMS], [], [SMS], {CALL}),  # as who never got it, on what else there is
    ],
)
def test_a_contact_that_was_given_up_is_not_expected(chosen, failed, given_up, asked):
    jan = Resident(points=((1.0, 1.0),), contacts=dict(chosen))
    moment = datetime(2026, 11, 30, 12, tzinfo=UTC)
    found = expected([jan], SQUARE, CHANNELS, "robbery", moment, set(failed), set(given_up))
    assert found.asked == asked
