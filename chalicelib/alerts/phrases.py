"""Our own words in the messages, by language. Kept inside GSM-7, so that they never make an SMS dearer."""

from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.alerts.cap import Status
from chalicelib.alerts.content import Kind
from chalicelib.alerts.descriptions import Build, Colour, Sex, VehicleKind
from chalicelib.alerts.messages import UpdateType
from chalicelib.alerts.outcome import Contribution, Result
from chalicelib.alerts.text import Language


@dataclass(frozen=True, kw_only=True)
class Phrases:
    prefix: Mapping[Status, str]
    not_meant: Mapping[Status, str]
    in_dutch: str
    dutch_only: str
    adult: Mapping[Sex | None, str]
    child: Mapping[Sex | None, str]
    age_between: str
    age_exact: str
    age_from: str
    age_to: str
    height: str
    build: Mapping[Build, str]
    vehicle: Mapping[VehicleKind | None, str]
    colour: Mapping[Colour, str]
    plate: str
    direction: str
    description: str
    call: str
    reply: str
    reply_and_photo: str
    photo: str
    look: str
    more: str
    update: Mapping[UpdateType, str]
    outcome: str
    event: Mapping[Kind, str]
    ended: Mapping[Kind, str]
    result: Mapping[Result, str]
    contribution: Mapping[Contribution, str]
    tips_without_result: str
    known_now: str
    thanks: str
    subject: Mapping[Kind, str]
    when: str
    time: str
    asked: Mapping[Kind, str]
    button: Mapping[Kind, str]
    area: str
    outcome_button: str
    emergency: str
    why: str
    manage: str


NL = Phrases(
    prefix={
        Status.ACTUAL: "BURGERNET",
        Status.EXERCISE: "OEFENING BURGERNET",
        Status.TEST: "TEST BURGERNET",
    },
    not_meant={
        Status.EXERCISE: "Dit is een oefening. U hoeft niets te doen.",
        Status.TEST: "Dit is een test. U hoeft niets te doen.",
    },
    in_dutch="",
    dutch_only="",
    adult={Sex.MALE: "man", Sex.FEMALE: "vrouw", None: "persoon"},
    child={Sex.MALE: "jongen", Sex.FEMALE: "meisje", None: "kind"},
    age_between="{low}-{high} jaar",
    age_exact="{low} jaar",
    age_from="{low} jaar of ouder",
    age_to="tot en met {high} jaar",
    height="{height} cm",
    build={Build.SLIM: "slank", Build.AVERAGE: "normaal postuur", Build.MUSCULAR: "gespierd", Build.HEAVY: "stevig"},
    vehicle={
        VehicleKind.CAR: "auto",
        VehicleKind.VAN: "bestelbus",
        VehicleKind.TRUCK: "vrachtwagen",
        VehicleKind.MOTORCYCLE: "motor",
        VehicleKind.SCOOTER: "scooter",
        VehicleKind.BICYCLE: "fiets",
        VehicleKind.OTHER: "voertuig",
        None: "voertuig",
    },
    colour={
        Colour.BLACK: "zwart",
        Colour.WHITE: "wit",
        Colour.GREY: "grijs",
        Colour.SILVER: "zilver",
        Colour.BLUE: "blauw",
        Colour.RED: "rood",
        Colour.GREEN: "groen",
        Colour.YELLOW: "geel",
        Colour.ORANGE: "oranje",
        Colour.BROWN: "bruin",
        Colour.BEIGE: "beige",
        Colour.PURPLE: "paars",
        Colour.PINK: "roze",
    },
    plate="kenteken {plate}",
    direction="richting {direction}",
    description="Signalement",
    call="Bel {number}.",
    reply="Iets gezien?",
    reply_and_photo="Foto en reageren:",
    photo="Foto",
    look="Bekijk de foto",
    more="Meer:",
    update={UpdateType.UPDATE: "Update", UpdateType.CORRECTION: "Correctie"},
    outcome="Afloop",
    event={Kind.ALERT: "Burgernetactie", Kind.INQUIRY: "Buurtonderzoek", Kind.PREVENTION: "Waarschuwing"},
    ended={
        Kind.ALERT: "Deze oproep is afgerond",
        Kind.INQUIRY: "Dit buurtonderzoek is afgerond",
        Kind.PREVENTION: "Deze actie is afgerond",
    },
    result={
        Result.SUSPECT_ARRESTED: "De verdachte is aangehouden.",
        Result.MISSING_PERSON_FOUND: "De vermiste is gevonden.",
        Result.PROPERTY_RECOVERED: "De gestolen spullen zijn terug.",
        Result.OTHER: "{ended}.",
        Result.NONE: "{ended}, helaas zonder resultaat.",
        Result.UNKNOWN: "{ended}. Hoe het is afgelopen, weten wij niet.",
    },
    contribution={
        Contribution.DIRECT: "Een tip van een deelnemer gaf de doorslag.",
        Contribution.INDIRECT: "Tips van deelnemers hielpen daarbij.",
        Contribution.NONE: "",
        Contribution.UNKNOWN: "",
    },
    tips_without_result="Deelnemers gaven wel tips.",
    known_now="Nu weten wij hoe het is afgelopen.",
    thanks="Bedankt voor uw hulp.",
    subject={Kind.ALERT: "{headline}", Kind.INQUIRY: "buurtonderzoek: {headline}", Kind.PREVENTION: "{headline}"},
    when="Wanneer",
    time="%d-%m-%Y om %H:%M uur",
    asked={
        Kind.ALERT: "Hebt u iets gezien? Laat het weten. U hoeft niet in te loggen.",
        Kind.INQUIRY: "Hebt u iets gezien, of staat er iets op uw camera? Laat het weten. U hoeft niet in te loggen.",
        Kind.PREVENTION: "Hebt u een vraag of een tip? Laat het weten. U hoeft niet in te loggen.",
    },
    button={Kind.ALERT: "Ik heb iets gezien", Kind.INQUIRY: "Ik weet iets", Kind.PREVENTION: "Reageren"},
    area="Bekijk het gebied",
    outcome_button="Lees meer",
    emergency="Spoed? Bel 112. Geen spoed, maar wel informatie? Bel {number}.",
    why="U krijgt deze e-mail omdat u deelneemt aan Burgernet met een adres in of bij dit gebied.",
    manage="Gegevens wijzigen of stoppen",
)

EN = Phrases(
    prefix={
        Status.ACTUAL: "BURGERNET",
        Status.EXERCISE: "EXERCISE BURGERNET",
        Status.TEST: "TEST BURGERNET",
    },
    not_meant={
        Status.EXERCISE: "This is an exercise. You do not have to do anything.",
        Status.TEST: "This is a test. You do not have to do anything.",
    },
    in_dutch="(text in Dutch)",
    dutch_only="There is no English version of this message. The text of the police is in Dutch.",
    adult={Sex.MALE: "man", Sex.FEMALE: "woman", None: "person"},
    child={Sex.MALE: "boy", Sex.FEMALE: "girl", None: "child"},
    age_between="aged {low}-{high}",
    age_exact="aged {low}",
    age_from="aged {low} or older",
    age_to="aged {high} or younger",
    height="{height} cm",
    build={
        Build.SLIM: "slim",
        Build.AVERAGE: "average build",
        Build.MUSCULAR: "muscular",
        Build.HEAVY: "heavy build",
    },
    vehicle={
        VehicleKind.CAR: "car",
        VehicleKind.VAN: "van",
        VehicleKind.TRUCK: "lorry",
        VehicleKind.MOTORCYCLE: "motorcycle",
        VehicleKind.SCOOTER: "scooter",
        VehicleKind.BICYCLE: "bicycle",
        VehicleKind.OTHER: "vehicle",
        None: "vehicle",
    },
    colour={colour: colour.value for colour in Colour},
    plate="number plate {plate}",
    direction="heading for {direction}",
    description="Description",
    call="Call {number}.",
    reply="Seen something?",
    reply_and_photo="Photo and reply:",
    photo="Photo",
    look="Look at the photo",
    more="More:",
    update={UpdateType.UPDATE: "Update", UpdateType.CORRECTION: "Correction"},
    outcome="Outcome",
    event={Kind.ALERT: "Burgernet alert", Kind.INQUIRY: "Neighbourhood inquiry", Kind.PREVENTION: "Warning"},
    ended={
        Kind.ALERT: "This alert has ended",
        Kind.INQUIRY: "This inquiry has ended",
        Kind.PREVENTION: "This campaign has ended",
    },
    result={
        Result.SUSPECT_ARRESTED: "The suspect has been arrested.",
        Result.MISSING_PERSON_FOUND: "The missing person has been found.",
        Result.PROPERTY_RECOVERED: "The stolen property has been recovered.",
        Result.OTHER: "{ended}.",
        Result.NONE: "{ended}, unfortunately without result.",
        Result.UNKNOWN: "{ended}. We do not know how it turned out.",
    },
    contribution={
        Contribution.DIRECT: "A tip from a participant was decisive.",
        Contribution.INDIRECT: "Tips from participants helped.",
        Contribution.NONE: "",
        Contribution.UNKNOWN: "",
    },
    tips_without_result="Participants did send tips.",
    known_now="Now we know how it turned out.",
    thanks="Thank you for your help.",
    subject={
        Kind.ALERT: "{headline}",
        Kind.INQUIRY: "local inquiry: {headline}",
        Kind.PREVENTION: "{headline}",
    },
    when="When",
    time="%d-%m-%Y at %H:%M",
    asked={
        Kind.ALERT: "Have you seen something? Let us know. No login needed.",
        Kind.INQUIRY: "Have you seen something, or is it on your camera? Let us know. No login needed.",
        Kind.PREVENTION: "Do you have a question or a tip? Let us know. No login needed.",
    },
    button={Kind.ALERT: "I have seen something", Kind.INQUIRY: "I know something", Kind.PREVENTION: "Reply"},
    area="See the area",
    outcome_button="Read more",
    emergency="Emergency? Call 112. Information, but no emergency? Call {number}.",
    why="You receive this e-mail because you take part in Burgernet with an address in or near this area.",
    manage="Change your details or leave",
)

PHRASES: Mapping[Language, Phrases] = {Language.NL: NL, Language.EN: EN}
