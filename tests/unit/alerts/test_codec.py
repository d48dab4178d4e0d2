"""What is stored is what was written."""

import random
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.alerts import alert_codec
from chalicelib.alerts.content_codec import digest
from chalicelib.alerts.descriptions import Build, Colour, Person, Sex, Vehicle, VehicleKind
from chalicelib.alerts.model import Alert
from chalicelib.alerts.outcome import Contribution, Result
from chalicelib.alerts.store import MAX_ROW_BYTES, size_of
from chalicelib.alerts.target import Target
from chalicelib.alerts.text import Text
from chalicelib.alerts.waves import Hold, Waves

TEXTS = st.builds(Text, st.text(max_size=40), st.none() | st.text(max_size=40))
SOME = st.none() | TEXTS
AGES = st.none() | st.integers(0, 120)
PERSONS = st.builds(
    Person,
    sex=st.none() | st.sampled_from(Sex),
    age_from=AGES,
    age_to=AGES,
    height_cm=st.none() | st.integers(30, 250),
    build=st.none() | st.sampled_from(Build),
    appearance=SOME,
    hair=SOME,
    clothing=SOME,
    distinguishing=SOME,
)
VEHICLES = st.builds(
    Vehicle,
    kind=st.none() | st.sampled_from(VehicleKind),
    make=st.none() | st.text(max_size=20),
    model=st.none() | st.text(max_size=20),
    colour=st.none() | st.sampled_from(Colour),
    plate=st.none() | st.text(max_size=12),
    direction=SOME,
)


def stored(alert):
    return alert_codec.read(alert_codec.written(alert), alert.content.target.packed)


@given(headline=TEXTS, persons=st.lists(PERSONS, max_size=3), vehicles=st.lists(VEHICLES, max_size=3))
def test_content_comes_back_as_it_was(draft, headline, persons, vehicles):
    alert = draft()
    content = type(alert.content)(
        **(vars(alert.content) | {"headline": headline, "persons": tuple(persons), "vehicles": tuple(vehicles)})
    )
    written = Alert(**(vars(alert) | {"content": content}))
    assert stored(written) == written
    assert digest(stored(written).content) == digest(content)


def test_a_whole_life_comes_back_as_it_was(active):
    alert = active()
    stopped = alert.stop(by="bram", at=alert.activated_at + timedelta(milliseconds=123))
    closed = stopped.close(
        result=Result.PROPERTY_RECOVERED,
        contribution=Contribution.INDIRECT,
        text=Text("Tas terug.", "Bag found."),
        by="anna",
        at=stopped.stopped_at,
    )
    assert stored(closed) == closed


def test_waves_come_back_as_they_were(active):
    alert = active(waves=Waves((300, 900), 7))
    held = alert.hold_waves(Hold.TIP, 2, at=alert.activated_at)
    begun = held.begin_wave(by_hand=True, at=alert.activated_at)
    assert [stored(one) for one in (alert, held, begun)] == [alert, held, begun]


def test_a_return_and_a_cancellation_come_back_as_they_were(approved):
    alert = approved()
    returned = alert.return_to_draft(reason="verkeerd gebied", at=alert.approved_at)
    cancelled = returned.stop(by="anna", at=alert.approved_at)
    assert stored(cancelled) == cancelled
    assert stored(cancelled).returned_reason == "verkeerd gebied"


def test_each_word_counts_in_the_digest(content):
    seen = {
        digest(content()),
        digest(content(headline=Text("Beroving", "Robbery"))),
        digest(content(call_number="112")),
        digest(content(channels=())),
        digest(content(persons=())),
        digest(content(target=Target.of({}, {}, ()))),
        digest(content(waves=Waves((500,), 5))),
        digest(content(waves=Waves((500,), 6))),
        digest(content(waves=Waves((501,), 6))),
    }
    assert len(seen) == 9


def test_the_largest_area_stays_far_below_a_row_of_400_kb(draft):
    rng = random.Random(7)
    ring = [[rng.uniform(3.2, 7.3), rng.uniform(50.7, 53.7)] for _ in range(2_001)]
    spec = {"geometry": {"type": "Polygon", "coordinates": [ring]}}
    shape = {"type": "MultiPolygon", "coordinates": [[ring]]}
    alert = draft(target=Target.of(spec, shape, ("GM9001",)))
    assert size_of(alert) < MAX_ROW_BYTES / 2
    assert stored(alert).shape == shape
    assert stored(alert).content.target.area == spec
