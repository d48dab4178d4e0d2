"""``Idempotency-Key``: the same key of the same caller gives the first answer again, for a day."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from chalicelib.platform.errors import Conflict, InvalidInput

KEEP_S = 24 * 3600
MAX_KEY_CHARACTERS = 128

Answer = tuple[int, dict[str, str], str]  # status, headers, body


class Idempotency(Protocol):
    def once(self, scope: str, key: str, body: bytes, act: Callable[[], Answer]) -> Answer:
        """Act, or repeat the answer that the same key got before. ``scope``: caller and route.

        An ``act`` that raises leaves no trace: the caller may try again.

        Raises:
            Conflict: the first call with this key has not finished.
            InvalidInput: the key came before with another body, or is too long.
        """
        ...


def _checked(key: str) -> str:
    if len(key) > MAX_KEY_CHARACTERS:
        raise InvalidInput.of("Idempotency-Key", "key_too_long", f"At most {MAX_KEY_CHARACTERS} characters.")
    return key


def _other_body() -> InvalidInput:
    return InvalidInput.of("Idempotency-Key", "key_reused", "This key was used before with another body.")


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


@dataclass
class DynamoIdempotency:
    """Powertools' Idempotency over the table ``idempotency``; imported only when a key comes (0.2 s of CPU)."""

    table: str

    def once(self, scope: str, key: str, body: bytes, act: Callable[[], Answer]) -> Answer:
        from aws_lambda_powertools.utilities.idempotency import (
            DynamoDBPersistenceLayer,
            IdempotencyConfig,
            idempotent_function,
        )
        from aws_lambda_powertools.utilities.idempotency.exceptions import (
            IdempotencyAlreadyInProgressError,
            IdempotencyValidationError,
        )

        @idempotent_function(  # type: ignore[untyped-decorator]
            data_keyword_argument="request",
            persistence_store=DynamoDBPersistenceLayer(table_name=self.table, expiry_attr="ttl"),
            config=IdempotencyConfig(
                event_key_jmespath="key", payload_validation_jmespath="body", expires_after_seconds=KEEP_S
            ),
            key_prefix="http",
        )
        def run(*, request: dict[str, str]) -> list[Any]:
            return list(act())

        try:
            status, headers, text = run(request={"key": f"{scope} {_checked(key)}", "body": _digest(body)})
        except IdempotencyAlreadyInProgressError:
            raise Conflict("in_progress", "The first request with this key has not finished.") from None
        except IdempotencyValidationError:
            raise _other_body() from None
        return status, headers, text


@dataclass
class MemoryIdempotency:
    """The twin."""

    answers: dict[str, tuple[str, str]] = field(default_factory=dict)

    def once(self, scope: str, key: str, body: bytes, act: Callable[[], Answer]) -> Answer:
        name = f"{scope} {_checked(key)}"
        if name not in self.answers:
            self.answers[name] = (_digest(body), json.dumps(act()))
        digest, answer = self.answers[name]
        if digest != _digest(body):
            raise _other_body()
        status, headers, text = json.loads(answer)
        return status, headers, text
