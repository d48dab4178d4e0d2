"""Whether a request was signed as RFC 5849 asks (OAuth 1.0, HMAC-SHA1): by the letter of the RFC, by our own hand."""

import base64
import hashlib
import hmac
import re
from collections.abc import Collection, Mapping, Sequence
from urllib.parse import parse_qsl, quote, unquote, urlsplit

_NAMES = ("consumer_key", "nonce", "signature", "signature_method", "timestamp", "token")
NEEDED = {f"oauth_{name}" for name in _NAMES}
ALLOWED_SKEW_S = 300
_PARAMETER = re.compile(r'([\w.-]+)="([^"]*)"')

Pairs = Sequence[tuple[str, str]]


class NotSigned(Exception):
    """Says why."""


def signature(method: str, url: str, parameters: Pairs, consumer_secret: str, token_secret: str) -> str:
    """RFC 5849, 3.4.2. ``parameters``: all that are signed, decoded: of the header, and of a body that is a form."""
    address = urlsplit(url)
    standard = {"http": 80, "https": 443}[address.scheme]
    host = address.hostname or ""
    host += f":{address.port}" if address.port not in (None, standard) else ""
    signed = sorted((_encoded(name), _encoded(value)) for name, value in (*parameters, *_query(address.query)))
    normal = "&".join(f"{name}={value}" for name, value in signed)
    base = "&".join(map(_encoded, (method.upper(), f"{address.scheme}://{host}{address.path or '/'}", normal)))
    key = f"{_encoded(consumer_secret)}&{_encoded(token_secret)}"
    return base64.b64encode(hmac.digest(key.encode(), base.encode(), hashlib.sha1)).decode()


def check(method: str, url: str, header: str, account: Mapping[str, str], now: int, used: Collection[str]) -> str:
    """The nonce of a request that may pass; ``used``: those that have passed. Raises ``NotSigned``."""
    scheme, _, rest = header.partition(" ")
    given = {unquote(name): unquote(value) for name, value in _PARAMETER.findall(rest)}
    if scheme.casefold() != "oauth" or not given.keys() >= NEEDED:
        raise NotSigned("Authorization: OAuth, with " + ", ".join(sorted(NEEDED)))
    if given["oauth_signature_method"] != "HMAC-SHA1" or given.get("oauth_version", "1.0") != "1.0":
        raise NotSigned("HMAC-SHA1 of OAuth 1.0")
    if (given["oauth_consumer_key"], given["oauth_token"]) != (account["consumer_key"], account["access_token"]):
        raise NotSigned("unknown app or account")
    if not given["oauth_timestamp"].isdecimal() or abs(int(given["oauth_timestamp"]) - now) > ALLOWED_SKEW_S:
        raise NotSigned("oauth_timestamp")
    if given["oauth_nonce"] in used:
        raise NotSigned("oauth_nonce")
    parameters = [(name, value) for name, value in given.items() if name not in ("oauth_signature", "realm")]
    made = signature(method, url, parameters, account["consumer_secret"], account["access_token_secret"])
    if not hmac.compare_digest(made, given["oauth_signature"]):
        raise NotSigned("oauth_signature")
    return given["oauth_nonce"]


def _query(text: str) -> Pairs:
    return parse_qsl(text, keep_blank_values=True)


def _encoded(text: str) -> str:
    """RFC 5849, 3.6."""
    return quote(text, safe="~")
