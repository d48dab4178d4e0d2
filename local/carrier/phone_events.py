"""Events of AWS End User Messaging, as a configuration set sends them: its user guide, "Example event data"."""

from datetime import datetime
from typing import Any

from local.carrier.inbox import Channel, Message

COUNTRY = "NL"
CARRIER, MCC, MNC = "Local carrier", "204", "99"  # a network that does not exist
PRICE_USD = 0.08  # per part

DESCRIPTIONS = {
    "TEXT_DELIVERED": "Message has been accepted by phone",
    "TEXT_INVALID": "The destination phone number is invalid or does not exist",
    "TEXT_UNREACHABLE": "Phone is currently unreachable/unavailable",
}


def event(message: Message, event_type: str, now: datetime, *, final: bool = True) -> dict[str, Any]:
    """``event_type``: with ``TEXT_`` or ``VOICE_`` in front of what the message's status then is."""
    said = {
        "eventType": event_type,
        "eventVersion": "1.0",
        "eventTimestamp": _ms(now),
        "isFinal": final,
        "originationPhoneNumber": message.sender,
        "destinationPhoneNumber": message.to,
        "isoCountryCode": COUNTRY,
        "messageId": message.id,
        "messageRequestTimestamp": _ms(message.at),
        "messageStatus": event_type.partition("_")[2],
        "context": dict(message.tags),
    }
    return said if message.channel is Channel.VOICE else said | _of_text(message, event_type)


def _of_text(message: Message, event_type: str) -> dict[str, Any]:
    return {
        "mcc": MCC,
        "mnc": MNC,
        "carrierName": CARRIER,
        "messageEncoding": "GSM" if message.encoding == "GSM-7" else "Unicode",
        "messageType": message.sms_type.upper(),
        "messageStatusDescription": DESCRIPTIONS.get(event_type, ""),
        "totalMessageParts": message.parts,
        "totalMessagePrice": round(PRICE_USD * message.parts, 5),
        "totalCarrierFee": 0.0,
    }


def _ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
