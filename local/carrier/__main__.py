"""``python -m local.carrier``: start the carrier."""

import argparse
import os
from collections.abc import Collection
from functools import partial
from pathlib import Path

import httpx

from chalicelib.platform.clock import SystemClock
from local.carrier.app import Carrier, create_app, jwks_file
from local.carrier.aws_outlets import aws_outlets
from local.carrier.exchange import Exchange
from local.carrier.faults import Faults
from local.carrier.geocoder import Geocoder
from local.carrier.inbox import Inbox
from local.carrier.outlets import Receipt
from local.carrier.receipts import Receipts
from local.carrier.replies import Replies
from local.loopback import loopback_url, serve

# What the configuration set of infra/messages.yaml asks for: all about delivery but Send, which SES answers anyway.
SES_EVENTS = "Delivery,Bounce,Complaint,Reject,Rendering Failure,DeliveryDelay"


def main() -> None:
    arguments = _arguments()
    clock, inbox = SystemClock(), Inbox()
    events = arguments.ses_events.split(",")

    outlets = (
        aws_outlets(arguments.aws, arguments.region, arguments.account, arguments.ses_topic, arguments.phone_topic)
        if arguments.aws
        else {}
    )
    carrier = Carrier(
        Exchange(
            inbox, Faults(), Receipts(inbox, outlets, clock, arguments.latency_ms, partial(is_wanted, events)), clock
        ),
        Replies(httpx.AsyncClient(timeout=30, trust_env=False), arguments.api or ""),
        Geocoder(arguments.addresses),
        jwks_file(arguments.jwks),
    )
    serve(create_app(carrier), arguments.port, "carrier")


def is_wanted(ses_events: Collection[str], receipt: Receipt) -> bool:
    """Whether anybody has asked for it: of mail only some events, of texts and calls all."""
    return "mail" not in receipt or receipt["eventType"] in ses_events


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m local.carrier", description="Plays every outside party.")
    parser.add_argument("--port", type=int, required=True, help="on 127.0.0.1; 0 takes a free one")
    parser.add_argument("--aws", type=loopback_url, help="the emulator that gets receipts; none: no receipts")
    parser.add_argument("--ses-topic", default="ses-events", help="ARN, or end of the name, of the topic of SES events")
    parser.add_argument("--phone-topic", default="phone-events", help="the same of End User Messaging's events")
    parser.add_argument("--ses-events", default=SES_EVENTS, help="event types that are published, comma separated")
    parser.add_argument("--region", default=os.environ.get("AWS_REGION", "eu-west-1"))
    parser.add_argument("--account", default="000000000000")
    parser.add_argument("--latency-ms", type=int, default=300, help="from taken to delivered")
    parser.add_argument("--api", type=loopback_url, help="the API for replies; else /api beside the link's page")
    parser.add_argument("--addresses", type=Path, help="JSON file of addresses for the geocoder")
    parser.add_argument("--jwks", type=Path, help="JSON file of the identity provider's public keys")
    return parser.parse_args()


if __name__ == "__main__":
    main()
