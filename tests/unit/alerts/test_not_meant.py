"""The first words of every message say whether it is meant, on every channel and in both languages."""

from datetime import timedelta
from itertools import product

import pytest

from chalicelib.alerts import spoken, wording
from chalicelib.alerts.cap import Status
from chalicelib.alerts.messages import UpdateType
from chalicelib.alerts.notification import notification
from chalicelib.alerts.outcome import Contribution, Result
from chalicelib.alerts.text import Language, Text
from chalicelib.channels import speech

LINK = "https://burgernet.example/t/0"
WRITTEN = {
    (Status.ACTUAL, Language.NL): "BURGERNET",
    (Status.ACTUAL, Language.EN): "BURGERNET",
    (Status.EXERCISE, Language.NL): "OEFENING BURGERNET",
    (Status.EXERCISE, Language.EN): "EXERCISE BURGERNET",
    (Status.TEST, Language.NL): "TEST BURGERNET",
    (Status.TEST, Language.EN): "TEST BURGERNET",
}
SAID = {
    (Status.ACTUAL, Language.NL): "Dit is een bericht van Burgernet.",
    (Status.ACTUAL, Language.EN): "This is a message from Burgernet.",
    (Status.EXERCISE, Language.NL): "Dit is een oefening van Burgernet. U hoeft niets te doen.",
    (Status.EXERCISE, Language.EN): "This is an exercise of Burgernet. You do not have to do anything.",
    (Status.TEST, Language.NL): "Dit is een test van Burgernet. U hoeft niets te doen.",
    (Status.TEST, Language.EN): "This is a test of Burgernet. You do not have to do anything.",
}


@pytest.mark.parametrize(
    ("status", "message", "language"), list(product(Status, ("call", "update-1", "update-2", "outcome"), Language))
)
def test_the_first_words_say_whether_it_is_meant(active, status, message, language):
    alert = active(status=status)
    at = alert.activated_at
    for type_ in (UpdateType.UPDATE, UpdateType.CORRECTION):
        at += timedelta(minutes=1)
        alert = alert.update(type=type_, text=Text("Zij is terug."), by="anna", at=at)
    if message == "outcome":
        alert = alert.close(result=Result.OTHER, contribution=Contribution.NONE, text=None, by="anna", at=at)
    first, mail = WRITTEN[status, language], wording.email(alert, message, language, LINK, LINK)
    for text in (
        wording.sms(alert, message, language, LINK),
        mail.subject,
        notification(alert, message, language).title,
    ):
        assert text.startswith((f"{first}: ", f"{first} (text in Dutch): "))
    assert speech.as_text(spoken.voice(alert, message, language)).startswith(SAID[status, language])
    if status is not Status.ACTUAL:
        assert mail.text.startswith(f"{first}: ")
        assert f"{first}: " in mail.html
    assert (alert.colour, alert.note is None) == (
        {Status.ACTUAL: "red", Status.EXERCISE: "blue", Status.TEST: "grey"}[status],
        status is Status.ACTUAL,
    )
