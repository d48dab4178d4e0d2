"""The product in one process over an emulator's tables, with three invented municipalities in it."""

import json
import uuid
from contextlib import contextmanager
from datetime import UTC, datetime

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from chalicelib.areas import importer
from chalicelib.areas.service import AreaService
from chalicelib.areas.store import DynamoAreaStore
from chalicelib.platform import aws
from chalicelib.platform.clock import ManualClock
from chalicelib.platform.queues import QueueName
from chalicelib.platform.settings import TABLES, Settings
from chalicelib.staff.model import Kind, Organisation
from infra import tables
from local import town
from local.in_process import InProcess
from local.ministack import endpoint, health, ministack
from local.process import free_port

ISSUER, AUDIENCE = "https://staff.burgernet.example", "burgernet-test"
BOUNDS = (3.2, 50.7, 7.3, 53.7)
NOW = datetime(2026, 11, 23, 20, 15, tzinfo=UTC)


@pytest.fixture(scope="session")
def emulator(tmp_path_factory):
    port = free_port()
    with ministack(tmp_path_factory.mktemp("ministack"), port) as server:
        server.until_it_answers(health(port))
        aws.client.cache_clear()  # from here on every client is one of this emulator's
        yield endpoint(port)
        aws.client.cache_clear()


@pytest.fixture(scope="session")
def staff_key():
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def create(*kinds):
    """Fresh tables; kind -> physical name."""
    client = aws.client("dynamodb")
    names = {kind: f"{kind}-{uuid.uuid4().hex[:8]}" for kind in kinds}
    for kind, name in names.items():
        client.create_table(**tables.create_table(kind, name))
    return names


@pytest.fixture(scope="session")
def dynamo_areas(emulator):
    """Gives a fresh areas table, as a store and by name. Used as ``with``."""

    @contextmanager
    def make():
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("AWS_ENDPOINT_URL", emulator)
            name = create("areas")["areas"]
            yield DynamoAreaStore(name, lambda: aws.client("dynamodb")), name

    return make


@pytest.fixture(scope="session")
def areas_table(dynamo_areas, tmp_path_factory):
    """The invented country's areas, of which two municipalities have joined. Tests only read it."""
    folder = tmp_path_factory.mktemp("town")
    town.write(folder)
    with dynamo_areas() as (store, name):
        areas = AreaService(store, BOUNDS)
        areas.load(importer.read(folder / "town.geojson"))
        for code in town.JOINED:
            areas.put_municipality(code, True, (f"{code.lower()}@burgernet.example",))
    return name


def organise(system):
    """Control room MK90 has every municipality that there is, and each is an organisation by its own code."""
    codes = tuple(area.code for area in system.areas.municipalities())
    system.organisations.put(Organisation("MK90", Kind.CONTROL_ROOM, "Meldkamer", codes))
    for code in codes:
        system.organisations.put(Organisation(code, Kind.MUNICIPALITY, code, (code,)))


@pytest.fixture(scope="session")
def make_product(emulator, areas_table, staff_key):
    """Makes the product in the invented country at 20:15 UTC; nobody has signed up. Used as ``with``.

    ``more``: settings.
    """
    key = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(staff_key.public_key())) | {"kid": "k1", "use": "sig"}

    @contextmanager
    def make(areas=areas_table, **more):
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("AWS_ENDPOINT_URL", emulator)
            settings = Settings(
                stage="test",
                tables={**create(*(kind for kind in TABLES if kind != "areas")), "areas": areas},
                queue_urls={queue: f"https://sqs.example/{queue}" for queue in QueueName},
                web_url="https://burgernet.example",
                link_secret="l" * 32,
                contact_secret="c" * 32,
                push_secret="p" * 32,
                contact_key=aws.client("kms").create_key()["KeyMetadata"]["Arn"],
                jwks_url="https://staff.burgernet.example/jwks.json",
                sign_in_url="https://staff.burgernet.example",
                token_issuer=ISSUER,
                token_audience=AUDIENCE,
                supervisors="chief@burgernet.example",
                sign_up_hundred_limit=1_000,
                sign_up_thousand_limit=1_000,
                geocoder_url="https://addresses.burgernet.example",
                sms_rate=1_000,
                email_rate=1_000,
                social_networks=("x", "mastodon"),
                **more,
            )
            product = InProcess(settings, ManualClock(NOW), lambda url: {"keys": [{**key, "alg": "RS256"}]})
            organise(product.system)
            yield product

    return make


@pytest.fixture
def product(make_product):
    with make_product() as product:
        yield product


@pytest.fixture(scope="session")
def token(staff_key):
    """Makes a staff token, shaped as the user pool's ID tokens. An analyst is Fabelstad's unless it is said."""

    def token(role, user=None, tenant=None):
        now = int(NOW.timestamp())
        claims = {
            "sub": str(uuid.uuid5(uuid.NAMESPACE_DNS, user or role)),
            "cognito:username": user or role,
            "cognito:groups": [role],
            "custom:tenant": tenant or ("GM9001" if role == "analyst" else "MK90"),
            "token_use": "id",
            "iss": ISSUER,
            "aud": AUDIENCE,
            "iat": now,
            "exp": now + 30 * 24 * 3600,
        }
        return jwt.encode(claims, staff_key, algorithm="RS256", headers={"kid": "k1"})

    return token
