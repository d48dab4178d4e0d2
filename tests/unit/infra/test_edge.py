"""The edge of production finds pages as the local origin does."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

RESOURCES = yaml.safe_load((Path(__file__).parents[3] / "infra" / "edge.yaml").read_text())["Resources"]


@pytest.mark.parametrize(
    ("address", "file"),
    [
        ("/t/abc123", "/reply.html"),
        ("/manage", "/manage.html"),
        ("/aanmelden", "/aanmelden.html"),
        ("/", "/"),
        ("/js/api.js", "/js/api.js"),
        ("/t/abc/def", "/t/abc/def.html"),
    ],
)
def test_an_address_without_a_file_name_finds_its_page(address, file):
    node = shutil.which("node")
    if not node:
        pytest.skip("node is not installed: the function of the edge is JavaScript")
    code = RESOURCES["PageNames"]["Properties"]["FunctionCode"]
    call = f"{code}\nconsole.log(handler({{request: {{uri: {json.dumps(address)}}}}}).uri)"
    ran = subprocess.run([node, "-e", call], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == file
