"""The accounts that the carrier knows on its social networks: what an operator would put in Secrets Manager."""

from collections.abc import Mapping

HANDLE = "burgernet"
USER_ID = "1800000000000000001"
X: Mapping[str, str] = {
    "consumer_key": "local-app",
    "consumer_secret": "local-app-secret",
    "access_token": f"{USER_ID}-local",
    "access_token_secret": "local-access-secret",
}
MASTODON_TOKEN = "local-mastodon-token"  # noqa: S105
