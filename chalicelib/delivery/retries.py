"""How long what a provider refused for now waits before it is tried again, and when it is tried no more."""

from chalicelib.alerts.messages import MessageKind, kind_of

MAX_BACKOFF_S = 8  # longer, and a slow provider's granted rate goes unused while batches wait (./dev simulate)
ILL_AFTER = 100  # tries, some minutes: then the provider is not slow but ill, and asking costs more than it brings
ILL_BACKOFF_S = 60
STALLED_AFTER = 150  # tries, half an hour: then whoever waits is tried on another channel as well
MAX_ATTEMPTS = 1_500  # of an outcome, which has no hour after which it is stale: half a day


def backoff_s(number: int, attempt: int) -> int:
    """How long batch ``number`` waits after its try ``attempt`` (from 0).

    Batches wait differently long, so that they do not all come back at the same moment and meet the same throttle.
    """
    if attempt >= ILL_AFTER:
        return 1 + (number + attempt) % ILL_BACKOFF_S
    return 1 + (number + attempt) % min(1 << attempt, MAX_BACKOFF_S)


def given_up(message: str, attempt: int) -> bool:
    """Calls and updates are tried until the alert expires."""
    return kind_of(message) is MessageKind.OUTCOME and attempt >= MAX_ATTEMPTS


def stalled(attempt: int) -> bool:
    return attempt >= STALLED_AFTER
