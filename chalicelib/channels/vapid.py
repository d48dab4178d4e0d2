"""VAPID (RFC 8292): who sends a push message says so in a signed token, and devices subscribe to that key alone."""

import base64
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from chalicelib.platform.clock import Clock, epoch

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

VALID_S = 12 * 3600  # RFC 8292, 2: at most 24 hours
RENEWED_S = 6 * 3600
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of P-256
INFO = b"burgernet vapid p-256"


@dataclass
class Vapid:
    """``secret``: any text of 32 characters or more; the same one gives the same key.

    ``subject``: https or mailto address of who sends, for the push service's people.
    """

    secret: str = field(repr=False)
    subject: str
    clock: Clock
    _tokens: dict[str, tuple[int, str]] = field(default_factory=dict, repr=False)

    def authorization(self, endpoint: str) -> str:
        """The header of a message to an endpoint. One token serves all messages to a push service for some hours."""
        parts = urlsplit(endpoint)
        audience = f"{parts.scheme}://{parts.netloc}"
        now = epoch(self.clock.now())
        until, header = self._tokens.get(audience, (0, ""))
        if until <= now:
            import jwt  # only who sends needs it

            claims = {"aud": audience, "exp": now + VALID_S, "sub": self.subject}
            header = f"vapid t={jwt.encode(claims, self._key, algorithm='ES256')}, k={self.public_key}"
            self._tokens[audience] = now + RENEWED_S, header
        return header

    @cached_property
    def public_key(self) -> str:
        """What a browser takes as ``applicationServerKey``: an uncompressed point, in base64url."""
        from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

        point = self._key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return base64.urlsafe_b64encode(point).rstrip(b"=").decode()

    @cached_property
    def _key(self) -> "EllipticCurvePrivateKey":
        """64 bits more than the order has, so that no key is likelier than another (FIPS 186-5, A.2.1)."""
        from cryptography.hazmat.primitives.asymmetric import ec
        from cryptography.hazmat.primitives.hashes import SHA256
        from cryptography.hazmat.primitives.kdf.hkdf import HKDF

        derived = HKDF(SHA256(), 40, salt=None, info=INFO).derive(self.secret.encode())
        return ec.derive_private_key(int.from_bytes(derived) % (ORDER - 1) + 1, ec.SECP256R1())
