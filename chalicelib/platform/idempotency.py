"""``Idempotency-Key``: the same key of the same caller gives the first answer again, for a day.

A caller is a member of staff, else the holder of a link, else whoever comes from one network address: many people,
behind one router. So a key must be long enough that no two of them choose the same, and nobody guesses another's.

An answer may hold what opens a participant's data, or describe somebody. So it is kept sealed with what only the caller
has, the key itself, of which the row holds no more than a hash: whoever reads table or backups would have to guess the
key. Those of our pages are UUIDs.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

from chalicelib.platform import aws
from chalicelib.platform.envelope import unwrap, wrap
from chalicelib.platform.errors import Conflict, InvalidInput

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.idempotency import DynamoDBPersistenceLayer, IdempotencyConfig

KEEP_S = 24 * 3600
MIN_KEY_CHARACTERS, MAX_KEY_CHARACTERS = 16, 128

Answer = tuple[int, dict[str, str], str]  # status, headers, body


class Idempotency(Protocol):
    def once(self, scope: str, key: str, body: bytes, act: Callable[[], Answer]) -> Answer:
        """Act, or repeat the answer that the same key got before. ``scope``: caller and route.

        An ``act`` that raises leaves no trace: the caller may try again.

        Raises:
            Conflict: the first call with this key has not finished.
            InvalidInput: the key came before with another body, or is too long or too short.
        """
        ...


def _checked(key: str) -> str:
    if len(key) > MAX_KEY_CHARACTERS:
        raise InvalidInput.of("Idempotency-Key", "key_too_long", f"At most {MAX_KEY_CHARACTERS} characters.")
    if len(key) < MIN_KEY_CHARACTERS:
        text = f"At least {MIN_KEY_CHARACTERS} characters that nobody else uses, such as a UUID."
        raise InvalidInput.of("Idempotency-Key", "key_too_short", text)
    return key


def _other_body() -> InvalidInput:
    return InvalidInput.of("Idempotency-Key", "key_reused", "This key was used before with another body.")


def _in_progress() -> Conflict:
    return Conflict("in_progress", "The first request with this key has not finished.")


def _digest(secret: bytes, body: bytes) -> str:
    return hmac.new(secret, body, hashlib.sha256).hexdigest()


def _secret(name: str) -> bytes:
    """Another hash than the one that the row is found by."""
    return hashlib.sha256(f"sealed\x1f{name}".encode()).digest()


@dataclass
class DynamoIdempotency:
    """Powertools' Idempotency over the table ``idempotency``; imported only when a key comes (0.2 s of CPU).

    ``deadline_ms``: when a first call that has not finished must have died, so that its key is free again.
    """

    table: str
    deadline_ms: int = 30_000  # the API's own is 29 s

    def get_remaining_time_in_millis(self) -> int:
        """What Powertools asks of the Lambda context, which it does not find below a route."""
        return self.deadline_ms

    @cached_property
    def _layer(self) -> "DynamoDBPersistenceLayer":
        from aws_lambda_powertools.utilities.idempotency import DynamoDBPersistenceLayer

        return DynamoDBPersistenceLayer(table_name=self.table, expiry_attr="ttl", boto3_client=aws.client("dynamodb"))

    @cached_property
    def _config(self) -> "IdempotencyConfig":
        from aws_lambda_powertools.utilities.idempotency import IdempotencyConfig

        context: Any = self
        return IdempotencyConfig(
            event_key_jmespath="key",
            payload_validation_jmespath="body",
            expires_after_seconds=KEEP_S,
            lambda_context=context,
        )

    def once(self, scope: str, key: str, body: bytes, act: Callable[[], Answer]) -> Answer:
        from aws_lambda_powertools.utilities.idempotency import idempotent_function
        from aws_lambda_powertools.utilities.idempotency.exceptions import (
            IdempotencyAlreadyInProgressError,
            IdempotencyValidationError,
        )
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        name = f"{scope} {_checked(key)}"
        secret = _secret(name)
        seal = AESGCM(secret)

        @idempotent_function(  # type: ignore[untyped-decorator]
            data_keyword_argument="request",
            persistence_store=self._layer,
            config=self._config,
            key_prefix="http",
        )
        def run(*, request: dict[str, str]) -> str:
            return base64.b64encode(wrap(seal, json.dumps(act()).encode())).decode()

        try:
            sealed = run(request={"key": name, "body": _digest(secret, body)})
        except IdempotencyAlreadyInProgressError:
            raise _in_progress() from None
        except IdempotencyValidationError:
            raise _other_body() from None
        status, headers, text = json.loads(unwrap(seal, base64.b64decode(sealed)))
        return status, headers, text


@dataclass
class MemoryIdempotency:
    """The twin."""

    answers: dict[str, tuple[str, str]] = field(default_factory=dict)
    running: set[str] = field(default_factory=set)

    def once(self, scope: str, key: str, body: bytes, act: Callable[[], Answer]) -> Answer:
        name = f"{scope} {_checked(key)}"
        if name in self.running:
            raise _in_progress()
        if name not in self.answers:
            self.running.add(name)
            try:
                self.answers[name] = (_digest(_secret(name), body), json.dumps(act()))
            finally:
                self.running.remove(name)
        digest, answer = self.answers[name]
        if digest != _digest(_secret(name), body):
            raise _other_body()
        status, headers, text = json.loads(answer)
        return status, headers, text
