"""What a push message costs before it leaves: the signature for its push service and RFC 8291's encryption."""

import base64
import os
from functools import cache

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from chalicelib.channels.model import Device
from chalicelib.channels.push_encryption import AUTH_BYTES, encrypt
from chalicelib.channels.vapid import Vapid

PAYLOAD = b'{"title":"Vermist"}'.ljust(600)


@cache
def devices(number: int) -> list[Device]:
    return [_device(n) for n in range(number)]


def make(vapid: Vapid, to: list[Device]) -> None:
    """All of a message to each but its sending."""
    for device in to:
        vapid.authorization(device.endpoint)
        encrypt(PAYLOAD, device)


def _device(number: int) -> Device:
    point = ec.generate_private_key(ec.SECP256R1()).public_key()
    public = point.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    endpoint = f"https://push.example/{number}"
    return Device(endpoint, *(base64.urlsafe_b64encode(raw).decode() for raw in (public, os.urandom(AUTH_BYTES))))
