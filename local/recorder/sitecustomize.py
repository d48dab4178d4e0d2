"""Python starts with this where it stands on PYTHONPATH: writes down every call to AWS that the process makes.

For functions of the local stack, whose policies are compared with what they really do (tests/e2e). An audit hook sees
what goes over ``http.client``, so nothing of the product is changed, and botocore's calls and our own are seen alike.
Only what IAM asks about is written: action and resource. Nothing is imported that the function would not import.
"""

import json
import os
import sys
from collections.abc import Iterator
from typing import Any

FILE = os.environ.get("CALLS_FILE", "")

IN_A_TRANSACTION = {
    "Put": "PutItem",
    "Update": "UpdateItem",
    "Delete": "DeleteItem",
    "ConditionCheck": "ConditionCheckItem",
}
IN_A_TRANSACTION |= {"Get": "GetItem"}
OF_SES = {"outbound-emails": "SendEmail", "outbound-bulk-emails": "SendBulkEmail"}
OF_S3 = {"GET": "GetObject", "HEAD": "GetObject", "PUT": "PutObject", "POST": "PutObject", "DELETE": "DeleteObject"}
NAMES = ("StreamArn", "QueueUrl", "QueueName", "KeyId", "SecretId", "TopicArn", "UserPoolId", "FunctionName", "Name")

Call = tuple[str, str]


def calls(service: str, target: str, request: str, body: bytes) -> Iterator[Call]:
    """(IAM action, name of the resource or "") of one request. ``request``: method and path."""
    operation = target.rpartition(".")[2]
    method, path = request.split(" ")[:2]
    if service == "lambda":
        yield "lambda:InvokeFunction", path.split("/")[3]
    elif service == "ses":
        yield f"ses:{OF_SES.get(path.rpartition('/')[2], path)}", ""
    elif service == "s3":
        bucket, _, key = path[1:].partition("?")[0].partition("/")
        yield f"s3:{OF_S3[method] if key else 'ListBucket'}", bucket
    elif not operation:  # the query protocol
        form = dict(part.partition("=")[::2] for part in body.decode().split("&"))
        yield f"{service}:{form.get('Action', request)}", form.get("TopicArn", "")
    else:
        yield from _by_target(service, operation, json.loads(body or b"{}"))


def _by_target(service: str, operation: str, asked: dict[str, Any]) -> Iterator[Call]:
    if "TransactItems" in asked:  # IAM asks for each part
        for item in asked["TransactItems"]:
            for kind, part in item.items():
                yield f"{service}:{IN_A_TRANSACTION[kind]}", part["TableName"]
    elif "RequestItems" in asked:
        for table in asked["RequestItems"]:
            yield f"{service}:{operation}", table
    elif "TableName" in asked:
        yield f"{service}:{operation}", asked["TableName"]
    else:
        name = str(next((asked[key] for key in NAMES if key in asked), ""))
        yield f"{service}:{operation.removesuffix('Batch') if service == 'sqs' else operation}", name.rpartition("/")[2]


class Recorder:
    """An audit hook. What was seen once is not written again."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._heads: dict[int, tuple[str, dict[str, str]]] = {}  # of connections that have yet to send their body
        self._seen: set[tuple[str, ...]] = set()

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event != "http.client.send" or not isinstance(arguments[1], bytes):
            return
        connection, data = id(arguments[0]), arguments[1]
        first, _, rest = data.partition(b"\r\n")
        if first.endswith(b" HTTP/1.1"):
            lines, _, data = rest.partition(b"\r\n\r\n")
            pairs = (line.partition(":") for line in lines.decode("latin-1").split("\r\n"))
            headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
            self._heads[connection] = first.decode("latin-1"), headers
            if not data and headers.get("content-length", "0") != "0":
                return
        if connection in self._heads:
            self._note(*self._heads.pop(connection), data)

    def _note(self, request: str, headers: dict[str, str], body: bytes) -> None:
        scope = headers.get("authorization", "").partition("Credential=")[2].split("/")
        if len(scope) < 4:  # not to AWS
            return
        function = os.environ.get("AWS_LAMBDA_FUNCTION_NAME", "")
        for call in calls(scope[3], headers.get("x-amz-target", ""), request, body):
            line = function, *call
            if line not in self._seen:
                self._seen.add(line)
                with open(self._file, "a") as file:  # noqa: PTH123
                    file.write(json.dumps(line) + "\n")


if FILE:
    sys.addaudithook(Recorder(FILE))
