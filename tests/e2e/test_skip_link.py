"""The skip link leads past what every page has, and leaves the page that shows what its address says where it is."""

import pytest


@pytest.mark.parametrize(
    ("path", "user", "heading"),
    [
        ("/aanmelden#home", None, "Waar woont u?"),
        ("/manage#of-somebody", None, "Deze link"),
        ("/dashboard#/NL", "ines", "Nederland"),
        ("/console#/new", "noor", "Nieuwe oproep"),
    ],
)
def test_the_skip_link_leads_to_the_content_of_the_same_page(new_page, addresses, path, user, heading):
    page = new_page()
    page.goto(addresses.web + path)
    if user:
        page.get_by_role("button", name=user).click()
    page.get_by_role("heading", name=heading, level=1).wait_for()
    before = page.url
    page.evaluate("addEventListener('hashchange', () => (document.body.dataset.left = ''))")
    page.locator(".skip").focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    assert page.url == before
    assert page.evaluate("'left' in document.body.dataset") is False
    assert page.get_by_role("heading", name=heading, level=1).is_visible()
