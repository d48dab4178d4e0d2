"""Public alerts as CAP 1.2 (OASIS, 2010) and as an Atom feed (RFC 4287) of them.

In CAP a position is latitude before longitude, a radius is in kilometres, and a time says its offset in digits. A
polygon has no holes there: an area with some is told without them.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from urllib.parse import urlsplit
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from chalicelib.alerts.cap import MsgType, Status
from chalicelib.alerts.content import Category, Kind
from chalicelib.alerts.phrases import PHRASES
from chalicelib.alerts.public_feed import Message
from chalicelib.alerts.text import Language, Text
from chalicelib.areas.model import CircleShape, Shape
from chalicelib.areas.picture import picture
from chalicelib.platform.clock import rfc3339

CAP, ATOM = "urn:oasis:names:tc:emergency:cap:1.2", "http://www.w3.org/2005/Atom"
CAP_TYPE, ATOM_TYPE = "application/cap+xml", "application/atom+xml"
TITLE = "Burgernet"
# CAP 3.2.2.2: what kind of event it is; all else is a matter of safety.
CATEGORIES: Mapping[Category, str] = {
    Category.MISSING_CHILD: "Rescue",
    Category.MISSING_PERSON: "Rescue",
    Category.ARSON: "Fire",
    **dict.fromkeys(
        (
            Category.RESIDENTIAL_BURGLARY,
            Category.ROBBERY,
            Category.HIT_AND_RUN,
            Category.THEFT,
            Category.VANDALISM,
            Category.FRAUD,
        ),
        "Security",
    ),
}


def cap(message: Message, web_url: str) -> str:
    """One alert's newest message. ``web_url``: of the pages; its host is part of who sent it."""
    alert, content = message.alert, message.alert.content
    root = Element("alert", {"xmlns": CAP})
    _add(root, "identifier", message.identifier)
    _add(root, "sender", sender(message, web_url))
    _add(root, "sent", _moment(message.sent))
    _add(root, "status", Status.ACTUAL)
    _add(root, "msgType", message.msg_type)
    _add(root, "scope", content.scope)
    if message.before:
        _add(root, "references", references(message, web_url))
    for language in (Language.NL, Language.EN) if message.headline.en else (Language.NL,):
        info = SubElement(root, "info")
        _add(info, "language", f"{language}-NL" if language is Language.NL else language)
        _add(info, "category", CATEGORIES.get(content.category, "Safety"))
        _add(info, "event", PHRASES[language].event[alert.kind])
        if alert.kind is not Kind.PREVENTION:
            _add(info, "responseType", "AllClear" if message.msg_type is MsgType.CANCEL else "Monitor")
        for name in ("urgency", "severity", "certainty"):
            _add(info, name, getattr(content, name))
        code = SubElement(info, "eventCode")
        _add(code, "valueName", f"{TITLE.lower()}:category")
        _add(code, "value", content.category)
        _add(info, "expires", _moment(alert.expires))
        _add(info, "senderName", TITLE)
        _say(info, "headline", message.headline, language)
        _say(info, "description", message.description, language)
        _say(info, "instruction", message.instruction, language)
        _add(info, "web", f"{web_url}/meldingen")
        _add(info, "contact", content.call_number)
        area = SubElement(info, "area")
        _add(area, "areaDesc", ", ".join(alert.municipalities) or TITLE)
        if message.area:
            _area(area, message.area)
        for municipality in alert.municipalities:
            code = SubElement(area, "geocode")
            _add(code, "valueName", "CBS")
            _add(code, "value", municipality)
    return _written(root)


def atom(messages: Iterable[Message], web_url: str, now: datetime) -> str:
    """An entry for each alert, which leads to its CAP."""
    own = f"{web_url}/api/alerts/public"
    listed = list(messages)
    root = Element("feed", {"xmlns": ATOM, "xml:lang": Language.NL})
    _add(root, "id", f"{own}.atom")
    _add(root, "title", TITLE)
    _add(root, "updated", rfc3339(max((it.sent for it in listed), default=now.replace(hour=0, minute=0, second=0))))
    SubElement(root, "link", {"rel": "self", "type": ATOM_TYPE, "href": f"{own}.atom"})
    author = SubElement(root, "author")
    _add(author, "name", TITLE)
    for message in listed:
        entry = SubElement(root, "entry")
        url = f"{own}/{message.alert.id}"
        _add(entry, "id", url)
        _add(entry, "title", message.headline.nl)
        _add(entry, "updated", rfc3339(message.sent))
        SubElement(entry, "link", {"rel": "alternate", "type": CAP_TYPE, "href": url})
        _add(entry, "summary", message.description.nl if message.description else message.headline.nl)
    return _written(root)


def sender(message: Message, web_url: str) -> str:
    return f"{message.alert.tenant}@{urlsplit(web_url).hostname}"


def references(message: Message, web_url: str) -> str:
    """CAP 3.2.1: ``sender,identifier,sent`` of each message before this one."""
    who = sender(message, web_url)
    return " ".join(f"{who},{identifier},{_moment(sent)}" for identifier, sent in message.before)


def _area(area: Element, shape: Shape) -> None:
    if isinstance(shape, CircleShape):
        _add(area, "circle", f"{shape.center.lat:.5f},{shape.center.lon:.5f} {shape.radius_m / 1000:.3f}")
        return
    for outer, *_ in picture(shape)["coordinates"]:
        _add(area, "polygon", " ".join(f"{lat},{lon}" for lon, lat in outer))


def _say(info: Element, name: str, text: Text | None, language: Language) -> None:
    if text:
        _add(info, name, text.read_in(language))


def _add(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = str(text)


def _moment(at: datetime) -> str:
    """Whole seconds; ``Z`` is not allowed (3.3.2)."""
    return at.strftime("%Y-%m-%dT%H:%M:%S-00:00")


def _written(root: Element) -> str:
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"
