"""What holds for every test: no network but the loopback interface, and nothing of the machine's own AWS settings."""

import gc
import ipaddress
import os
import sys
from pathlib import Path

import pytest
from hypothesis import is_hypothesis_test, settings

# A shared machine's speed says nothing about the code. CI tries the same examples each time, a developer new ones.
settings.register_profile("burgernet", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("burgernet")
# For a second Python: rare inputs are the first's to find, what an interpreter does otherwise shows at the first few.
settings.register_profile("few", settings.get_profile("burgernet"), max_examples=10)

for name in [name for name in os.environ if name.startswith("AWS_")]:
    del os.environ[name]
os.environ |= {
    "AWS_REGION": "eu-west-1",
    "AWS_DEFAULT_REGION": "eu-west-1",
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_EC2_METADATA_DISABLED": "true",
}


def pytest_itemcollected(item):
    """``--hypothesis-profile few`` also holds for tests that want more examples than usual."""
    if settings.get_current_profile_name() == "few" and is_hypothesis_test(item.obj):
        own = item.obj._hypothesis_internal_use_settings
        few = min(own.max_examples, settings.default.max_examples)
        item.obj._hypothesis_internal_use_settings = settings(own, max_examples=few)


def pytest_collection_finish():
    """Thousands of tests, and the modules they need, stay until the end: no use in looking for garbage among them."""
    gc.collect()
    gc.freeze()


class NetworkUsed(AssertionError):
    """A test reached for another machine."""


def _loopback_only(event, arguments):
    if event != "socket.connect":
        return
    address = arguments[1]
    if isinstance(address, tuple) and address[0] != "localhost" and not ipaddress.ip_address(address[0]).is_loopback:
        raise NetworkUsed(f"a test connects to {address[0]}")


sys.addaudithook(_loopback_only)


@pytest.fixture(scope="session")
def boundaries():
    """The folder with real Dutch boundaries (GeoJSON), which is not part of the project."""
    folder = os.environ.get("BURGERNET_BOUNDARIES")
    if not folder:
        pytest.skip("set BURGERNET_BOUNDARIES to a folder with gemeenten.geojson, wijken and buurten")
    path = Path(folder)
    assert path.is_dir(), f"BURGERNET_BOUNDARIES: {path} is not a folder"
    return path
