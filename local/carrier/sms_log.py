"""SNS's SMS delivery status, as SNS writes it to CloudWatch Logs."""

from datetime import datetime
from typing import Any

from local.carrier.faults import Fault
from local.carrier.inbox import Message, Status

CARRIER = "Local carrier"
MCC, MNC = 204, 99  # the Netherlands; a network that does not exist
PRICE_USD = 0.08  # per part

DELIVERED = "Message has been accepted by phone"
FAILURES = {
    Fault.BOUNCED: (Status.BOUNCED, "Invalid phone number"),
    Fault.UNDELIVERED: (Status.UNDELIVERED, "Phone is currently unreachable/unavailable"),
    Fault.OPTED_OUT: (Status.OPTED_OUT, "Phone number is opted out"),
}


def entry(message: Message, fault: Fault | None, now: datetime) -> dict[str, Any]:
    """One line of the log: SNS developer guide, "Viewing Amazon CloudWatch metrics and logs for SMS deliveries"."""
    dwell_ms = int((now - message.at).total_seconds() * 1000)
    delivery = {
        "mcc": MCC,
        "mnc": MNC,
        "numberOfMessageParts": message.parts,
        "destination": message.to,
        "priceInUSD": round(PRICE_USD * message.parts, 5),
        "smsType": message.sms_type,
        "providerResponse": DELIVERED if fault not in FAILURES else FAILURES[fault][1],
        "dwellTimeMs": dwell_ms,
        "dwellTimeMsUntilDeviceAck": dwell_ms,
    }
    if fault not in FAILURES:
        delivery = {"phoneCarrier": CARRIER, **delivery}
    return {
        "notification": {"messageId": message.id, "timestamp": f"{message.at:%Y-%m-%d %H:%M:%S}.{_ms(message.at):03d}"},
        "delivery": delivery,
        "status": "FAILURE" if fault in FAILURES else "SUCCESS",
    }


def status(fault: Fault | None) -> Status:
    return FAILURES[fault][0] if fault in FAILURES else Status.DELIVERED


def _ms(moment: datetime) -> int:
    return moment.microsecond // 1000
