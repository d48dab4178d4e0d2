"""What every sign-up store promises."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.areas.model import Point
from chalicelib.participants.model import (
    ChannelChoice,
    Consent,
    Contact,
    ContactKind,
    Language,
    Place,
    PlaceKind,
    SignUp,
    Source,
)
from chalicelib.participants.store import DynamoSignUpStore
from chalicelib.participants.store_memory import MemorySignUpStore
from chalicelib.participants.wishes import Day, Hours, Topic
from chalicelib.platform.errors import NotFound, TooManyRequests

NOW = datetime(2026, 11, 23, 20, 15, tzinfo=UTC)
PHONE, EMAIL = ContactKind.PHONE, ContactKind.EMAIL
MONDAYS = Hours(frozenset({Day.MON}), 0, 0)
SIGN_UP = SignUp(
    id="0123456789abcdef",
    created_at=NOW,
    expires_at=NOW + timedelta(hours=24),
    codes_expire_at=NOW + timedelta(minutes=10),
    contacts=(Contact(EMAIL, "jan@example.org"), Contact(PHONE, "+31612345678")),
    places=(
        Place(PlaceKind.HOME, Point(5.0912345, 52.0298765), "BU03560101", "GM0356", "Marktplein 1, Nieuwegein"),
        Place(
            PlaceKind.WORK, Point(5.1212345, 52.0901234), "GM0344", "GM0344", hours=(Hours(frozenset({Day.MON}), 0, 0),)
        ),
    ),
    chosen=frozenset(ChannelChoice),
    language=Language.NL,
    consent=Consent("2026-01", NOW),
    source=Source.FACEBOOK,
    declined=frozenset({Topic.INQUIRY}),
    exercises=True,
)


@pytest.fixture
def store(backend):
    return MemorySignUpStore() if backend.name == "memory" else DynamoSignUpStore(backend.table("sign_ups"))


def test_a_sign_up_comes_back_as_it_was_added(store):
    by_mail = replace(SIGN_UP, id="1123456789abcdef", contacts=SIGN_UP.contacts[:1], chosen=frozenset({"email"}))
    store.add(SIGN_UP)
    store.add(by_mail)
    assert store.get(SIGN_UP.id) == SIGN_UP
    assert store.get(by_mail.id) == by_mail


def test_an_unknown_sign_up_is_not_found(store):
    with pytest.raises(NotFound, match="sign_up_not_found"):
        store.get("nobody")
    with pytest.raises(NotFound, match="sign_up_not_found"):
        store.take_try("nobody", PHONE, 5)


def test_a_contact_that_was_not_given_has_no_tries(store):
    store.add(replace(SIGN_UP, contacts=SIGN_UP.contacts[:1]))
    with pytest.raises(NotFound, match="sign_up_not_found"):
        store.take_try(SIGN_UP.id, PHONE, 5)


def test_tries_run_out_per_contact(store):
    store.add(SIGN_UP)
    for _ in range(5):
        assert store.take_try(SIGN_UP.id, PHONE, 5) == SIGN_UP
    with pytest.raises(TooManyRequests, match="verification_locked"):
        store.take_try(SIGN_UP.id, PHONE, 5)
    assert store.take_try(SIGN_UP.id, EMAIL, 5) == SIGN_UP


def test_tries_at_the_same_time_are_all_counted(store):
    store.add(SIGN_UP)

    def attempt(_):
        try:
            store.take_try(SIGN_UP.id, PHONE, 5)
        except TooManyRequests:
            return 0
        return 1

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(attempt, range(24))) == 5


def test_a_welcome_is_remembered(store):
    store.add(SIGN_UP)
    store.mark_welcomed(SIGN_UP.id)
    assert store.get(SIGN_UP.id) == replace(SIGN_UP, welcomed=True)


def test_what_comes_late_does_not_bring_a_sign_up_back(store):
    store.mark_welcomed("nobody")
    with pytest.raises(NotFound):
        store.get("nobody")
