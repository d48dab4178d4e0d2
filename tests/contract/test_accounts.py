"""What every book of staff accounts promises."""

import uuid

import boto3
import pytest

from chalicelib.staff.accounts import CognitoAccounts, Contacts, MemoryAccounts
from local import staff_accounts
from local.ministack import CREDENTIALS, REGION

ANNA = staff_accounts.contacts_of("anna", 1)


@pytest.fixture
def cognito(request):
    return boto3.client(
        "cognito-idp",
        endpoint_url=request.getfixturevalue("ministack_endpoint"),
        region_name=REGION,
        aws_access_key_id=CREDENTIALS["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
    )


@pytest.fixture
def pool(cognito):
    """One with anna's account in it; its id."""
    made = cognito.create_user_pool(PoolName=f"staff-{uuid.uuid4().hex[:8]}")["UserPool"]["Id"]
    staff_accounts.make(cognito, made, ["anna"])
    return made


@pytest.fixture(params=["memory", "cognito"])
def accounts(request):
    if request.param == "memory":
        return MemoryAccounts({"anna": ANNA})
    cognito = request.getfixturevalue("cognito")
    return CognitoAccounts(request.getfixturevalue("pool"), lambda: cognito)


def test_an_account_says_where_its_owner_is_reached(accounts):
    assert accounts.contacts("anna") == ANNA


def test_who_has_no_account_is_reached_nowhere(accounts):
    assert accounts.contacts("nobody") == Contacts()


def test_only_what_an_administrator_has_proved_counts(cognito, pool):
    accounts = CognitoAccounts(pool, lambda: cognito)
    unproved = [{"Name": "email_verified", "Value": "false"}]
    cognito.admin_update_user_attributes(UserPoolId=pool, Username="anna", UserAttributes=unproved)
    assert accounts.contacts("anna") == Contacts(phone=ANNA.phone)
    cognito.admin_disable_user(UserPoolId=pool, Username="anna")
    assert accounts.contacts("anna") == Contacts()
