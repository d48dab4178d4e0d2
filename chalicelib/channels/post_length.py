"""How long a post is, as the networks count: a link is 23 characters on both, whatever it says."""

import re
import unicodedata

LINK = 23
# With a scheme it is a link; a bare name with an ending may be one, so it counts as whatever is longer.
_LINKS = re.compile(r"https?://\S+")
_NAMES = re.compile(r"\b[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}\b(?:/\S*)?", re.IGNORECASE)
# twitter-text, config/v3.json: code points that count once; all others count twice.
_ONCE = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))


def x_length(text: str) -> int:
    """What twitter-text counts, or a little more: never less. An emoji of several code points counts each of them."""
    rest, links = _without_links(text)
    return links + sum(1 if any(first <= ord(sign) <= last for first, last in _ONCE) else 2 for sign in rest)


def mastodon_length(text: str) -> int:
    """What Mastodon counts, or a little more."""
    rest, links = _without_links(text)
    return links + len(rest)


def _without_links(text: str) -> tuple[str, int]:
    rest, links = _LINKS.subn("", unicodedata.normalize("NFC", text))
    short = sum(max(LINK - len(name), 0) for name in _NAMES.findall(rest))
    return rest, links * LINK + short
