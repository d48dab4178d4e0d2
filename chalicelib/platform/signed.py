"""AWS asked without botocore's client: a request signed with SigV4 and sent over a connection that is kept.

botocore's event system, endpoint rules and parsers take two thirds of a call's CPU. This is for the few calls that are
made per recipient; all else goes through the ordinary clients. Nothing is repeated here.
"""

import html
import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import NamedTuple

import botocore.session
from botocore.credentials import Credentials
from botocore.exceptions import NoCredentialsError

from chalicelib.platform.clock import Clock, SystemClock
from chalicelib.platform.kept import Kept
from chalicelib.platform.outgoing import Answer
from chalicelib.platform.sigv4 import signed_headers


class Service(NamedTuple):
    """``variable``: of the environment, with another address, as boto3 reads it."""

    host: str
    signed_as: str
    variable: str


DYNAMODB = Service("dynamodb", "dynamodb", "AWS_ENDPOINT_URL_DYNAMODB")
SNS = Service("sns", "sns", "AWS_ENDPOINT_URL_SNS")
SES = Service("email", "ses", "AWS_ENDPOINT_URL_SESV2")


class Problem(NamedTuple):
    """An error as a service words it. Where it is not in the service's own form, ``code`` is the HTTP status."""

    code: str
    message: str


def json_problem(answer: Answer) -> Problem:
    """Of a service that speaks JSON."""
    try:
        told = json.loads(answer.content)
        kind = answer.headers.get("x-amzn-errortype") or told.get("__type") or told["code"]
        code = str(kind).partition(":")[0].rpartition("#")[2]
        return Problem(code, str(told.get("message") or told.get("Message") or ""))
    except (ValueError, KeyError, TypeError, AttributeError):
        return Problem(str(answer.status), "")


def query_problem(answer: Answer) -> Problem:
    """Of a service that speaks the query protocol: forms, answered in XML."""
    code = element("Code", answer.content)
    return Problem(code, element("Message", answer.content)) if code else Problem(str(answer.status), "")


def element(name: str, xml: bytes) -> str:
    """The text of the first element of that name, which holds no other; empty where there is none."""
    found = re.search(rf"<{name}>([^<]*)</{name}>", xml.decode(errors="replace"))
    return html.unescape(found[1]) if found else ""


@cache
def _own_credentials() -> Credentials:
    """One for every service: the session that finds them takes longer to make than a whole call."""
    credentials = botocore.session.get_session().get_credentials()
    if credentials is None:
        raise NoCredentialsError
    return credentials


@dataclass(frozen=True)
class Signed:
    """One service in the function's own region. May be shared by threads."""

    service: Service
    clock: Clock = field(default_factory=SystemClock)

    def post(self, path: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """The service's answer, whatever its status.

        Raises:
            NoConnection: nothing was taken.
            NoAnswer: it may have been taken.
        """
        proof = signed_headers(
            # Frozen for each call: where they end, this is where new ones are fetched.
            self._credentials.get_frozen_credentials(),
            self.service.signed_as,
            self._region,
            self._kept.host,
            path,
            headers,
            body,
            self.clock.now(),
        )
        return self._kept.post(path, body, proof)

    @cached_property
    def _region(self) -> str:
        return os.environ.get("AWS_REGION", "eu-west-1")

    @cached_property
    def _address(self) -> str:
        other = os.environ.get(self.service.variable) or os.environ.get("AWS_ENDPOINT_URL")
        return (other or f"https://{self.service.host}.{self._region}.amazonaws.com").rstrip("/")

    @cached_property
    def _credentials(self) -> Credentials:
        return _own_credentials()

    @cached_property
    def _kept(self) -> Kept:
        return Kept(self._address)
