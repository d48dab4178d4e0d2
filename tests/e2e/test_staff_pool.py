"""The deployed user pool: an account by the runbook, and its token, which the deployed authorizer believes."""

import httpx
import pytest

from tests.e2e.accounts import PASSWORD


@pytest.fixture(scope="module")
def way_in(cognito, pool):
    """A password instead of SRP, which the console's client does not take, and boto3 does not speak."""
    client = {"UserPoolId": pool[0], "ClientId": pool[1]}
    own = cognito.describe_user_pool_client(**client)["UserPoolClient"]["ExplicitAuthFlows"]
    assert "ALLOW_ADMIN_USER_PASSWORD_AUTH" not in own
    cognito.update_user_pool_client(**client, ExplicitAuthFlows=[*own, "ALLOW_ADMIN_USER_PASSWORD_AUTH"])
    yield
    cognito.update_user_pool_client(**client, ExplicitAuthFlows=own)


@pytest.fixture(scope="module")
def account(make_account):
    return make_account("a.jansen", "dispatcher")


def signed_in(cognito, pool, user):
    # The emulator asks for no second factor.
    answer = cognito.admin_initiate_auth(
        UserPoolId=pool[0],
        ClientId=pool[1],
        AuthFlow="ADMIN_USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": user, "PASSWORD": PASSWORD},
    )
    return answer["AuthenticationResult"]


def status(addresses, token, path="/alerts"):
    return httpx.get(f"{addresses.api}{path}", headers={"Authorization": f"Bearer {token}"}, timeout=30).status_code


def test_the_id_token_of_an_account_opens_what_its_group_may(believing, way_in, cognito, pool, account, addresses):
    tokens = signed_in(cognito, pool, account)
    assert status(addresses, tokens["IdToken"]) == 200
    assert status(addresses, tokens["IdToken"], "/organisations") == 403
    assert status(addresses, tokens["AccessToken"]) == 401


def test_a_leaver_gets_no_token(way_in, cognito, pool, account):
    cognito.admin_disable_user(UserPoolId=pool[0], Username=account)
    with pytest.raises(cognito.exceptions.NotAuthorizedException):
        signed_in(cognito, pool, account)
