"""The staff's user pool as it is deployed, and that the authorizer believes it and nobody else."""

import pytest

from chalicelib.staff.model import Role


@pytest.fixture(scope="module")
def pool(resources):
    return resources["StaffPool"]["Properties"]


@pytest.fixture(scope="module")
def client(resources):
    return resources["StaffClient"]["Properties"]


def test_groups_are_the_roles(of_type):
    groups = of_type("AWS::Cognito::UserPoolGroup").values()
    assert {group["Properties"]["GroupName"] for group in groups} == set(Role)


def test_nobody_signs_up_and_nobody_gets_in_without_a_second_factor_or_by_an_inbox(pool):
    assert pool["AdminCreateUserConfig"] == {"AllowAdminCreateUserOnly": True}
    assert (pool["MfaConfiguration"], pool["EnabledMfas"]) == ("ON", ["SOFTWARE_TOKEN_MFA"])
    assert pool["AccountRecoverySetting"]["RecoveryMechanisms"] == [{"Name": "admin_only", "Priority": 1}]
    password = pool["Policies"]["PasswordPolicy"]
    assert password["MinimumLength"] >= 12
    assert all(password[f"Require{kind}"] for kind in ("Lowercase", "Uppercase", "Numbers", "Symbols"))


def test_the_pool_stays_whatever_happens_to_the_stack(resources, pool):
    assert resources["StaffPool"]["DeletionPolicy"] == "Retain"
    assert pool["DeletionProtection"] == "ACTIVE"


def test_nobody_says_for_whom_they_work_or_where_they_are_reached(pool, client):
    (tenant,) = pool["Schema"]
    assert (tenant["Name"], tenant["Mutable"]) == ("tenant", False)
    assert client["WriteAttributes"] == ["name"]


def test_tokens_are_short_and_a_password_is_never_sent(client):
    assert client["GenerateSecret"] is False
    assert client["TokenValidityUnits"]["IdToken"] == "minutes"
    assert client["IdTokenValidity"] <= 60
    assert set(client["ExplicitAuthFlows"]) == {"ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"}
    assert client["PreventUserExistenceErrors"] == "ENABLED"


def test_a_code_leads_back_to_the_pages_of_staff_alone(client):
    """And no token ever stands in an address: there is no implicit flow."""
    pages = [{"Fn::Sub": "${WebUrl}/console"}, {"Fn::Sub": "${WebUrl}/dashboard"}]
    assert (client["CallbackURLs"], client["LogoutURLs"]) == (pages, pages)
    assert client["AllowedOAuthFlowsUserPoolClient"] is True
    assert (client["AllowedOAuthFlows"], client["AllowedOAuthScopes"]) == (["code"], ["openid"])
    assert client["SupportedIdentityProviders"] == ["COGNITO"]


def test_the_pages_are_told_where_the_pool_lets_staff_in(resources):
    assert resources["StaffDomain"]["Properties"]["UserPoolId"] == {"Ref": "StaffPool"}
    assert resources["StaffDomain"]["Properties"]["ManagedLoginVersion"] == 2
    assert resources["StaffSignInLooks"]["Properties"]["ClientId"] == {"Ref": "StaffClient"}
    told = resources["APIHandler"]["Properties"]["Environment"]["Variables"]["SIGN_IN_URL"]
    assert told["Fn::If"][1:] == [
        {"Fn::Sub": "https://${StaffDomain}.auth.${AWS::Region}.amazoncognito.com"},
        {"Ref": "SignInUrl"},
    ]


def test_the_authorizer_believes_the_pool_of_its_own_stack(template):
    variables = template["Globals"]["Function"]["Environment"]["Variables"]
    issuer = "https://cognito-idp.${AWS::Region}.amazonaws.com/${StaffPool}"
    own = {name: variables[name]["Fn::If"][1] for name in ("JWKS_URL", "TOKEN_ISSUER", "TOKEN_AUDIENCE")}
    assert own == {
        "JWKS_URL": {"Fn::Sub": f"{issuer}/.well-known/jwks.json"},
        "TOKEN_ISSUER": {"Fn::Sub": issuer},
        "TOKEN_AUDIENCE": {"Ref": "StaffClient"},
    }
    assert template["Parameters"]["JwksUrl"]["Default"] == ""
