"""Where the year's e-mails lie: with the carrier, which takes them as Amazon SES does, or with the sender's twin."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from chalicelib.channels.email import MemoryEmailSender
from local.demo.client import Carrier
from local.ministack import CREDENTIALS, REGION
from local.process import HOST, Process, free_port
from local.year.letters import Inbox, Letter


@contextmanager
def carrier(folder: Path) -> Iterator[Inbox]:
    """A carrier of its own, to which this process sends its e-mail meanwhile. ``folder``: for its log."""
    address = f"http://{HOST}:{free_port()}"
    argv = [sys.executable, "-m", "local.carrier", "--port", address.rpartition(":")[2]]
    before = dict(os.environ)
    with Process("carrier", argv, before, folder / "carrier.log") as process, httpx.Client(timeout=60) as http:
        process.until_it_answers(f"{address}/health")
        os.environ.update(CREDENTIALS, AWS_REGION=REGION, AWS_ENDPOINT_URL_SESV2=address)
        try:
            yield lambda: _letters(Carrier(http, address))
        finally:
            os.environ.clear()
            os.environ.update(before)


def _letters(carrier: Carrier) -> list[Letter]:
    found = carrier.messages(channel="email")
    return [Letter(it["to"], it["subject"], it["text"], it["html"]) for it in found]


def of_twin(sender: MemoryEmailSender) -> Inbox:
    return lambda: [Letter(to.address, mail.subject, mail.text, mail.html) for to, mail in sender.sent]
