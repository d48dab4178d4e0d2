"""What describes people is taken out of an alert after it has ended, and can still be proved."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.alerts import alert_codec, listing
from chalicelib.alerts.content import Category
from chalicelib.alerts.content_codec import digest, plain
from chalicelib.alerts.messages import UpdateType
from chalicelib.alerts.outcome import Contribution, Result
from chalicelib.alerts.states import State
from chalicelib.alerts.text import Text
from chalicelib.alerts.withdrawal import KEPT, TAKEN_OUT, proof, withdrawn, without_tips
from chalicelib.platform.errors import Conflict


@pytest.fixture
def closed(active, start):
    told = active().update(type=UpdateType.UPDATE, text=Text("Hij heet Jan."), by="anna", at=start)
    outcome = {"result": Result.SUSPECT_ARRESTED, "contribution": Contribution.DIRECT, "text": Text("Jan zit vast.")}
    return told.close(**outcome, by="anna", at=start + timedelta(hours=1))


@pytest.fixture
def start(draft):
    return draft().created_at


def said(alert):
    """What an alert says, but for its id: that has letters by chance."""
    return json.dumps(plain(alert), ensure_ascii=False).replace(alert.id, "")


def test_nothing_that_describes_anybody_is_left_and_all_figures_are(closed, start):
    later = start + timedelta(days=31)
    after = withdrawn(closed, later)
    assert (after.state, after.withdrawn_at, after.version) == (State.CLOSED, later, closed.version + 1)
    assert not any(word in said(after) for word in ("Jan", "jas", "D-123-BC", "Kerkstraat", "tas", "52.5"))
    for fact in ("category", "municipalities", "result", "contribution", "closed_at", "approved_by", "shape"):
        assert getattr(after, fact) == getattr(closed, fact)
    assert [update.text for update in after.updates] == [TAKEN_OUT]
    assert listing.summary_of(after).headline == TAKEN_OUT.nl
    assert listing.summary_of(after).ended_at == closed.closed_at
    assert alert_codec.read(alert_codec.written(after), after.content.target.packed) == after
    assert listing.read(listing.written(after)) == listing.summary_of(after)
    assert withdrawn(after, later) is after


def test_that_it_was_said_can_still_be_proved(closed, start):
    after = withdrawn(closed, start + timedelta(days=31))
    assert after.approved_digest == digest(closed.content)
    other = replace(closed, outcome_text=Text("Piet zit vast."))
    assert len({proof(closed), proof(other), proof(after)}) == 3


def test_a_forgotten_draft_is_cancelled_with_it(draft, start):
    after = withdrawn(draft(), start + timedelta(days=31))
    assert (after.state, after.ended_at) == (State.CANCELLED, start + timedelta(days=31))


def test_what_still_runs_keeps_its_description(active, approved, start):
    for alert in (active(), approved()):
        for moment in (start, alert.expires - timedelta(milliseconds=1)):
            with pytest.raises(Conflict, match="not_over"):
                withdrawn(alert, moment)
            with pytest.raises(Conflict, match="not_over"):
                without_tips(alert, moment)


def test_what_never_began_or_was_never_closed_says_nothing_of_anybody_either(active, approved):
    never_began = withdrawn(approved(), approved().expires)
    assert (never_began.state, never_began.cancelled_at) == (State.CANCELLED, approved().expires)
    never_closed = withdrawn(active(), active().expires)
    assert never_closed.state is State.ACTIVE
    assert "Kerkstraat" not in said(never_began) + said(never_closed)


def test_a_late_closing_is_withdrawn_in_its_own_time(active):
    late = withdrawn(active(), active().expires)
    outcome = {"result": Result.SUSPECT_ARRESTED, "contribution": Contribution.DIRECT, "text": Text("Jan zit vast.")}
    closed = late.close(**outcome, by="anna", at=late.changed_at + timedelta(days=40))
    assert not listing.summary_of(closed).withdrawn
    assert "Jan" not in said(withdrawn(closed, closed.changed_at + timedelta(days=40)))


def test_that_tips_are_gone_is_remembered_once(closed, start):
    after = without_tips(closed, start)
    assert listing.summary_of(after).tips_withdrawn
    assert without_tips(after, start) is after


def test_every_category_says_how_long_and_tips_are_never_kept_shorter():
    assert set(KEPT) == set(Category)
    assert all(kept.description <= kept.tips for kept in KEPT.values())


def test_the_history_holds_the_proof(service, store, closed):
    store.rows[closed.id] = alert_codec.written(closed), closed.content.target.packed
    service.withdraw(closed.id)
    service.withdraw(closed.id)
    (event,) = service.events(closed.id, after=None, limit=10)
    assert (event.type, event.by, event.facts) == ("withdrawn", "system", {"digest": proof(closed)})
