"""After closing: the mail to municipality, police team and control room, with figures of the real ledger."""

from dataclasses import replace

import pytest

from chalicelib.staff.model import Kind, Organisation
from local.scenarios import BURGLARY
from local.town.names import FABELSTAD
from tests.integration.test_story import INSIDE, send, sign_up

DESK, TEAM, COUNCIL = "desk@burgernet.example", "team@burgernet.example", "gm9001@burgernet.example"
STAFF = (DESK, TEAM, COUNCIL)


@pytest.fixture
def closed(product, token):
    """An alert that three people got, closed; whether it was meant."""
    for number in range(3):
        sign_up(product, INSIDE[number : number + 1], phone=f"+3162345678{number}", exercises=True)
    organisations = product.system.parts.organisations
    organisations.put(replace(organisations.find("MK90"), mailboxes=(DESK,)))
    organisations.put(Organisation("T1", Kind.POLICE_TEAM, "Team", (FABELSTAD.code,), mailboxes=(TEAM,)))

    def closed(status="Actual"):
        alert = send(product, token, replace(BURGLARY, alert=BURGLARY.alert | {"status": status}))
        product.settle()
        path = f"/alerts/{alert['id']}/close"
        product.request("POST", path, BURGLARY.closing, token=token("dispatcher", "anna"))
        product.settle()
        return alert

    return closed


def ended(product):
    return {to.address: mail for to, mail in product.email.sent if to.address in STAFF}


def test_who_was_touched_by_an_alert_reads_how_it_ended(product, closed):
    alert = closed()
    found = ended(product)
    assert set(found) == set(STAFF)
    assert [to.address for to, _ in product.email.sent if to.address in STAFF] == list(STAFF)
    mail = found[COUNCIL]
    assert mail.subject == "Burgernet: woninginbraak in Fabelstad is afgesloten"
    for said in (alert["id"], "Mensen gevraagd: minder dan 5", "Afloop: Verdachte aangehouden", "Kosten tot nu toe: €"):
        assert said in mail.text
    assert f"/console#/alerts/{alert['id']}" in found[DESK].html


def test_of_an_exercise_nobody_does(product, closed):
    closed("Exercise")
    assert ended(product) == {}
