"""The table of what is kept is that of the documents, and knows every table there is."""

import re
from datetime import timedelta

import pytest

from chalicelib.alerts.approval import APPROVED_WITHIN
from chalicelib.alerts.content import MAX_LIFE
from chalicelib.canary import store as canaries
from chalicelib.participants.consents import CURRENT
from chalicelib.platform.settings import TABLES
from chalicelib.privacy import retention
from chalicelib.privacy.retention import BACKUPS, CANARIES, DEAD_LETTERS, MAILED, QUEUES, RECORDINGS, ROOT, RULES, By
from chalicelib.reports import store as reports
from infra import template
from infra.tables import time_to_live


def test_the_documents_are_written_from_the_table():
    hint = "python -m chalicelib.privacy.retention"
    text = retention.DOCUMENT.read_text(encoding="utf-8")
    assert retention.table() in text, hint
    assert retention.document(text) == text, hint
    assert retention.NUMBERS.read_text(encoding="utf-8") == retention.numbers(), hint


def test_every_table_has_its_rules():
    assert {rule.where for rule in RULES} >= set(TABLES)


@pytest.mark.parametrize("table", TABLES)
def test_what_ends_by_itself_does_so_in_the_template(table):
    ends = any(rule.by is By.TTL for rule in RULES if rule.where == table)
    assert (time_to_live(table) is not None) == ends


def test_queues_forget_as_the_table_says():
    assert (QUEUES.total_seconds(), DEAD_LETTERS.total_seconds()) == (template.FOUR_DAYS_S, template.FOURTEEN_DAYS_S)
    assert BACKUPS.days == 35


def test_a_recording_outlives_every_call_that_may_play_it():
    (rule,) = template.merge_template()["Resources"]["RecordingsBucket"]["Properties"]["LifecycleConfiguration"][
        "Rules"
    ]
    assert rule["ExpirationInDays"] == RECORDINGS.days
    # It is uploaded to a draft, and its alert is approved and over within a time that no setting makes longer.
    assert APPROVED_WITHIN + MAX_LIFE + timedelta(days=1) <= RECORDINGS


def test_canaries_forget_as_the_table_says():
    assert CANARIES == canaries.KEPT


def test_the_marks_of_summaries_are_kept_as_the_table_says():
    assert MAILED == reports.KEPT


def test_the_sign_up_page_asks_for_the_consent_that_counts():
    page = (ROOT / "web" / "js" / "consent.js").read_text(encoding="utf-8")
    assert re.search(r'CONSENT_VERSION = "([^"]+)"', page)[1] == CURRENT
