"""Devices that take push messages: any name is one, and its keys follow from its name. So none has to be kept."""

import base64
import hashlib
import hmac
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

NAME = r"[A-Za-z0-9_-]{1,64}"
POINT = 65  # bytes of an uncompressed point of P-256
HEADER = 16 + 4 + 1 + POINT
TAG = 16


class Unreadable(Exception):
    """The body was not made for this device."""


@dataclass(frozen=True)
class Device:
    """``name``: as ``NAME``."""

    name: str

    @property
    def p256dh(self) -> str:
        """In base64url, as a browser gives it."""
        return base64url(self._point)

    @property
    def auth(self) -> str:
        return base64url(self._auth)

    def subscription(self, service: str) -> dict[str, object]:
        """As ``PushSubscription.toJSON()``. ``service``: address of the carrier."""
        return {"endpoint": f"{service}/push/{self.name}", "keys": {"p256dh": self.p256dh, "auth": self.auth}}

    def read(self, body: bytes) -> bytes:
        """What a body of ``aes128gcm`` holds: RFC 8188 and 8291, by the letter. Raises ``Unreadable``."""
        if len(body) <= HEADER + TAG or body[20] != POINT:
            raise Unreadable("no header with a key of P-256")
        salt, size, theirs = body[:16], int.from_bytes(body[16:20]), body[21:HEADER]
        if len(body) - HEADER > size:
            raise Unreadable("more than one record")
        try:
            shared = self._key.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), theirs))
        except ValueError:
            raise Unreadable("no point of P-256") from None
        material = _expand(_mac(self._auth, shared), b"WebPush: info\0" + self._point + theirs, 32)
        extracted = _mac(salt, material)
        key = _expand(extracted, b"Content-Encoding: aes128gcm\0", 16)
        nonce = _expand(extracted, b"Content-Encoding: nonce\0", 12)
        try:
            record = AESGCM(key).decrypt(nonce, body[HEADER:], None).rstrip(b"\0")
        except InvalidTag:
            raise Unreadable("encrypted for somebody else") from None
        if record[-1:] != b"\2":
            raise Unreadable("not the last record")
        return record[:-1]

    @property
    def _key(self) -> ec.EllipticCurvePrivateKey:
        return ec.derive_private_key(int.from_bytes(self._hash("key")) >> 1, ec.SECP256R1())

    @property
    def _point(self) -> bytes:
        return self._key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    @property
    def _auth(self) -> bytes:
        return self._hash("auth")[:16]

    def _hash(self, what: str) -> bytes:
        return hashlib.sha256(f"{what} of {self.name}".encode()).digest()


def base64url(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def _mac(key: bytes, message: bytes) -> bytes:
    return hmac.digest(key, message, "sha256")


def _expand(key: bytes, info: bytes, length: int) -> bytes:
    return HKDFExpand(SHA256(), length, info).derive(key)
