"""The sentences of the mail after closing, in Dutch and English at level B1. What is in braces is filled in."""

from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.alerts.content import Kind
from chalicelib.alerts.text import Language


@dataclass(frozen=True, kw_only=True)
class Phrases:
    title: str
    late_title: str
    places_and: str
    places_more: str
    asked: Mapping[Kind, str]
    unknown: str
    late: str
    add_it: str
    figures: str
    number: str
    people_asked: str
    reached: str
    few: str
    tips: str
    result: str
    contribution: str
    first_message: str
    last_message: str
    first_tip: str
    closing: str
    cost: str
    cost_note: str
    by_municipality: str
    there: str
    few_there: str
    more_there: str
    console: str
    dashboard: str
    may_change: str
    why: str


NL = Phrases(
    title="Burgernet: {category} in {places} is afgesloten",
    late_title="Burgernet: de afloop van {category} in {places} is nu bekend",
    places_and="{places} en {last}",
    places_more="{places} en {number} andere gemeenten",
    asked={
        Kind.ALERT: "Op {day} om {time} uur vroeg Burgernet {people} om uit te kijken.",
        Kind.INQUIRY: "Op {day} om {time} uur vroeg Burgernet {people} wat zij hadden gezien.",
        Kind.PREVENTION: "Op {day} om {time} uur gaf Burgernet advies aan {people}.",
    },
    unknown="Niemand heeft gemeld hoe het afliep. Burgernet sloot de oproep daarom zelf af.",
    late="Eerst wist Burgernet niet hoe het afliep. Nu wel:",
    add_it="Weet u hoe het afliep? Vul het in bij de oproep. Binnen {days} dagen horen de deelnemers het dan ook.",
    figures="De oproep in cijfers",
    number="Nummer",
    people_asked="Mensen gevraagd",
    reached="Mensen bereikt",
    few="minder dan 5",
    tips="Tips",
    result="Afloop",
    contribution="Deelnemers",
    first_message="Eerste bericht na",
    last_message="Laatste bericht na",
    first_tip="Eerste tip na",
    closing="Afgesloten na",
    cost="Kosten tot nu toe",
    cost_note="het bericht over de afloop komt er nog bij",
    by_municipality="Kosten per gemeente",
    there="{number} mensen gevraagd",
    few_there="minder dan 5 mensen gevraagd",
    more_there="De oproep kwam ook in andere gemeenten: {number}.",
    console="Open de oproep",
    dashboard="Bekijk het dashboard",
    may_change="Dit zijn de cijfers van nu. Er kunnen nog tips en ontvangstmeldingen bij komen.",
    why="Dit adres is bij Burgernet opgegeven voor deze e-mail. Wilt u hem niet meer? Vraag het de beheerder.",
)
EN = Phrases(
    title="Burgernet: {category} in {places} is closed",
    late_title="Burgernet: the outcome of {category} in {places} is now known",
    places_and="{places} and {last}",
    places_more="{places} and {number} other municipalities",
    asked={
        Kind.ALERT: "On {day} at {time} Burgernet asked {people} to look out.",
        Kind.INQUIRY: "On {day} at {time} Burgernet asked {people} what they had seen.",
        Kind.PREVENTION: "On {day} at {time} Burgernet gave advice to {people}.",
    },
    unknown="Nobody reported how it ended. So Burgernet closed the alert by itself.",
    late="At first Burgernet did not know how it ended. Now it does:",
    add_it="Do you know how it ended? Fill it in with the alert. Within {days} days participants hear it too.",
    figures="The alert in figures",
    number="Number",
    people_asked="People asked",
    reached="People reached",
    few="fewer than 5",
    tips="Tips",
    result="Outcome",
    contribution="Participants",
    first_message="First message after",
    last_message="Last message after",
    first_tip="First tip after",
    closing="Closed after",
    cost="Cost so far",
    cost_note="the message about the outcome will be added",
    by_municipality="Cost by municipality",
    there="{number} people asked",
    few_there="fewer than 5 people asked",
    more_there="The alert came to other municipalities too: {number}.",
    console="Open the alert",
    dashboard="See the dashboard",
    may_change="These are the figures of now. Tips and receipts may still come in.",
    why="This address was given to Burgernet for this e-mail. Do you not want it any more? Ask the administrator.",
)
PHRASES: Mapping[Language, Phrases] = {Language.NL: NL, Language.EN: EN}
