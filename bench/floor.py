"""The bare calls to providers that no sender can do without, each through one client that is used again and again.

Twice for SMS: as boto3's client does it, which is what others spend; and signed by hand (SigV4Auth, urllib3), the least
that Python on botocore's signing can do.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

import boto3
import botocore.session
import urllib3
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest

from chalicelib.channels.model import Mail, MailRecipient


@dataclass(frozen=True)
class Floor:
    region: str = "eu-west-1"

    def publish(self, texts: Sequence[tuple[str, str]]) -> None:
        """``texts``: number and text each."""
        for phone, text in texts:
            self._sns.publish(PhoneNumber=phone, Message=text, MessageAttributes=_attributes())

    def publish_signed(self, texts: Sequence[tuple[str, str]]) -> None:
        url = os.environ["AWS_ENDPOINT_URL"] + "/"
        for phone, text in texts:
            form = {"Action": "Publish", "Version": "2010-03-31", "PhoneNumber": phone, "Message": text}
            for number, (name, value) in enumerate(_attributes().items(), 1):
                entry = f"MessageAttributes.entry.{number}"
                form |= {f"{entry}.Name": name, f"{entry}.Value.DataType": "String"}
                form[f"{entry}.Value.StringValue"] = value["StringValue"]
            body = urlencode(form)
            headers = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
            request = AWSRequest("POST", url, headers=headers, data=body)
            SigV4Auth(self._credentials.get_frozen_credentials(), "sns", self.region).add_auth(request)
            answer = self._pool.request("POST", url, body=body, headers=dict(request.headers.items()))
            assert answer.status == 200

    def bulk(self, mail: Mail, to: Sequence[MailRecipient]) -> None:
        self._ses.send_bulk_email(
            FromEmailAddress="Burgernet <noreply@burgernet.example>",
            ConfigurationSetName="burgernet",
            DefaultContent={
                "Template": {
                    "TemplateContent": {"Subject": mail.subject, "Text": mail.text, "Html": mail.html},
                    "TemplateData": '{"reply":"","manage":""}',
                }
            },
            BulkEmailEntries=[_entry(recipient) for recipient in to],
        )

    @cached_property
    def _sns(self) -> Any:
        return boto3.client("sns")

    @cached_property
    def _ses(self) -> Any:
        return boto3.client("sesv2")

    @cached_property
    def _credentials(self) -> Any:
        return botocore.session.get_session().get_credentials()

    @cached_property
    def _pool(self) -> urllib3.PoolManager:
        return urllib3.PoolManager(retries=False)


def _attributes() -> dict[str, Any]:
    given = {"AWS.SNS.SMS.SMSType": "Transactional", "AWS.SNS.SMS.SenderID": "Burgernet", "alert": "0000000abc"}
    return {name: {"DataType": "String", "StringValue": value} for name, value in given.items()}


def _entry(recipient: MailRecipient) -> dict[str, Any]:
    values = ",".join(f'"{name}":"{value}"' for name, value in recipient.values.items())
    return {
        "Destination": {"ToAddresses": [recipient.address]},
        "ReplacementTags": [{"Name": name, "Value": value} for name, value in recipient.tags.items()],
        "ReplacementEmailContent": {"ReplacementTemplate": {"ReplacementTemplateData": f"{{{values}}}"}},
        "ReplacementHeaders": [
            {"Name": "List-Unsubscribe", "Value": f"<{recipient.unsubscribe_url}>"},
            {"Name": "List-Unsubscribe-Post", "Value": "List-Unsubscribe=One-Click"},
        ],
    }
