"""What the pages are told of signing in."""

import pytest

from chalicelib.platform.errors import NotFound
from chalicelib.staff.sign_in import SignInRoutes


def ask(url):
    (endpoint,) = SignInRoutes(lambda: (url, "client")).endpoints()
    assert not endpoint.roles
    return endpoint.handle(None)


def test_the_pages_are_told_where_and_as_which_client():
    told = ask("https://burgernet-test.auth.eu-west-1.amazoncognito.com")
    assert (told.url, told.client_id) == ("https://burgernet-test.auth.eu-west-1.amazoncognito.com", "client")


def test_where_it_is_not_known_the_pages_are_told_so():
    with pytest.raises(NotFound) as refused:
        ask("")
    assert refused.value.code == "sign_in_elsewhere"
