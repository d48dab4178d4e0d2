"""``/sign-in``: where staff sign in, for the pages, which are the same files for every stage."""

from collections.abc import Callable
from dataclasses import dataclass

from pydantic import Field

from chalicelib.platform.errors import NotFound
from chalicelib.platform.http import Body, Call, Endpoint


class SignInReply(Body):
    url: str = Field(
        description="Base address of the identity provider's pages. Below it are /oauth2/authorize, /oauth2/token, "
        "/oauth2/revoke and /logout, as Amazon Cognito has them."
    )
    client_id: str


@dataclass(frozen=True)
class SignInRoutes:
    """``place``: the address, empty where there is none, and the client."""

    place: Callable[[], tuple[str, str]]

    def endpoints(self) -> list[Endpoint]:
        return [
            Endpoint(
                "GET",
                "/sign-in",
                self.get,
                "Where staff sign in: an authorization code with PKCE",
                reply=SignInReply,
                raises=(NotFound,),
            )
        ]

    def get(self, _: Call[None]) -> SignInReply:
        url, client = self.place()
        if not url:
            raise NotFound("sign_in_elsewhere", "These pages do not know where staff sign in; ask the administrator.")
        return SignInReply(url=url, client_id=client)
