"""SES event publishing: what a configuration set sends to an SNS topic, one JSON object per event."""

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from chalicelib.platform.clock import rfc3339
from local.carrier.inbox import Message

ACCOUNT = "000000000000"
MTA = "a1-2.smtp-out.local-carrier.example"


def send(message: Message, now: datetime) -> dict[str, Any]:
    return _event("Send", message, "send", {})


def delivery(message: Message, now: datetime) -> dict[str, Any]:
    return _event(
        "Delivery",
        message,
        "delivery",
        {
            "timestamp": rfc3339(now),
            "processingTimeMillis": int((now - message.at).total_seconds() * 1000),
            "recipients": [message.to],
            "smtpResponse": "250 2.0.0 OK",
            "remoteMtaIp": "192.0.2.25",
            "reportingMTA": MTA,
        },
        {"ses:outgoing-ip": ["192.0.2.1"]},
    )


def permanent_bounce(message: Message, now: datetime) -> dict[str, Any]:
    return _bounce(message, now, "Permanent", "General", "5.1.1", "smtp; 550 5.1.1 user unknown")


def transient_bounce(message: Message, now: datetime) -> dict[str, Any]:
    return _bounce(message, now, "Transient", "MailboxFull", "5.2.2", "smtp; 552 5.2.2 mailbox full")


def suppression_bounce(message: Message, now: datetime) -> dict[str, Any]:
    why = "Amazon SES did not send the message to this address because it is on the suppression list for your account."
    return _bounce(message, now, "Permanent", "OnAccountSuppressionList", "5.1.1", why)


def complaint(message: Message, now: datetime) -> dict[str, Any]:
    return _event(
        "Complaint",
        message,
        "complaint",
        {
            "complainedRecipients": [{"emailAddress": message.to}],
            "timestamp": rfc3339(now),
            "feedbackId": _feedback_id(),
            "complaintSubType": None,
            "userAgent": "local-carrier",
            "complaintFeedbackType": "abuse",
            "arrivalDate": rfc3339(now),
        },
    )


def reject(message: Message, now: datetime) -> dict[str, Any]:
    return _event("Reject", message, "reject", {"reason": "Bad content"})


def delivery_delay(message: Message, now: datetime) -> dict[str, Any]:
    return _event(
        "DeliveryDelay",
        message,
        "deliveryDelay",
        {
            "timestamp": rfc3339(now),
            "delayType": "TransientCommunicationFailure",
            "expirationTime": rfc3339(now + timedelta(hours=14)),
            "delayedRecipients": [
                {
                    "emailAddress": message.to,
                    "status": "4.4.1",
                    "diagnosticCode": "smtp; 421 4.4.1 Unable to connect to remote host",
                }
            ],
            "reportingMTA": MTA,
        },
    )


def rendering_failure(message: Message, missing: str, now: datetime) -> dict[str, Any]:
    return _event(
        "Rendering Failure",
        message,
        "failure",
        {"errorMessage": f"Attribute '{missing}' is not present in the rendering data.", "templateName": ""},
    )


def _bounce(message: Message, now: datetime, kind: str, subtype: str, status: str, why: str) -> dict[str, Any]:
    return _event(
        "Bounce",
        message,
        "bounce",
        {
            "feedbackId": _feedback_id(),
            "bounceType": kind,
            "bounceSubType": subtype,
            "bouncedRecipients": [
                {"emailAddress": message.to, "action": "failed", "status": status, "diagnosticCode": why}
            ],
            "timestamp": rfc3339(now),
            "reportingMTA": f"dsn; {MTA}",
        },
    )


def _event(
    kind: str,
    message: Message,
    part: str,
    detail: Mapping[str, Any],
    more_tags: Mapping[str, list[str]] | None = None,
) -> dict[str, Any]:
    return {"eventType": kind, "mail": _mail(message, more_tags or {}), part: dict(detail)}


def _mail(message: Message, more_tags: Mapping[str, list[str]]) -> dict[str, Any]:
    subject = message.content.subject
    domain = message.sender.rstrip(">").rpartition("@")[2]
    common = {"from": [message.sender], "to": list(message.recipients), "messageId": message.id, "subject": subject}
    own = [
        ("From", message.sender),
        ("To", ", ".join(message.recipients)),
        ("Subject", subject),
        ("MIME-Version", "1.0"),
        ("Content-Type", "multipart/alternative"),
    ]
    return {
        "timestamp": rfc3339(message.at),
        "source": message.sender,
        "sourceArn": f"arn:aws:ses:eu-west-1:{ACCOUNT}:identity/{domain}",
        "sendingAccountId": ACCOUNT,
        "messageId": message.id,
        "destination": list(message.recipients),
        "headersTruncated": False,
        "headers": [{"name": name, "value": value} for name, value in (*own, *message.headers)],
        "commonHeaders": common,
        "tags": {
            "ses:operation": ["SendBulkEmail"],
            "ses:configuration-set": [message.configuration_set],
            "ses:source-ip": ["127.0.0.1"],
            "ses:from-domain": [domain],
            "ses:caller-identity": ["local"],
            **more_tags,
            **{name: [value] for name, value in message.tags.items()},
        },
    }


def _feedback_id() -> str:
    return f"0102{uuid.uuid4().hex[:12]}-{uuid.uuid4()}-000000"
