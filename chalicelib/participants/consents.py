"""The texts that participants agree to, by version. The words stand on the pages, under ``signup.consent``.

A new text gets a new version here and there. Where it asks for more than an older one did, that older one is taken out
of ``ENOUGH``, and whoever agreed to it is asked again behind their link; until then they take part as they agreed to.
"""

CURRENT = "2026-11"
ENOUGH = frozenset({CURRENT})


def asks_again(version: str) -> bool:
    """Whether who agreed to this text should read the new one; it may also be one that is not known here."""
    return version not in ENOUGH
