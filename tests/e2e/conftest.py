"""One deployed system for all end-to-end tests: the packaged code in the merged template, as ./dev run starts it."""

import os
import shutil
import sys

import pytest

from chalicelib.staff.model import Role
from local import tokens
from local.addresses import FOLDER
from local.permissions import RECORDS
from local.stack import Stack

COUNTDOWN_S = "2"  # long enough to undo an approval, short enough to wait for


@pytest.fixture(scope="session")
def stack(request):
    """A ``Stack`` with the invented country in it; ``stack.addresses`` says where it answers."""

    def progress(step):
        print(f"  stack: {step}", file=sys.stderr)

    folder = FOLDER / f"e2e-{os.getpid()}"
    calls = RECORDS / "e2e.jsonl"  # for the step "permissions"
    calls.parent.mkdir(parents=True, exist_ok=True)
    calls.unlink(missing_ok=True)
    with Stack(folder, parameters={"CountdownSeconds": COUNTDOWN_S}, progress=progress, calls=calls) as started:
        yield started
    if not request.session.testsfailed:
        shutil.rmtree(folder)  # the logs are worth keeping only where something failed


@pytest.fixture(scope="session")
def token():
    """``token("approver", user="kees")``: a staff token that the system believes."""

    def issue(*roles, user):
        return tokens.issue(*map(Role, roles), user=user)

    return issue


@pytest.fixture(scope="session")
def addresses(stack):
    """Where the system answers."""
    return stack.addresses
