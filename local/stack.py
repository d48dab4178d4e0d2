"""The whole system on one machine: emulator, deployed template, carrier, web origin, and the invented country.

    with Stack(folder) as stack:
        stack.addresses.api ...

Every program is a child of ours on the loopback interface, and ends with us.
"""

import json
import os
import re
import shutil
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

from infra import package
from local import deploy, tokens
from local.addresses import FOLDER, PUSH_SERVICE, ROOT, Addresses
from local.carrier import accounts
from local.ministack import ACCOUNT, CREDENTIALS, REGION, endpoint, health, ministack
from local.process import HOST, Process, ProcessError, free_port

WEB_PORT, CARRIER_PORT, AWS_PORT = 8080, 8081, 4566
LOOK_S = 0.5

# One machine, not a region: as many at once as a few cores can serve.
CONCURRENCY = {
    "MatchConcurrency": "2",
    "SendSmsConcurrency": "3",
    "SendVoiceConcurrency": "2",
    "SendEmailConcurrency": "2",
    "SendPushConcurrency": "2",
    "FollowupConcurrency": "2",
    "OtherConcurrency": "2",
}

# The carrier takes what it is given, unless its faults say otherwise.
RATES = {"SmsRate": "1000", "EmailRate": "1000", "VoiceRate": "1000", "PushRate": "1000"}
X_SECRET, MASTODON_SECRET = "burgernet-local-x", "burgernet-local-mastodon"  # names, of what an operator would make
# Who tries it out sends more than five alerts a week, or three in half an hour, to the same neighbourhood.
NO_CAP = {"WeeklyCap": "0", "AlertsLimit": "1000"}
# Everybody comes from this machine, and invented numbers follow each other.
ONE_NETWORK = {
    "Proxies": "0",
    "TipNetworkLimit": "100000",
    **{f"SignUp{scope}Limit": "100000" for scope in ("", "Network", "Contact", "Hundred", "Thousand")},
}
SUPERVISORS = {"SupervisorEmails": "supervisor@burgernet.example"}
CANARY = {"CanaryEmail": "canary@burgernet.example"}  # the carrier says of any mailbox that it took its mail


class StackEnded(Exception):
    """A program that the system needs has ended by itself."""


@dataclass
class Stack:
    """``folder``: everything that it writes, but for the staff key. ``populated``: with the invented country in it.

    ``parameters``: of the template, over those of a local stack. ``progress``: told what is being done.
    ``calls``: a file that gets a line for every call of a function to AWS.
    ``ports``: those it would like, of the web, the carrier and the emulator; 0: any.
    """

    folder: Path = FOLDER / "run"
    populated: bool = True
    parameters: Mapping[str, str] = field(default_factory=dict)
    progress: Callable[[str], None] = lambda step: None
    announce: Path | None = None
    calls: Path | None = None
    ports: tuple[int, int, int] = (WEB_PORT, CARRIER_PORT, AWS_PORT)
    _children: list[Process] = field(default_factory=list, init=False)
    _addresses: Addresses | None = field(default=None, init=False)

    @property
    def addresses(self) -> Addresses:
        assert self._addresses, "the stack has not been started"
        return self._addresses

    @property
    def emulator(self) -> deploy.Emulator:
        return deploy.Emulator(self.addresses.aws)

    def __enter__(self) -> "Stack":
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Up to the first answer of the API. Raises ``ProcessError``, ``PackageError`` or ``DeploymentFailed``."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self._country.mkdir(parents=True)
        web, carrier, aws = map(free_port, self.ports)
        self._addresses = Addresses(
            api=f"http://{HOST}:{web}/api",
            web=f"http://{HOST}:{web}",
            carrier=f"http://{HOST}:{carrier}",
            aws=endpoint(aws),
            region=REGION,
            stage=deploy.STAGE,
            pid=os.getpid(),
        )
        self.progress("start the emulator of AWS and the carrier")
        emulator = self._start(ministack(self.folder, aws, policies=True))
        carrier_process = self._start(self._carrier(carrier))
        country = self._start(self._python("populate", str(self._country))) if self.populated else None
        built = package.build(self.progress)
        emulator.until_it_answers(health(aws))
        self.progress("deploy the template")
        deploy.put_secrets(self.emulator, {X_SECRET: accounts.X, MASTODON_SECRET: self._mastodon})
        outputs = deploy.deploy(self.emulator, self._template(built), self._parameters())
        stage = f"{self.addresses.aws}/restapis/{outputs['RestAPIId']}/api/_user_request_"
        origin = self._start(self._origin(web, stage))
        carrier_process.until_it_answers(f"{self.addresses.carrier}/health")
        origin.until_it_answers(f"{self.addresses.web}/")
        if country:
            self.progress("let the invented country sign up")
            self._finish_populating(country)
        self.progress("ask the API for a first answer")
        origin.until_it_answers(f"{self.addresses.api}/openapi.json")
        if self.announce:
            self.addresses.write(self.announce)

    def watch(self) -> None:
        """Until a child ends by itself: then raises ``StackEnded``."""
        while True:
            for child in self._children:
                if child.ended is not None:
                    raise StackEnded(f"{child.name} ended with status {child.ended}:\n{child.last_words()}")
            time.sleep(LOOK_S)

    def stop(self) -> None:
        """End every child, the newest first, and remove what they wrote, but for their logs."""
        if self.announce:
            self.announce.unlink(missing_ok=True)
        for child in reversed(self._children):
            child.stop()
        self._children.clear()
        for left in ("ministack", "code"):
            shutil.rmtree(self.folder / left, ignore_errors=True)

    @property
    def _mastodon(self) -> dict[str, str]:
        return {"url": self.addresses.carrier, "access_token": accounts.MASTODON_TOKEN}

    @property
    def _country(self) -> Path:
        return self.folder / "town"

    def _start(self, process: Process) -> Process:
        process.start()
        self._children.append(process)
        return process

    def _python(self, name: str, *argv: str) -> Process:
        clean = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        return Process(
            name,
            [sys.executable, "-m", f"local.{name}", *argv],
            {**clean, **CREDENTIALS, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"},
            self.folder / f"{name}.log",
        )

    def _carrier(self, port: int) -> Process:
        argv = ["--port", str(port), "--aws", self.addresses.aws, "--region", REGION, "--account", ACCOUNT]
        argv += ["--ses-topic", f"{deploy.STACK}-ses-events", "--phone-topic", f"{deploy.STACK}-phone-events"]
        argv += ["--api", self.addresses.api]
        argv += ["--addresses", str(self._country / "addresses.json"), "--jwks", str(tokens.jwks_file())]
        return self._python("carrier", *argv)

    def _origin(self, port: int, api: str) -> Process:
        argv = ["--port", str(port), "--api", api, "--carrier", self.addresses.carrier, "--web", str(ROOT / "web")]
        argv += ["--photos", self.addresses.aws]
        if tiles := self.parameters.get("MapTiles"):
            argv += ["--tiles", "/".join(tiles.split("/")[:3])]
        return self._python("origin", *argv)

    def _template(self, built: package.Package) -> deploy.Json:
        tree = self.folder / "code"  # a copy by link: the next ./dev package must not change a running system
        shutil.copytree(built.tree, tree, copy_function=_link)
        environment = {
            "AWS_ENDPOINT_URL_CONNECT": self.addresses.carrier,
            "AWS_ENDPOINT_URL_PINPOINT_SMS_VOICE_V2": self.addresses.carrier,
            "AWS_ENDPOINT_URL_SESV2": self.addresses.carrier,
            "AWS_ENDPOINT_URL_SNS": self.addresses.carrier,
        }
        if self.calls:
            shutil.copy(ROOT / "local" / "recorder" / "sitecustomize.py", tree)
            environment["CALLS_FILE"] = str(self.calls)
        return deploy.adapted(json.loads(built.template.read_text()), tree, environment)

    def _parameters(self) -> dict[str, str]:
        return {
            "Stage": deploy.STAGE,
            "WebUrl": self.addresses.web,
            "JwksUrl": f"{self.addresses.carrier}/.well-known/jwks.json",
            "TokenIssuer": tokens.ISSUER,
            "TokenAudience": tokens.AUDIENCE,
            "GeocoderUrl": f"{self.addresses.carrier}/geocoder",
            "PushEndpoints": rf"{re.escape(self.addresses.carrier)}/push/[A-Za-z0-9_-]+",
            "ConnectInstanceId": "local",
            "ConnectFlowId": "local",
            "ConnectOrigination": "+31201111111",
            "XSecret": X_SECRET,
            "XApiUrl": self.addresses.carrier,
            "MastodonSecret": MASTODON_SECRET,
            "ThrottleRate": "10000",
            "ThrottleBurst": "10000",
            "DoorThrottleRate": "10000",
            "DoorThrottleBurst": "10000",
            "CountEverySeconds": "1",
            **CONCURRENCY,
            **RATES,
            **CANARY,
            **NO_CAP,
            **ONE_NETWORK,
            **SUPERVISORS,
            **self.parameters,
        }

    def _finish_populating(self, country: Process) -> None:
        places = {"AWS_ENDPOINT_URL": self.addresses.aws, PUSH_SERVICE: self.addresses.carrier}
        environment = deploy.function_environment(self.emulator) | places
        part = self._country / "environment.part"
        part.write_text(json.dumps(environment))
        part.rename(self._country / "environment.json")
        while country.ended is None:
            time.sleep(0.05)
        self._children.remove(country)
        if country.ended:
            raise ProcessError(f"the invented country could not be loaded:\n{country.last_words()}")


def _link(source: str, target: str) -> None:
    """A second name for the same file, or, on another disk, a copy."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)
