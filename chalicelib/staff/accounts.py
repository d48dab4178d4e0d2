"""What an account of staff says of its owner beyond their token: where they can be reached at work."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol


@dataclass(frozen=True)
class Contacts:
    """Those that an administrator has proved; empty where there is none. ``phone``: E.164."""

    email: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)


class Accounts(Protocol):
    def contacts(self, user: str) -> Contacts:
        """Of the member of this name; none where there is no such account, or it is disabled."""
        ...


@dataclass(frozen=True)
class CognitoAccounts:
    """``pool``: id of the user pool. ``client``: made on first use."""

    pool: str
    client: Callable[[], Any]

    def contacts(self, user: str) -> Contacts:
        client = self.client()
        try:
            account = client.admin_get_user(UserPoolId=self.pool, Username=user)
        except client.exceptions.UserNotFoundException:
            return Contacts()
        if not account["Enabled"]:
            return Contacts()
        said = {it["Name"]: it.get("Value", "") for it in account["UserAttributes"]}
        proved = {name: value for name, value in said.items() if said.get(f"{name}_verified") == "true"}
        return Contacts(proved.get("email", ""), proved.get("phone_number", ""))


@dataclass
class MemoryAccounts:
    """The twin."""

    kept: dict[str, Contacts] = field(default_factory=dict)

    def contacts(self, user: str) -> Contacts:
        return self.kept.get(user, Contacts())
