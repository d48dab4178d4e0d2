"""What crosses HTTP of devices: a browser's ``PushSubscription``, and the key that it subscribes to."""

from pydantic import Field, field_validator
from pydantic_core import PydanticCustomError

from chalicelib.channels.model import Device
from chalicelib.platform.http import Body

BASE64URL = r"^[A-Za-z0-9_-]+={0,2}$"


class DeviceKeys(Body):
    p256dh: str = Field(max_length=100, pattern=BASE64URL, description="Public key, a point of P-256")
    auth: str = Field(max_length=32, pattern=BASE64URL, description="Secret of 16 bytes")

    @field_validator("p256dh")
    @classmethod
    def _is_a_point(cls, text: str) -> str:
        from chalicelib.channels.push_encryption import public_key

        try:
            public_key(text)
        except ValueError:
            raise PydanticCustomError("key_invalid", "This is no point of P-256.") from None
        return text

    @field_validator("auth")
    @classmethod
    def _is_long_enough(cls, text: str) -> str:
        from chalicelib.channels.push_encryption import AUTH_BYTES, decoded

        try:
            long_enough = len(decoded(text)) == AUTH_BYTES
        except ValueError:
            long_enough = False
        if not long_enough:
            raise PydanticCustomError("auth_invalid", "This is not 16 bytes in base64url.")
        return text


class DeviceBody(Body):
    """As ``PushSubscription.toJSON()`` gives it, without ``expirationTime``."""

    endpoint: str = Field(max_length=1024, pattern=r"^https?://[\x21-\x7e]+$")
    keys: DeviceKeys

    def device(self) -> Device:
        return Device(self.endpoint, self.keys.p256dh, self.keys.auth)


class DeviceReply(Body):
    id: str


class PushKey(Body):
    key: str = Field(description="``applicationServerKey`` of a subscription: base64url")
