"""AWS Signature Version 4 for what we send: a POST without a query, its path in plain letters.

AWS General Reference, "Create a signed AWS API request". botocore's signer takes four times as long, since it handles
every request there can be; tests compare the two.
"""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache

from botocore.credentials import ReadOnlyCredentials

from chalicelib.platform.keyed_sha256 import KeyedSha256

ALGORITHM = "AWS4-HMAC-SHA256"


def signed_headers(
    credentials: ReadOnlyCredentials,
    service: str,
    region: str,
    host: str,
    path: str,
    headers: Mapping[str, str],
    body: bytes,
    at: datetime,
) -> dict[str, str]:
    """``headers`` and those that prove who asks. ``host``: as the Host header will say. ``at``: UTC."""
    # strftime takes six times as long.
    moment = f"{at.isoformat(timespec='seconds')[:19]}Z".replace("-", "").replace(":", "")
    sent = {**headers, "X-Amz-Date": moment}
    if credentials.token:
        sent["X-Amz-Security-Token"] = credentials.token
    named = sorted([("host", host), *[(name.lower(), " ".join(value.split())) for name, value in sent.items()]])
    names = ";".join([name for name, _ in named])
    lines = "\n".join([f"{name}:{value}" for name, value in named])
    request = f"POST\n{path}\n\n{lines}\n\n{names}\n{hashlib.sha256(body).hexdigest()}"
    scope = f"{moment[:8]}/{region}/{service}/aws4_request"
    text = f"{ALGORITHM}\n{moment}\n{scope}\n{hashlib.sha256(request.encode()).hexdigest()}"
    signature = _key(credentials.secret_key, moment[:8], region, service).digest(text.encode()).hex()
    sent["Authorization"] = (
        f"{ALGORITHM} Credential={credentials.access_key}/{scope}, SignedHeaders={names}, Signature={signature}"
    )
    return sent


@lru_cache(maxsize=8)
def _key(secret: str, day: str, region: str, service: str) -> KeyedSha256:
    """Of one day: four hashes that need not be made again for each request."""
    key = f"AWS4{secret}".encode()
    for part in (day, region, service, "aws4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    return KeyedSha256(key)
