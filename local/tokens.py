"""``./dev token``: a staff token for the local system, shaped as Cognito's ID token, and the key that signs it.

The key is made once and stays in ``.local``; the carrier publishes its public half, as an identity provider does.
"""

import argparse
import base64
import json
import sys
import time
import uuid
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from chalicelib.staff.model import Role
from local.addresses import FOLDER
from local.town.organisations import tenant_of

ISSUER = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_local"
AUDIENCE = "burgernet-local"
KEY_ID = "local-1"
LIFE_S = 8 * 3600


def key_file(folder: Path = FOLDER) -> Path:
    """The private key (PEM), made on first use, once also where several want it first; ``jwks_file`` beside it."""
    file = folder / "staff-key.pem"
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True)
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        pem = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        part = _part(file, pem)
        with suppress(FileExistsError):
            file.hardlink_to(part)  # unlike a new name, it leaves a key that is there
        part.unlink()
    return file


def jwks_file(folder: Path = FOLDER) -> Path:
    """The public key as a JSON Web Key Set."""
    file = folder / "jwks.json"
    numbers = _key(key_file(folder).read_bytes()).public_key().public_numbers()
    public = {"kty": "RSA", "use": "sig", "alg": "RS256", "kid": KEY_ID, "n": _text(numbers.n), "e": _text(numbers.e)}
    _part(file, json.dumps({"keys": [public]}).encode()).rename(file)
    return file


def _part(file: Path, content: bytes) -> Path:
    """What is to become the file: whoever reads that never sees the half of it."""
    part = file.with_name(f"{file.name}.{uuid.uuid4().hex}")
    part.touch(mode=0o600)
    part.write_bytes(content)
    return part


def issue(*roles: Role, user: str, tenant: str = "", folder: Path = FOLDER, now: int | None = None) -> str:
    """A token for a member of staff. ``tenant``: their organisation; by default one of the invented country.

    ``now``: epoch seconds at which it begins; by default the machine's.
    """
    now = int(time.time()) if now is None else now
    claims: dict[str, Any] = {
        "sub": str(uuid.uuid5(uuid.NAMESPACE_URL, user)),
        "cognito:username": user,
        "cognito:groups": [str(role) for role in roles],
        "custom:tenant": tenant or tenant_of(roles[0]),
        "iss": ISSUER,
        "aud": AUDIENCE,
        "token_use": "id",
        "auth_time": now,
        "iat": now,
        "exp": now + LIFE_S,
    }
    return jwt.encode(claims, _key(key_file(folder).read_bytes()), algorithm="RS256", headers={"kid": KEY_ID})


@cache
def _key(pem: bytes) -> rsa.RSAPrivateKey:
    """Read once: to check that its numbers are primes takes a hundred times as long as to sign."""
    key = serialization.load_pem_private_key(pem, password=None)
    assert isinstance(key, rsa.RSAPrivateKey)
    return key


def _text(number: int) -> str:
    raw = number.to_bytes((number.bit_length() + 7) // 8)
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def main() -> int:
    roles = ", ".join(Role)
    parser = argparse.ArgumentParser(
        prog="./dev token", description="Print a staff token for the local system, good for 8 hours."
    )
    parser.add_argument("role", help=f"one or more, with commas between: {roles}")
    parser.add_argument("--user", help="user name; by default that of the (first) role")
    parser.add_argument("--tenant", default="", help="organisation; by default that of the (first) role")
    options = parser.parse_args()
    try:
        chosen = [Role(role) for role in options.role.split(",")]
    except ValueError:
        print(f"There is no role {options.role}; the roles are {roles}.", file=sys.stderr)
        return 2
    print(issue(*chosen, user=options.user or str(chosen[0]), tenant=options.tenant))
    return 0


if __name__ == "__main__":
    sys.exit(main())
