"""The call of an alert to who works on it: as it will be, marked, for nobody else, and not without end."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from chalicelib.alerts.cap import Status
from chalicelib.alerts.proofs import MOST, ProofMessage, Proofs, ProofSender, Ways
from chalicelib.alerts.reply import sample_url
from chalicelib.alerts.text import Language
from chalicelib.channels import speech
from chalicelib.channels.direct import DirectMail, DirectSms, DirectVoice
from chalicelib.channels.email import MemoryEmailSender
from chalicelib.channels.end_user_messaging import MemoryVoiceSender
from chalicelib.channels.model import Channel
from chalicelib.channels.sms import MemorySmsSender
from chalicelib.platform.batch import Record
from chalicelib.platform.counters import MemoryCounters
from chalicelib.platform.errors import Conflict, NotFound, TooManyRequests
from chalicelib.platform.queues import MemoryQueues, QueueName
from chalicelib.staff.accounts import Contacts, MemoryAccounts

URL = "https://burgernet.example"
OWN = Contacts("anna@control-room.example", "+31612345678")


@pytest.fixture
def accounts():
    return MemoryAccounts({"anna": OWN})


@pytest.fixture
def queues():
    return MemoryQueues()


@pytest.fixture
def proofs(service, accounts, queues, clock):
    return Proofs(service, accounts, queues, MemoryCounters(), clock)


class Out:
    """What one set of senders was given."""

    def __init__(self):
        self.sms, self.voice, self.email = MemorySmsSender(), MemoryVoiceSender(), MemoryEmailSender()
        self.ways = Ways(DirectSms(self.sms), DirectVoice(self.voice), DirectMail(self.email))

    def texts(self):
        """To whom and what, by channel."""
        return {
            "sms": self.sms.sent,
            "voice": [(call.phone, speech.as_text(call.said.ssml)) for call in self.voice.calls],
            "email": [(to.address, mail) for to, mail in self.email.sent],
        }


@pytest.fixture
def actual():
    return Out()


@pytest.fixture
def exercises():
    return Out()


@pytest.fixture
def sender(store, accounts, actual, exercises):
    return ProofSender(store, accounts, actual.ways, exercises.ways, sample_url(URL), URL)


@pytest.fixture
def deliver(queues, sender):
    """Send all that was asked for."""

    def deliver():
        for body in queues.take(QueueName.PROOFS):
            sender.send(Record("m", 1, datetime.now(UTC), ProofMessage.model_validate_json(json.dumps(body))))

    return deliver


def test_it_comes_on_each_channel_of_the_alert_that_the_account_has_a_contact_for(
    proofs, service, content, anna, actual, exercises, deliver
):
    alert = service.create(content(channels=tuple(Channel)), anna)
    preview = service.preview(alert)[Language.NL]
    assert proofs.ask(alert.id, anna, Language.NL) == [Channel.SMS, Channel.VOICE, Channel.EMAIL]
    deliver()
    ((phone, sms),) = actual.texts()["sms"]
    assert (phone, sms) == (OWN.phone, f"PROEF {preview.sms}")
    ((phone, said),) = actual.texts()["voice"]
    assert (phone, said) == (OWN.phone, f"Dit is een proef. Alleen u krijgt dit bericht. {preview.voice}")
    ((address, mail),) = actual.texts()["email"]
    assert (address, mail.subject) == (OWN.email, f"PROEF {preview.email_subject}")
    assert mail.text.startswith("PROEF: Dit is een proef. Alleen u krijgt dit bericht.")
    assert "Dit is een proef." in mail.html
    assert exercises.texts() == {"sms": [], "voice": [], "email": []}


def test_of_an_exercise_it_comes_from_where_exercises_come_from(
    proofs, service, content, anna, actual, exercises, deliver
):
    alert = service.create(content(status=Status.EXERCISE), anna)
    proofs.ask(alert.id, anna, Language.EN)
    deliver()
    ((_, sms),) = exercises.texts()["sms"]
    assert sms.startswith("PROOF EXERCISE BURGERNET")
    assert actual.texts() == {"sms": [], "voice": [], "email": []}


def test_it_changes_and_counts_nothing(proofs, service, store, content, anna, deliver):
    alert = service.create(content(), anna)
    proofs.ask(alert.id, anna, Language.NL)
    deliver()
    assert store.get(alert.id) == alert
    assert [event.type for event in service.events(alert.id, after=None, limit=50)] == ["created"]


def test_the_queue_knows_a_name_and_no_contact(proofs, service, content, anna, queues):
    proofs.ask(service.create(content(), anna).id, anna, Language.NL)
    bodies = " ".join(map(str, queues.take(QueueName.PROOFS)))
    assert "anna" in bodies
    assert OWN.phone not in bodies
    assert OWN.email not in bodies


def test_without_a_contact_that_was_proved_there_is_none(proofs, service, content, anna, accounts):
    alert = service.create(content(), anna)
    accounts.kept["anna"] = Contacts(email=OWN.email)
    assert proofs.ask(alert.id, anna, Language.NL) == [Channel.EMAIL]
    accounts.kept.clear()
    with pytest.raises(Conflict) as refused:
        proofs.ask(alert.id, anna, Language.NL)
    assert refused.value.code == "no_own_contact"


def test_a_contact_that_is_taken_away_meanwhile_gets_nothing(proofs, service, content, anna, accounts, actual, deliver):
    proofs.ask(service.create(content(), anna).id, anna, Language.NL)
    accounts.kept.clear()
    deliver()
    assert actual.texts() == {"sms": [], "voice": [], "email": []}


def test_once_an_alert_is_cancelled_there_is_nothing_to_prove(proofs, service, content, anna):
    alert = service.create(content(), anna)
    service.stop(alert.id, anna)
    with pytest.raises(Conflict) as refused:
        proofs.ask(alert.id, anna, Language.NL)
    assert refused.value.code == "wrong_state"


def test_who_does_not_see_an_alert_gets_no_proof_of_it(proofs, service, content, anna, accounts, organisations):
    alert = service.create(content(), anna)
    organisations.put(replace(organisations.find("MK90"), id="MK91"))
    stranger = replace(anna, user="eva", tenant="MK91")
    accounts.kept["eva"] = OWN
    with pytest.raises(NotFound):
        proofs.ask(alert.id, stranger, Language.NL)


def test_nobody_has_themselves_written_to_without_end(proofs, service, content, anna):
    alert = service.create(content(), anna)
    for _ in range(MOST):
        proofs.ask(alert.id, anna, Language.NL)
    with pytest.raises(TooManyRequests) as refused:
        proofs.ask(alert.id, anna, Language.NL)
    assert refused.value.code == "too_many_proofs"
