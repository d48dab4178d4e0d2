"""The words that ``advice`` looks for. Data: whoever knows a better word adds it here."""

import re
from collections.abc import Mapping

from chalicelib.alerts.text import Language


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


PLACEHOLDER = re.compile(r"\bX{2,}\b|\[[^\]]*\]|<[^>]*>|\bTODO\b|\bN\.?N\.?B\b|\?{2,}|\.\.\.|…", re.IGNORECASE)

ABBREVIATIONS: Mapping[Language, frozenset[str]] = {
    Language.NL: _words(
        "mnl vrl mnd vrw sgn sgnm omg gez wng lftd lft jr pers bgl evt ivm mbt tav tbv nav ogv dmv bijv vlgs "
        "circa ca nr kntkn ktk vrtg vtg mv moto schnr reg richt ri ong ongev onb bek ihb thv tgv tnv pd vd sh "
        "hva"
    ),
    Language.EN: _words("approx appx susp veh reg nr hgt yrs unk poss dob ic"),
}

# Written in capitals, up to five of them, and understood by everybody.
KNOWN_CAPITALS = _words("BMW VW MG DS KIA SEAT MINI SUV NS TV ID USB GPS EHBO HEMA ANWB OV NL EN SMS")

# In plain words what only the police says.
JARGON: Mapping[Language, Mapping[str, str]] = {
    Language.NL: {
        "aanhouding": "arrestatie, of: is opgepakt",
        "adresseren": "aanspreken",
        "bejegenen": "aanspreken",
        "betreft": "het gaat om",
        "betrokkene": "de man, de vrouw",
        "getint": "noem liever kleding of haar",
        "inrijdend": "reed naar",
        "kenmerken": "zo ziet hij of zij eruit",
        "middels": "met",
        "negroïde": "noem liever kleding of haar",
        "ontvreemd": "gestolen",
        "ontvreemding": "diefstal",
        "onderhavige": "deze",
        "signalement": "zo ziet hij of zij eruit",
        "subject": "de man, de vrouw",
        "teneinde": "om",
        "verbalisant": "agent",
        "verdachtes": "verdachten",
        "voornoemd": "deze",
        "voorts": "ook",
        "woonachtig": "woont",
    },
    Language.EN: {
        "apprehended": "arrested",
        "ascertain": "find out",
        "commence": "begin",
        "perpetrator": "suspect",
        "proceeding": "walking, driving",
        "utilise": "use",
        "vicinity": "near",
    },
}

# A name after a word that places it: in Sluisveen, bij de Kerkstraat.
PLACE = re.compile(
    r"\b(?:in|op|bij|aan|te|uit|vanaf|rond|richting|omgeving|nabij|naar|naast|langs|door|station|park)\s+"
    r"(?:de\s+|het\s+|'t\s+)?[A-ZÀ-Þ]\w+"
    r"|\b\w*(?:straat|laan|weg|plein|kade|gracht|dijk|singel|markt|park|dreef|hof|wijk)\b",
)

BY_DAY = _words(
    "vandaag gisteren vanochtend vanmorgen vanmiddag vanavond vannacht zojuist zonet net daarnet "
    "gisteravond nu maandag dinsdag woensdag donderdag vrijdag zaterdag zondag"
)

CAUTION = re.compile(
    r"benader|niet zelf|niet op af|afstand|grijp niet|spreek .{0,20}niet aan|houd .{0,20}niet (?:tegen|aan)",
    re.IGNORECASE,
)
