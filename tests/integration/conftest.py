"""The product in one process over an emulator's tables, with three invented municipalities in it."""

import json
import uuid
from datetime import UTC, datetime

import boto3
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from chalicelib.areas import importer
from chalicelib.platform import aws
from chalicelib.platform.clock import ManualClock
from chalicelib.platform.queues import QueueName
from chalicelib.platform.settings import TABLES, Settings
from infra import tables
from local import town
from local.in_process import InProcess
from local.ministack import endpoint, health, ministack
from local.process import free_port

ISSUER, AUDIENCE = "https://staff.burgernet.example", "burgernet-test"
NOW = datetime(2026, 11, 23, 20, 15, tzinfo=UTC)


@pytest.fixture(scope="session")
def emulator(tmp_path_factory):
    port = free_port()
    with ministack(tmp_path_factory.mktemp("ministack"), port) as server:
        server.until_it_answers(health(port))
        yield endpoint(port)


@pytest.fixture(scope="session")
def staff_key():
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture(scope="session")
def town_folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("town")
    town.write(folder)
    return folder


@pytest.fixture
def product(emulator, staff_key, monkeypatch):
    """Empty, at 20:15 UTC."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", emulator)
    aws.client.cache_clear()
    client = boto3.client("dynamodb")
    names = {table: f"{table}-{uuid.uuid4().hex[:8]}" for table in TABLES}
    for table, name in names.items():
        client.create_table(**tables.create_table(table, name))
    settings = Settings(
        stage="test",
        tables=names,
        queue_urls={queue: f"https://sqs.example/{queue}" for queue in QueueName},
        web_url="https://burgernet.example",
        link_secret="l" * 32,
        contact_secret="c" * 32,
        jwks_url="https://staff.burgernet.example/jwks.json",
        token_issuer=ISSUER,
        token_audience=AUDIENCE,
        geocoder_url="https://addresses.burgernet.example",
    )
    key = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(staff_key.public_key())) | {"kid": "k1", "use": "sig"}
    yield InProcess(settings, ManualClock(NOW), lambda url: {"keys": [{**key, "alg": "RS256"}]})
    aws.client.cache_clear()


@pytest.fixture
def country(product, town_folder):
    """The product with the invented country's areas, of which two municipalities have joined."""
    areas = product.system.areas
    areas.load(importer.read(town_folder / "town.geojson"))
    for code in town.JOINED:
        areas.put_municipality(code, True, (f"{code.lower()}@burgernet.example",))
    return product


@pytest.fixture
def token(product, staff_key):
    def token(role, user=None, tenant="MK90"):
        now = int(product.clock.now().timestamp())
        claims = {
            "sub": str(uuid.uuid5(uuid.NAMESPACE_DNS, user or role)),
            "cognito:username": user or role,
            "cognito:groups": [role],
            "custom:tenant": tenant,
            "token_use": "id",
            "iss": ISSUER,
            "aud": AUDIENCE,
            "iat": now,
            "exp": now + 8 * 3600,
        }
        return jwt.encode(claims, staff_key, algorithm="RS256", headers={"kid": "k1"})

    return token
