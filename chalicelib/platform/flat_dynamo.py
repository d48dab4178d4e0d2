"""DynamoDB for what is read and written per recipient: its own JSON, signed and sent without botocore's client.

botocore's parser walks a shape for every value, 28 µs an item; the JSON as it came costs 3. Binary values are text in
base 64, as they travel. All else goes through the ordinary clients.
"""

import gc
import json
import random
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError

from chalicelib.platform.outgoing import Answer, NoAnswer, NoConnection
from chalicelib.platform.signed import DYNAMODB, Signed, json_problem

TARGET = "DynamoDB_20120810."
CONTENT_TYPE = "application/x-amz-json-1.0"
ATTEMPTS = 6
BACKOFF_S = 0.05
# DynamoDB developer guide, "Error handling": the errors of status 400 that may be tried again.
TRY_AGAIN = frozenset(
    {
        "ItemCollectionSizeLimitExceededException",
        "LimitExceededException",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "ThrottlingException",
    }
)

Page = dict[str, Any]


@dataclass(frozen=True)
class FlatDynamo:
    """``pause`` waits between tries: seconds."""

    pause: Callable[[float], None] = time.sleep
    service: Signed = field(default_factory=lambda: Signed(DYNAMODB))

    def pages(self, request: Mapping[str, Any]) -> Iterator[Page]:
        """Every page of a Query, in DynamoDB's own JSON. Raises as ``ask``."""
        start: Mapping[str, Any] = {}
        while True:
            page = self.ask("Query", {**request, **start})
            yield page
            if "LastEvaluatedKey" not in page:
                return
            start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}

    def ask(self, action: str, request: Mapping[str, Any]) -> Page:
        """What an action answers. A write may be done twice where its answer was lost, as with any client.

        Raises:
            ClientError: as any client would, refused or still failing after 6 tries.
            NoConnection, NoAnswer: 6 times.
        """
        body = json.dumps(request, separators=(",", ":")).encode()
        for attempt in range(1, ATTEMPTS):
            try:
                return self._once(action, body)
            except (NoConnection, NoAnswer):
                pass
            except ClientError as error:
                if not _may_be_tried_again(error):
                    raise
            self.pause(random.uniform(0, BACKOFF_S * 2**attempt))  # noqa: S311
        return self._once(action, body)

    def _once(self, action: str, body: bytes) -> Page:
        headers = {"Content-Type": CONTENT_TYPE, "X-Amz-Target": TARGET + action}
        answer = self.service.post("/", body, headers)
        if answer.status == 200:
            return _parsed(answer.content)
        raise _client_error(action, answer)


def _parsed(content: bytes) -> Page:
    """A page is a tree: looking in it for cycles, at every 2,000th object or so, would double what reading it costs."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        page: Page = json.loads(content)
    finally:
        if collecting:
            gc.enable()
    return page


def _client_error(action: str, answer: Answer) -> ClientError:
    code, message = json_problem(answer)
    return ClientError(
        {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {"HTTPStatusCode": answer.status}},  # type: ignore[typeddict-item]
        action,
    )


def _may_be_tried_again(error: ClientError) -> bool:
    response = error.response
    return response["ResponseMetadata"]["HTTPStatusCode"] >= 500 or response["Error"]["Code"] in TRY_AGAIN
