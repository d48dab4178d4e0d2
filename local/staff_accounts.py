"""Accounts in the deployed user pool for who can be chosen at the local console, so that they can be reached there.

Nobody signs in with them: the local console hands out tokens of its own (``local/origin/people.py``).
"""

import secrets
from collections.abc import Iterable
from typing import Any

from chalicelib.staff.accounts import Contacts


def contacts_of(user: str, number: int) -> Contacts:
    """Invented: of the user with this number among them."""
    return Contacts(f"{user}@meldkamer.example", f"+316990000{number:02}")


def make(client: Any, pool: str, users: Iterable[str]) -> None:
    """``client``: of ``cognito-idp``. Contacts are proved, as an administrator says so of a real one."""
    for number, user in enumerate(users, 1):
        own = contacts_of(user, number)
        attributes = {
            "email": own.email,
            "email_verified": "true",
            "phone_number": own.phone,
            "phone_number_verified": "true",
        }
        client.admin_create_user(
            UserPoolId=pool,
            Username=user,
            TemporaryPassword=f"{secrets.token_urlsafe(24)}-Aa1",  # of use to nobody
            UserAttributes=[{"Name": name, "Value": value} for name, value in attributes.items()],
            MessageAction="SUPPRESS",
        )
