"""It closed by itself, and afterwards somebody knows how it ended: said once, and heard while it is news."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.alerts import alert_codec, spoken, wording
from chalicelib.alerts.cap import Scope
from chalicelib.alerts.content import Category, Kind
from chalicelib.alerts.handover import Outbox, handed_over
from chalicelib.alerts.late_outcome import TOLD_WITHIN, before_it_was_known, is_told, told_until, with_outcome
from chalicelib.alerts.messages import LATE_OUTCOME, MessageKind
from chalicelib.alerts.outcome import Contribution, Result, results
from chalicelib.alerts.public_post import post
from chalicelib.alerts.reminders import Patience, Step
from chalicelib.alerts.text import Language, Text
from chalicelib.alerts.withdrawal import KEPT, withdrawn
from chalicelib.channels.model import Channel
from chalicelib.channels.social import ROOM, Network
from chalicelib.platform.errors import Conflict, InvalidInput
from tests.unit.alerts.conftest import SEEN

FOUND = {"result": Result.SUSPECT_ARRESTED, "contribution": Contribution.DIRECT, "text": None}
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TICK = timedelta(milliseconds=1)
ADVICE = {"kind": Kind.PREVENTION, "category": Category.FRAUD, "channels": (Channel.EMAIL,)}
LINK = "https://burgernet.example/t/0"


@pytest.fixture(scope="session")
def unanswered(active):
    def unanswered(**changes):
        alert = active(**changes)
        return alert.close_unanswered(at=alert.activated_at + DAY)

    return unanswered


def known(alert, after=HOUR, by="anna", **changes):
    return with_outcome(alert, **(FOUND | changes), by=by, at=alert.closed_at + after)


def test_it_is_known_from_then_on_and_stays_closed_since_when_it_was(unanswered):
    before = unanswered()
    after = known(before)
    assert (after.result, after.contribution) == (Result.SUSPECT_ARRESTED, Contribution.DIRECT)
    assert (after.outcome_at, after.outcome_by) == (before.closed_at + HOUR, "anna")
    assert (after.state, after.closed_at, after.closed_by) == (before.state, before.closed_at, "system")
    assert after.messages == ("call", "outcome", "outcome-late")
    assert before.messages == ("call", "outcome")
    assert alert_codec.read(alert_codec.written(after), after.content.target.packed) == after


def test_the_same_again_changes_nothing_and_another_is_refused(unanswered):
    after = known(unanswered())
    assert known(after, after=2 * HOUR, by="bram") is after
    with pytest.raises(Conflict) as refused:
        known(after, result=Result.NONE)
    assert refused.value.code == "already_closed"


def test_what_somebody_closed_is_known_already(active):
    closed = active().close(**FOUND, by="anna", at=active().expires)
    for change in ({}, {"result": Result.NONE}):
        with pytest.raises(Conflict) as refused:
            known(closed, **change)
        assert refused.value.code == "already_closed"


@given(result=st.sampled_from(Result), contribution=st.sampled_from(Contribution), category=st.sampled_from(Category))
def test_only_what_a_closing_may_say(unanswered, result, contribution, category):
    kind = Kind.PREVENTION if category is Category.FRAUD else Kind.ALERT
    before = replace(unanswered(), content=replace(unanswered().content, category=category, kind=kind))
    possible = result in results(kind, category) and contribution is not Contribution.UNKNOWN
    text = Text("Hij is thuis.") if result is Result.OTHER and kind is not Kind.PREVENTION else None
    try:
        after = known(before, result=result, contribution=contribution, text=text)
    except InvalidInput:
        assert not possible
    else:
        assert possible
        assert (after.result, after.contribution) == (result, contribution)


@pytest.mark.parametrize(("after", "told"), [(TICK, True), (TOLD_WITHIN - TICK, True), (TOLD_WITHIN, False)])
def test_people_hear_it_within_six_days(unanswered, after, told):
    before = unanswered()
    assert told_until(before) == before.closed_at + TOLD_WITHIN
    now_known = known(before, after)
    assert is_told(now_known) is told
    assert handed_over(before, now_known) == (Outbox(LATE_OUTCOME, now_known.outcome_at) if told else None)


def test_for_as_long_its_words_are_there():
    assert all(kept.description > TOLD_WITHIN for kept in KEPT.values())


def test_who_heard_nothing_of_its_closing_hears_nothing_of_this(active):
    silent = active().close_unanswered(at=active().activated_at + 9 * DAY)
    assert told_until(silent) is None
    assert handed_over(silent, known(silent)) is None


def test_of_advice_there_is_nothing_to_tell(unanswered):
    assert told_until(unanswered(**ADVICE)) is None


def test_a_sentence_is_kept_only_where_somebody_hears_it(unanswered):
    text = Text("Hij is in Utrecht gepakt.", "He was caught in Utrecht.")
    assert known(unanswered(), text=text).outcome_text == text
    with pytest.raises(InvalidInput) as refused:
        known(unanswered(), TOLD_WITHIN, text=text)
    assert [problem.code for problem in refused.value.fields] == ["text_not_told"]


def test_that_it_merely_ended_they_have_heard_already(unanswered):
    with pytest.raises(InvalidInput) as refused:
        known(unanswered(), result=Result.OTHER)
    assert [problem.code for problem in refused.value.fields] == ["outcome_text_missing"]
    assert known(unanswered(), TOLD_WITHIN, result=Result.OTHER).result is Result.OTHER


def test_its_sentence_goes_when_its_other_words_go(unanswered):
    after = known(unanswered(), text=Text("Hij is gepakt."))
    assert withdrawn(after, after.closed_at + 30 * DAY).outcome_text is None
    late = known(withdrawn(unanswered(), unanswered().closed_at + 30 * DAY), 300 * DAY)
    assert (late.result, late.withdrawn_at is None) == (Result.SUSPECT_ARRESTED, False)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (Language.NL, "Nu weten wij hoe het is afgelopen. De verdachte is aangehouden."),
        (Language.EN, "Now we know how it turned out. The suspect has been arrested."),
    ],
)
def test_every_channel_says_that_it_is_known_now(unanswered, language, said):
    after = known(unanswered())
    mail = wording.email(after, LATE_OUTCOME, language, LINK, LINK)
    assert said in wording.sms(after, LATE_OUTCOME, language, LINK)
    assert said in mail.text
    assert said in mail.html
    assert said.split(". ")[0] in "\n".join(wording.push(after, LATE_OUTCOME, language))
    assert said.split(". ")[0] in spoken.voice(after, LATE_OUTCOME, language)
    assert wording.subject(after, LATE_OUTCOME, language) == wording.subject(after, MessageKind.OUTCOME, language)


def test_the_post_that_nobody_knew_keeps_its_words(unanswered):
    before = unanswered(scope=Scope.PUBLIC)
    after = known(before)
    for network in Network:
        told = post(before, "outcome", "Sluisveen", ROOM[network])
        assert "weten wij niet" in told
        assert post(after, "outcome", "Sluisveen", ROOM[network]) == told
        assert "Nu weten wij hoe het is afgelopen." in post(after, "outcome-late", "Sluisveen", ROOM[network])
    assert before_it_was_known(before) is before


@pytest.fixture
def left_open(service, store, content, anna, bram, clock):
    draft = service.create(content(), anna)
    submitted = service.submit(draft.id, anna)
    service.approve(draft.id, bram, submitted.version, SEEN)
    clock.advance(seconds=10)
    service.begin(draft.id)
    clock.advance(days=1)
    service.take_step(draft.id, Step.CLOSE, Patience(HOUR, HOUR, DAY))
    return draft.id


def outcome(service, alert_id, member, **changes):
    return service.add_outcome(alert_id, member, **(FOUND | changes))


def test_it_is_written_with_its_event_and_starts_the_message(service, store, left_open, anna, clock):
    clock.advance(hours=3)
    after = outcome(service, left_open, anna)
    assert outcome(service, left_open, anna) == after
    assert store.outbox[left_open, LATE_OUTCOME] == Outbox(LATE_OUTCOME, clock.now())
    history = service.events(left_open, after=None, limit=20)
    added = [event for event in history if event.type == "outcome_added"]
    assert [(it.by, it.at, it.facts) for it in added] == [
        ("anna", clock.now(), {"result": "suspect_arrested", "contribution": "direct", "told": "yes"})
    ]


def test_too_late_to_be_told_it_still_counts(service, store, left_open, anna, clock):
    clock.advance(days=200)
    assert outcome(service, left_open, anna).result is Result.SUSPECT_ARRESTED
    assert (left_open, LATE_OUTCOME) not in store.outbox
    *_, added = service.events(left_open, after=None, limit=20)
    assert added.facts["told"] == "no"


def test_what_takes_too_many_sms_is_refused(service, store, left_open, anna):
    with pytest.raises(InvalidInput) as refused:
        outcome(service, left_open, anna, text=Text("日" * 700))
    assert [(problem.field, problem.code) for problem in refused.value.fields] == [("text", "sms_too_long")]
    assert (left_open, LATE_OUTCOME) not in store.outbox
