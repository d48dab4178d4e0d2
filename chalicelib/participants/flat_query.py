"""DynamoDB's Query for rows by the million: signed and sent without botocore's client.

botocore's parser walks a shape for every value, 28 µs an item; the JSON as it came costs 3. Its event system and
endpoint rules double the cost of a call. All else goes through the ordinary clients: only table ``places`` is read so.
"""

import json
import os
import random
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import botocore.session
import urllib3
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError, NoCredentialsError
from botocore.httpsession import where

TARGET = "DynamoDB_20120810.Query"
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
class FlatQuery:
    """``pause`` waits between tries: seconds."""

    pause: Callable[[float], None] = time.sleep

    def pages(self, request: Mapping[str, Any]) -> Iterator[Page]:
        """Every page of a Query, in DynamoDB's own JSON.

        Raises:
            ClientError: as any client would, refused or still failing after 6 tries.
            urllib3.exceptions.HTTPError: no connection, or no answer, 6 times.
        """
        start: Mapping[str, Any] = {}
        while True:
            page = self._page({**request, **start})
            yield page
            if "LastEvaluatedKey" not in page:
                return
            start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}

    def _page(self, request: Mapping[str, Any]) -> Page:
        body = json.dumps(request, separators=(",", ":")).encode()
        for attempt in range(1, ATTEMPTS):
            try:
                return self._once(body)
            except urllib3.exceptions.HTTPError:
                pass
            except ClientError as error:
                if not _may_be_tried_again(error):
                    raise
            self.pause(random.uniform(0, BACKOFF_S * 2**attempt))  # noqa: S311
        return self._once(body)

    def _once(self, body: bytes) -> Page:
        answer = self._pool.request("POST", self._endpoint, body=body, headers=self._signed(body))
        if answer.status == 200:
            page: Page = json.loads(answer.data)
            return page
        raise _client_error(answer.status, answer.data)

    def _signed(self, body: bytes) -> dict[str, str]:
        headers = {"Content-Type": CONTENT_TYPE, "X-Amz-Target": TARGET}
        request = AWSRequest("POST", self._endpoint, headers=headers, data=body)
        SigV4Auth(self._credentials.get_frozen_credentials(), "dynamodb", self._region).add_auth(request)
        return dict(request.headers.items())

    @cached_property
    def _region(self) -> str:
        return os.environ.get("AWS_REGION", "eu-west-1")

    @cached_property
    def _endpoint(self) -> str:
        other = os.environ.get("AWS_ENDPOINT_URL_DYNAMODB") or os.environ.get("AWS_ENDPOINT_URL")
        return (other or f"https://dynamodb.{self._region}.amazonaws.com").rstrip("/") + "/"

    @cached_property
    def _credentials(self) -> Credentials:
        credentials = botocore.session.get_session().get_credentials()
        if credentials is None:
            raise NoCredentialsError
        return credentials

    @cached_property
    def _pool(self) -> urllib3.PoolManager:
        return urllib3.PoolManager(
            maxsize=16, retries=False, ca_certs=where(), timeout=urllib3.Timeout(connect=2, read=10)
        )


def _client_error(status: int, content: bytes) -> ClientError:
    try:
        problem = json.loads(content)
        code = str(problem["__type"]).rpartition("#")[2]
        message = str(problem.get("message") or problem.get("Message") or "")
    except (ValueError, KeyError, TypeError):
        code, message = str(status), ""
    return ClientError(
        {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {"HTTPStatusCode": status}},  # type: ignore[typeddict-item]
        "Query",
    )


def _may_be_tried_again(error: ClientError) -> bool:
    response = error.response
    return response["ResponseMetadata"]["HTTPStatusCode"] >= 500 or response["Error"]["Code"] in TRY_AGAIN
