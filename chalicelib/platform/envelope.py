"""Keys in an envelope: wrapped with a data key, which KMS alone can open.

There is one data key a month, and a container has it opened once: KMS is asked rarely, and never per recipient.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES = 12
CONTEXT = {"holds": "contact keys"}  # bound to every data key; also a condition of who may use the KMS key


class DataKey(NamedTuple):
    """``sealed``: as KMS gave it, to be stored."""

    plain: bytes
    sealed: bytes


class Kms(Protocol):
    def generate(self) -> DataKey: ...

    def open(self, sealed: bytes) -> bytes: ...


@dataclass(frozen=True)
class AwsKms:
    """``key``: id, ARN or alias."""

    client: Callable[[], Any]
    key: str

    def generate(self) -> DataKey:
        answer = self.client().generate_data_key(KeyId=self.key, KeySpec="AES_256", EncryptionContext=CONTEXT)
        return DataKey(answer["Plaintext"], answer["CiphertextBlob"])

    def open(self, sealed: bytes) -> bytes:
        answer = self.client().decrypt(CiphertextBlob=sealed, KeyId=self.key, EncryptionContext=CONTEXT)
        plain: bytes = answer["Plaintext"]
        return plain


@dataclass(frozen=True)
class MemoryKms:
    """The twin."""

    key: bytes = field(default_factory=lambda: os.urandom(32), repr=False)

    def generate(self) -> DataKey:
        plain = os.urandom(32)
        return DataKey(plain, wrap(AESGCM(self.key), plain))

    def open(self, sealed: bytes) -> bytes:
        return unwrap(AESGCM(self.key), sealed)


def wrap(key: AESGCM, content: bytes) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return nonce + key.encrypt(nonce, content, None)


def unwrap(key: AESGCM, wrapped: bytes) -> bytes:
    """Raises ``InvalidTag`` where it was wrapped with another."""
    return key.decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], None)


def month(moment: datetime) -> str:
    """The name of its data key: ``2026-11``."""
    return moment.strftime("%Y-%m")
