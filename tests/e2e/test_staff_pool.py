"""The deployed user pool: an account by the runbook, and its token, which the deployed authorizer believes."""

import httpx
import pytest

from local import deploy
from local.town.organisations import CONTROL_ROOM

PASSWORD = "Correct-horse-battery-9"


@pytest.fixture(scope="module")
def cognito(stack):
    return stack.emulator.client("cognito-idp")


@pytest.fixture(scope="module")
def pool(stack):
    """The outputs of the deployment: pool and client."""
    described = stack.emulator.client("cloudformation").describe_stacks(StackName=deploy.STACK)["Stacks"][0]
    outputs = {output["OutputKey"]: output["OutputValue"] for output in described["Outputs"]}
    return outputs["StaffPoolId"], outputs["StaffClientId"]


@pytest.fixture(scope="module")
def believing(stack, pool):
    """The authorizer as it is without the parameters by which a local stack takes its tokens from elsewhere.

    The keys are fetched from the emulator: the pool's own address is on the internet.
    """
    functions, name = stack.emulator.client("lambda"), f"{deploy.STACK}-authorizer"
    before = functions.get_function_configuration(FunctionName=name)["Environment"]
    own = {
        "JWKS_URL": f"{stack.addresses.aws}/{pool[0]}/.well-known/jwks.json",
        "TOKEN_ISSUER": f"https://cognito-idp.eu-west-1.amazonaws.com/{pool[0]}",
        "TOKEN_AUDIENCE": pool[1],
    }
    functions.update_function_configuration(FunctionName=name, Environment={"Variables": before["Variables"] | own})
    yield
    functions.update_function_configuration(FunctionName=name, Environment=before)


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
def account(cognito, pool):
    """Anna's, made as the runbook says."""
    cognito.admin_create_user(
        UserPoolId=pool[0],
        Username="a.jansen",
        TemporaryPassword=f"{PASSWORD}-once",
        UserAttributes=[{"Name": "custom:tenant", "Value": CONTROL_ROOM.id}],
        MessageAction="SUPPRESS",
    )
    cognito.admin_set_user_password(UserPoolId=pool[0], Username="a.jansen", Password=PASSWORD, Permanent=True)
    cognito.admin_add_user_to_group(UserPoolId=pool[0], Username="a.jansen", GroupName="dispatcher")
    return "a.jansen"


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
