"""Our own words in a call, by language; ``{number}`` is said digit by digit."""

from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.alerts.cap import Status
from chalicelib.alerts.text import Language


@dataclass(frozen=True, kw_only=True)
class SpokenPhrases:
    greeting: Mapping[Status, str]
    again: str
    ask: str
    more: str
    number_again: str


NL = SpokenPhrases(
    greeting={
        Status.ACTUAL: "Dit is een bericht van Burgernet.",
        Status.EXERCISE: "Dit is een oefening van Burgernet. U hoeft niets te doen.",
        Status.TEST: "Dit is een test van Burgernet. U hoeft niets te doen.",
    },
    again="Ik herhaal het bericht.",
    ask="Hebt u iets gezien? Bel {number}.",
    more="Wilt u meer weten? Bel {number}.",
    number_again="Nog een keer: {number}.",
)
EN = SpokenPhrases(
    greeting={
        Status.ACTUAL: "This is a message from Burgernet.",
        Status.EXERCISE: "This is an exercise of Burgernet. You do not have to do anything.",
        Status.TEST: "This is a test of Burgernet. You do not have to do anything.",
    },
    again="I repeat the message.",
    ask="Have you seen something? Call {number}.",
    more="Do you want to know more? Call {number}.",
    number_again="Once more: {number}.",
)

SPOKEN: Mapping[Language, SpokenPhrases] = {Language.NL: NL, Language.EN: EN}
