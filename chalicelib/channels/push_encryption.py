"""Message encryption for Web Push (RFC 8291): a body of one record that only the device can read."""

import base64
import os
from binascii import Error

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from chalicelib.channels.model import Device

RECORD = 4096  # what a push service must take (RFC 8030, 7.2)
SALT_BYTES, AUTH_BYTES = 16, 16
LAST_RECORD = b"\x02"


def encrypt(
    payload: bytes, device: Device, key: ec.EllipticCurvePrivateKey | None = None, salt: bytes | None = None
) -> bytes:
    """A body of Content-Encoding ``aes128gcm`` (RFC 8188). ``key`` and ``salt`` are new for each message."""
    key, salt = key or ec.generate_private_key(ec.SECP256R1()), salt or os.urandom(SALT_BYTES)
    theirs, ours = public_key(device.p256dh), _point(key.public_key())
    info = b"WebPush: info\x00" + _point(theirs) + ours
    shared = _hkdf(decoded(device.auth), key.exchange(ec.ECDH(), theirs), info, 32)
    content_key = _hkdf(salt, shared, b"Content-Encoding: aes128gcm\x00", 16)
    nonce = _hkdf(salt, shared, b"Content-Encoding: nonce\x00", 12)
    header = salt + RECORD.to_bytes(4) + len(ours).to_bytes(1) + ours
    return header + AESGCM(content_key).encrypt(nonce, payload + LAST_RECORD, None)


def public_key(p256dh: str) -> ec.EllipticCurvePublicKey:
    """Raises ``ValueError`` where it is no point of P-256."""
    return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), decoded(p256dh))


def decoded(text: str) -> bytes:
    """Base64url with or without its padding. Raises ``ValueError``."""
    try:
        return base64.b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4), altchars=b"-_", validate=True)
    except Error as error:
        raise ValueError("not base64url") from error


def _point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _hkdf(salt: bytes, secret: bytes, info: bytes, length: int) -> bytes:
    return HKDF(SHA256(), length, salt, info).derive(secret)
