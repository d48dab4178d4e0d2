"""What no single field can know."""

from datetime import timedelta

import pytest

from chalicelib.alerts.cap import MsgType, Severity, Status, Urgency
from chalicelib.alerts.content import CATEGORIES, Category, Kind, Override, check
from chalicelib.alerts.descriptions import Person, Vehicle
from chalicelib.alerts.text import Text
from chalicelib.alerts.waves import Waves
from chalicelib.areas.model import Point
from chalicelib.channels.model import Channel
from chalicelib.platform.errors import InvalidInput


@pytest.fixture
def now(content):
    return content().incident_at + timedelta(minutes=10)


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"category": Category.FRAUD}, "category", "category_not_for_kind"),
        ({"msg_type": MsgType.CANCEL}, "msg_type", "needs_an_earlier_alert"),
        ({"headline": Text("Beroving")}, "headline.en", "translation_incomplete"),
        ({"persons": (Person(),)}, "persons.0", "description_empty"),
        ({"vehicles": (Vehicle(make="Vespa"), Vehicle())}, "vehicles.1", "description_empty"),
        ({"waves": Waves((500, 500), 5)}, "waves.radii_m", "radii_not_ascending"),
        ({"waves": Waves((500,), 5), "incident_point": None}, "incident_point", "waves_need_a_point"),
        ({"waves": Waves((500,), 5), "incident_point": Point(5.3, 52.5)}, "incident_point", "point_outside_area"),
        ({"waves": Waves((500, 900), 120)}, "waves.minutes", "waves_outlast_alert"),
        ({"persons": (Person(age_from=30, age_to=20),)}, "persons.0.age_to", "age_range_reversed"),
    ],
)
def test_a_defect_is_named(content, now, change, field, code):
    with pytest.raises(InvalidInput) as refused:
        check(content(**change), now, timedelta(hours=4))
    assert [(error.field, error.code) for error in refused.value.fields] == [(field, code)]
    assert refused.value.code == code


@pytest.mark.parametrize("kind", [Kind.INQUIRY, Kind.PREVENTION])
def test_what_is_not_urgent_never_goes_by_sms(content, now, kind):
    with pytest.raises(InvalidInput) as refused:
        check(content(kind=kind), now)
    assert refused.value.code == "sms_only_for_alerts"
    check(content(kind=kind, channels=(Channel.EMAIL,)), now)


@pytest.mark.parametrize(
    ("name", "delta", "code"),
    [
        ("expires", timedelta(0), "expires_in_past"),
        ("expires", timedelta(hours=22, milliseconds=1), "expires_too_far"),
        ("incident_at", timedelta(minutes=6), "incident_in_future"),
    ],
)
def test_times_lie_within_reason(content, now, name, delta, code):
    with pytest.raises(InvalidInput) as refused:
        check(content(**{name: now + delta}), now)
    assert refused.value.code == code


def test_the_last_moments_that_are_allowed(content, now):
    check(content(expires=now + timedelta(hours=22), incident_at=now + timedelta(minutes=5)), now)


def test_the_last_wave_begins_before_an_end_that_was_given(content, now):
    waves = Waves((500, 900), 10)
    check(content(waves=waves, expires=now + timedelta(minutes=21)), now, timedelta(hours=4))
    with pytest.raises(InvalidInput) as refused:
        check(content(waves=waves, expires=now + timedelta(minutes=20)), now, timedelta(hours=4))
    assert refused.value.code == "waves_outlast_alert"


def test_all_defects_are_named_at_once(content, now):
    with pytest.raises(InvalidInput) as refused:
        check(content(category=Category.OTHER, expires=now, persons=(Person(),)), now)
    assert refused.value.code == "invalid_fields"
    assert [error.code for error in refused.value.fields] == [
        "category_not_for_kind",
        "expires_in_past",
        "description_empty",
    ]


def test_urgent_alerts_have_the_urgent_categories():
    assert {category.value for category in CATEGORIES[Kind.ALERT]} == {
        "residential_burglary",
        "robbery",
        "hit_and_run",
        "missing_person",
        "missing_child",
        "other_urgent",
    }


LIFE = Override("kind van 6, het vriest")


@pytest.mark.parametrize(
    ("change", "allowed"),
    [
        ({"category": Category.MISSING_CHILD}, True),
        ({"urgency": Urgency.IMMEDIATE, "severity": Severity.EXTREME}, True),
        ({"urgency": Urgency.EXPECTED, "severity": Severity.EXTREME}, False),
        ({"urgency": Urgency.IMMEDIATE, "severity": Severity.SEVERE}, False),
        ({"kind": Kind.INQUIRY, "category": Category.MISSING_CHILD, "channels": (Channel.EMAIL,)}, False),
    ],
)
def test_only_where_life_is_at_stake_people_are_disturbed_whatever_the_hour(content, now, change, allowed):
    check(content(**change), now)
    overriding = content(**change, override=LIFE)
    assert overriding.occasion.overrides
    if allowed:
        check(overriding, now)
        return
    with pytest.raises(InvalidInput) as refused:
        check(overriding, now)
    assert refused.value.code == "override_not_life_threatening"


@pytest.mark.parametrize("status", [Status.EXERCISE, Status.TEST])
def test_an_exercise_wakes_nobody(content, now, status):
    with pytest.raises(InvalidInput) as refused:
        check(content(category=Category.MISSING_CHILD, status=status, override=LIFE), now)
    assert refused.value.code == "override_only_for_actual"
