"""What notices say, in short sentences of level B1. A text message fits in one part of GSM-7; a call says it twice."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape

from chalicelib.channels import speech
from chalicelib.participants.area_year import AreaYear
from chalicelib.participants.model import ChannelChoice, Language
from chalicelib.participants.year_text import year_text


@dataclass(frozen=True)
class NoticeText:
    """``ssml``: for a call, in ``language``."""

    language: Language
    sms: str
    ssml: str
    subject: str
    text: str
    html: str


@dataclass(frozen=True)
class _Wording:
    """Each paragraph of the mail is a line; ``{value}`` is the code or the link. ``spoken``: a link cannot be."""

    sms: str
    spoken: str
    subject: str
    before: Sequence[str]
    after: Sequence[str]


VERIFICATION: Mapping[Language, _Wording] = {
    Language.NL: _Wording(
        sms="Uw code voor Burgernet is {value}. De code werkt 10 minuten. Geef de code aan niemand.",
        spoken="Dit is Burgernet. Uw code is: {value}. Vul de code in op de website. Geef de code aan niemand.",
        subject="Uw code voor Burgernet: {value}",
        before=("U wilt meedoen met Burgernet. Vul op de website deze code in:",),
        after=(
            "De code werkt 10 minuten. Geef de code aan niemand.",
            "Hebt u zich niet aangemeld? Dan hoeft u niets te doen.",
        ),
    ),
    Language.EN: _Wording(
        sms="Your code for Burgernet is {value}. It works for 10 minutes. Give it to nobody.",
        spoken="This is Burgernet. Your code is: {value}. Enter the code on the website. Give it to nobody.",
        subject="Your code for Burgernet: {value}",
        before=("You want to take part in Burgernet. Enter this code on the website:",),
        after=(
            "The code works for 10 minutes. Give it to nobody.",
            "Did you not sign up? Then you do not need to do anything.",
        ),
    ),
}
WELCOME: Mapping[Language, _Wording] = {
    Language.NL: _Wording(
        sms="Welkom bij Burgernet! Iets veranderen of stoppen: {value}",
        spoken="Welkom bij Burgernet. Wij bellen u als er iets in uw buurt gebeurt. Wilt u iets veranderen of stoppen? "
        "Meld u dan met dit nummer opnieuw aan op de website.",
        subject="Welkom bij Burgernet",
        before=(
            "U doet nu mee met Burgernet. Bij een melding in uw buurt vragen wij u om uit te kijken.",
            "Wilt u iets veranderen, even pauze nemen of stoppen? Dat kan met deze link:",
        ),
        after=("Deze link is alleen voor u. Bewaar deze e-mail.",),
    ),
    Language.EN: _Wording(
        sms="Welcome to Burgernet! To change something or to stop: {value}",
        spoken="Welcome to Burgernet. We call you when something happens near you. Do you want to change something or "
        "to stop? Then sign up again with this number on the website.",
        subject="Welcome to Burgernet",
        before=(
            "You now take part in Burgernet. When something happens near you, we ask you to look out.",
            "Do you want to change something, take a break or stop? Use this link:",
        ),
        after=("This link is for you only. Keep this e-mail.",),
    ),
}
SUPPRESSED: Mapping[Language, _Wording] = {
    Language.NL: _Wording(
        sms="Burgernet kan u niet meer bereiken {how}. Kijk of uw gegevens kloppen: {value}",
        subject="Burgernet kan u niet meer bereiken {how}",
        before=(
            "Wij kunnen u niet meer bereiken {how}. Daar krijgt u nu geen berichten van Burgernet.",
            "Wilt u dat wel? Kijk met deze link of uw gegevens kloppen, en meld u zo nodig opnieuw aan:",
        ),
        after=("Deze link is alleen voor u.",),
        spoken="Burgernet kan u niet meer bereiken {how}. Kijk op onze website of uw gegevens kloppen.",
    ),
    Language.EN: _Wording(
        sms="Burgernet cannot reach you {how} any more. Check your details: {value}",
        subject="Burgernet cannot reach you {how} any more",
        before=(
            "We cannot reach you {how} any more. You get no messages from Burgernet there now.",
            "Do you want them? Use this link to check your details, and sign up again if needed:",
        ),
        after=("This link is for you only.",),
        spoken="Burgernet cannot reach you {how} any more. Please check your details on our website.",
    ),
}
STILL_HERE: Mapping[Language, _Wording] = {
    Language.NL: _Wording(
        sms="Burgernet: kloppen uw adressen nog? Druk op de knop: {value}",
        spoken="Dit is Burgernet. Woont of werkt u nog op hetzelfde adres? Dan hoeft u niets te doen. Bent u verhuisd? "
        "Meld u dan met dit nummer opnieuw aan op de website.",
        subject="Burgernet: kloppen uw adressen nog?",
        before=(
            "U doet mee met Burgernet. Eén keer per jaar vragen wij of uw adressen nog kloppen.",
            "Open deze link. Klopt alles nog? Druk dan op de knop. Bent u verhuisd? Dan kunt u uw adres veranderen:",
        ),
        after=(
            "U hoeft niet te antwoorden: u blijft gewoon meedoen. Antwoordt u twee keer niet? Dan krijgt u pauze.",
            "Deze link is alleen voor u.",
        ),
    ),
    Language.EN: _Wording(
        sms="Burgernet: are your addresses still right? Press the button: {value}",
        spoken="This is Burgernet. Do you still live or work at the same address? Then you do not need to do anything. "
        "Have you moved? Then sign up again with this number on the website.",
        subject="Burgernet: are your addresses still right?",
        before=(
            "You take part in Burgernet. Once a year we ask whether your addresses are still right.",
            "Open this link. Is everything still right? Then press the button. Have you moved? Then change it there:",
        ),
        after=(
            "You do not need to answer: you simply stay. If you do not answer twice, we pause you after that.",
            "This link is for you only.",
        ),
    ),
}
PAUSED: Mapping[Language, _Wording] = {
    Language.NL: _Wording(
        sms="Burgernet: u krijgt nu geen berichten meer. Wilt u weer meedoen? {value}",
        spoken="Dit is Burgernet. Wij weten niet of u hier nog woont. U krijgt nu geen berichten meer. Wilt u weer "
        "meedoen? Meld u dan met dit nummer opnieuw aan op de website.",
        subject="Burgernet: u krijgt nu geen berichten meer",
        before=(
            "Wij hebben twee keer gevraagd of uw adressen nog kloppen. U hebt niet geantwoord.",
            "Daarom krijgt u nu geen berichten meer van Burgernet.",
            "Wilt u weer meedoen? Open dan deze link en druk op de knop:",
        ),
        after=("Doet u niets? Dan wissen wij over een jaar al uw gegevens.", "Deze link is alleen voor u."),
    ),
    Language.EN: _Wording(
        sms="Burgernet: you get no messages any more. Do you want to take part again? {value}",
        spoken="This is Burgernet. We do not know whether you still live here. You get no messages any more. Do you "
        "want to take part again? Then sign up again with this number on the website.",
        subject="Burgernet: you get no messages any more",
        before=(
            "We have asked twice whether your addresses are still right. You did not answer.",
            "So you get no messages from Burgernet any more.",
            "Do you want to take part again? Open this link and press the button:",
        ),
        after=("If you do nothing, we erase all your data in a year.", "This link is for you only."),
    ),
}
HOW: Mapping[Language, Mapping[ChannelChoice, str]] = {
    Language.NL: {
        ChannelChoice.SMS: "per sms",
        ChannelChoice.VOICE: "per telefoon",
        ChannelChoice.EMAIL: "per e-mail",
        ChannelChoice.PUSH: "met pushberichten",
    },
    Language.EN: {
        ChannelChoice.SMS: "by SMS",
        ChannelChoice.VOICE: "by phone",
        ChannelChoice.EMAIL: "by e-mail",
        ChannelChoice.PUSH: "by push messages",
    },
}


def verification(language: Language, code: str) -> NoticeText:
    """``code``: six digits."""
    spoken = speech.phone(f"{code[:3]} {code[3:]}")
    return _filled(language, VERIFICATION[language], code, f"<strong>{escape(code)}</strong>", spoken)


def welcome(language: Language, manage_url: str) -> NoticeText:
    link = escape(manage_url)
    return _filled(language, WELCOME[language], manage_url, f'<a href="{link}">{link}</a>')


def yearly(language: Language, manage_url: str, *, paused: bool, year: AreaYear | None = None) -> NoticeText:
    """Whether somebody is still there, or that they are paused for want of an answer.

    ``year``: what became of it where they live, which the mail ends with.
    """
    link = escape(manage_url)
    wording = (PAUSED if paused else STILL_HERE)[language]
    if year:
        wording = replace(wording, after=(*wording.after, year_text(language, year)))
    return _filled(language, wording, manage_url, f'<a href="{link}">{link}</a>')


def suppressed(language: Language, channel: ChannelChoice, manage_url: str) -> NoticeText:
    """``channel``: the one that does not work any more."""

    def with_channel(text: str) -> str:
        return text.replace("{how}", HOW[language][channel])

    general = SUPPRESSED[language]
    wording = _Wording(
        sms=with_channel(general.sms),
        subject=with_channel(general.subject),
        before=tuple(map(with_channel, general.before)),
        after=tuple(map(with_channel, general.after)),
        spoken=with_channel(general.spoken),
    )
    link = escape(manage_url)
    return _filled(language, wording, manage_url, f'<a href="{link}">{link}</a>')


def _filled(language: Language, wording: _Wording, value: str, shown: str, said: str = "") -> NoticeText:
    paragraphs = [*map(escape, wording.before), shown, *map(escape, wording.after)]
    spoken = wording.spoken.format(value=said)
    return NoticeText(
        language=language,
        ssml=speech.document(spoken, spoken),
        sms=wording.sms.format(value=value),
        subject=wording.subject.format(value=value),
        text="\n\n".join([*wording.before, value, *wording.after]) + "\n",
        html=_page(language, wording.subject.format(value=value), paragraphs),
    )


def _page(language: Language, title: str, paragraphs: Sequence[str]) -> str:
    content = "".join(f'<p style="font-size:18px;line-height:1.5">{paragraph}</p>' for paragraph in paragraphs)
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{escape(title)}</title></head>'
        f'<body style="margin:24px;font-family:sans-serif;color:#1b1b1b;background:#ffffff">{content}</body></html>'
    )
