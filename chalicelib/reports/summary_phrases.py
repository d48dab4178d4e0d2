"""The sentences of a summary, in Dutch and English at level B1. What is in braces is filled in."""

from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.alerts.text import Language


@dataclass(frozen=True, kw_only=True)
class Phrases:
    """``asked``, ``helped``: by how often, where that changes the sentence; None: any other number."""

    title: str
    asked: Mapping[int | None, str]
    helped: Mapping[int | None, str]
    helped_once: Mapping[int, str]
    running: str
    more: str
    fewer: str
    as_many: str
    figures: str
    alerts: str
    open: str
    people_asked: str
    reached: str
    tips: str
    successes: str
    of: str
    too_few: str
    share: str
    participants: str
    per_thousand: str
    grew: str
    shrank: str
    stayed: str
    first_message: str
    last_message: str
    first_tip: str
    closing: str
    median: str
    cost: str
    cost_note: str
    by_category: str
    by_result: str
    by_contribution: str
    list: str
    latest: str
    line: str
    asked_there: str
    few_asked: str
    with_tips: Mapping[int | None, str]
    not_closed: str
    rest: str
    dashboard: str
    counted: str
    why: str


NL = Phrases(
    title="Burgernet in {place}: {period}",
    asked={
        0: "In {period} vroeg Burgernet in {place} niet om hulp.",
        1: "In {period} vroeg Burgernet in {place} één keer om hulp; {helped}.",
        None: "In {period} vroeg Burgernet in {place} {number} keer om hulp; {helped}.",
    },
    helped={
        0: "geen enkele keer hielp een deelnemer",
        1: "één keer hielp een deelnemer",
        None: "{number} keer hielp een deelnemer",
    },
    helped_once={0: "daarbij hielp geen deelnemer", 1: "daarbij hielp een deelnemer"},
    running="{period} is nog niet voorbij: dit zijn de cijfers tot nu toe.",
    more="meer dan in {period} ({number})",
    fewer="minder dan in {period} ({number})",
    as_many="evenveel als in {period}",
    figures="De cijfers",
    alerts="Oproepen",
    open="Nog niet afgesloten",
    people_asked="Mensen gevraagd",
    reached="Mensen bereikt",
    tips="Tips",
    successes="Spoedoproepen die goed afliepen",
    of="{number} van {total}",
    too_few="te weinig voor een percentage",
    share="{share} %, waarschijnlijk tussen {low} % en {high} %",
    participants="Deelnemers",
    per_thousand="{rate} per 1.000 inwoners",
    grew="{number} meer dan aan het begin",
    shrank="{number} minder dan aan het begin",
    stayed="evenveel als aan het begin",
    first_message="Tijd tot het eerste bericht",
    last_message="Tijd tot het laatste bericht",
    first_tip="Tijd tot de eerste tip",
    closing="Tijd tot het afsluiten",
    median="bij de helft van de oproepen korter",
    cost="Kosten",
    cost_note="van deze oproepen, tot nu toe",
    by_category="Waar het om ging",
    by_result="Hoe het afliep",
    by_contribution="Wat deelnemers deden",
    list="De oproepen",
    latest="De laatste {number} oproepen",
    line="{day}: {category}. {asked}{tips}. {end}.",
    asked_there="{number} mensen gevraagd",
    few_asked="minder dan 5 mensen gevraagd",
    with_tips={0: "", 1: ", 1 tip", None: ", {number} tips"},
    not_closed="Nog niet afgesloten",
    rest="Er waren er nog {number}. Die staan op het dashboard.",
    dashboard="Bekijk alles op het dashboard",
    counted="Oefeningen en tests tellen niet mee. Wie vaker gevraagd is, telt vaker mee.",
    why="Dit adres is bij Burgernet opgegeven voor deze e-mail. Wilt u hem niet meer? Vraag het de beheerder.",
)
EN = Phrases(
    title="Burgernet in {place}: {period}",
    asked={
        0: "In {period} Burgernet did not ask for help in {place}.",
        1: "In {period} Burgernet asked for help in {place} once; {helped}.",
        None: "In {period} Burgernet asked for help in {place} {number} times; {helped}.",
    },
    helped={
        0: "no participant helped",
        1: "once a participant helped",
        None: "{number} times a participant helped",
    },
    helped_once={0: "no participant helped", 1: "a participant helped"},
    running="{period} is not over yet: these are the figures so far.",
    more="more than in {period} ({number})",
    fewer="fewer than in {period} ({number})",
    as_many="as many as in {period}",
    figures="The figures",
    alerts="Alerts",
    open="Not closed yet",
    people_asked="People asked",
    reached="People reached",
    tips="Tips",
    successes="Urgent alerts that ended well",
    of="{number} of {total}",
    too_few="too few for a percentage",
    share="{share}%, probably between {low}% and {high}%",
    participants="Participants",
    per_thousand="{rate} per 1,000 inhabitants",
    grew="{number} more than at the beginning",
    shrank="{number} fewer than at the beginning",
    stayed="as many as at the beginning",
    first_message="Time to the first message",
    last_message="Time to the last message",
    first_tip="Time to the first tip",
    closing="Time to closing",
    median="shorter for half of the alerts",
    cost="Cost",
    cost_note="of these alerts, so far",
    by_category="What it was about",
    by_result="How it ended",
    by_contribution="What participants did",
    list="The alerts",
    latest="The latest {number} alerts",
    line="{day}: {category}. {asked}{tips}. {end}.",
    asked_there="{number} people asked",
    few_asked="fewer than 5 people asked",
    with_tips={0: "", 1: ", 1 tip", None: ", {number} tips"},
    not_closed="Not closed yet",
    rest="There were {number} more. You find them on the dashboard.",
    dashboard="See everything on the dashboard",
    counted="Exercises and tests do not count. Who was asked more often counts more often.",
    why="This address was given to Burgernet for this e-mail. Do you not want it any more? Ask the administrator.",
)
PHRASES: Mapping[Language, Phrases] = {Language.NL: NL, Language.EN: EN}


def by_number(choices: Mapping[int | None, str], number: int) -> str:
    return choices.get(number, choices[None])
