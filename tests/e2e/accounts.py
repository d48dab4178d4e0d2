"""Accounts in the deployed user pool."""

from local.town.organisations import CONTROL_ROOM

PASSWORD = "Correct-horse-battery-9"


def make(cognito, pool, user, group):
    """One of the invented control room, as the runbook says; its name."""
    cognito.admin_create_user(
        UserPoolId=pool,
        Username=user,
        TemporaryPassword=f"{PASSWORD}-once",
        UserAttributes=[{"Name": "custom:tenant", "Value": CONTROL_ROOM.id}],
        MessageAction="SUPPRESS",
    )
    cognito.admin_set_user_password(UserPoolId=pool, Username=user, Password=PASSWORD, Permanent=True)
    cognito.admin_add_user_to_group(UserPoolId=pool, Username=user, GroupName=group)
    return user
