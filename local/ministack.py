"""The emulator of AWS: one process on the loopback interface, with an environment and a folder of its own."""

import os
from pathlib import Path

from local.process import HOST, Process, ProcessError

REGION = "eu-west-1"
ACCOUNT = "000000000000"
PROGRAM = Path(__file__).parent.parent / ".tools" / "ministack" / "bin" / "ministack"
CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "local",
    "AWS_SECRET_ACCESS_KEY": "local",
    "AWS_REGION": REGION,
    "AWS_DEFAULT_REGION": REGION,
}


def ministack(folder: Path, port: int, *, policies: bool = False) -> Process:
    """Not yet started. Everything it writes lands in ``folder``.

    ``policies``: every call of a function is checked against its own policy, and one service's of another's likewise.
    """
    if not PROGRAM.exists():
        raise ProcessError("the emulator is not installed: start this through ./dev")
    work = folder / "ministack"
    work.mkdir(parents=True, exist_ok=True)
    environment = {
        **CREDENTIALS,
        "PATH": os.environ.get("PATH", os.defpath),
        "LANG": "C.UTF-8",
        "HOME": str(work),
        "TMPDIR": str(work),  # it leaves a folder per Lambda worker behind
        "BIND_HOST": HOST,  # by default it listens on every interface
        "GATEWAY_PORT": str(port),
        "IOT_MTLS_ENABLED": "0",  # or it listens on 0.0.0.0:8883 whatever BIND_HOST says
        "AUTH": str(policies).lower(),
        "MINISTACK_REGION": REGION,
        "LOG_LEVEL": "WARNING",
    }
    return Process("ministack", [str(PROGRAM)], environment, folder / "ministack.log")


def endpoint(port: int) -> str:
    return f"http://{HOST}:{port}"


def health(port: int) -> str:
    """Answers once the emulator is ready."""
    return f"{endpoint(port)}/_ministack/health"
