"""What holds for every page without a link or an account: on a small phone and a large screen, in two languages."""

import pytest

PAGES = [
    "/",
    "/aanmelden",
    "/delen",
    "/meldingen",
    "/manage",
    "/privacy",
    "/phones",
    "/console",
    "/t/nothing",
    "/nothing",
]
LANGUAGES = {"nl": "Nederlands", "en": "English"}
SIZES = {"phone": {"width": 320, "height": 640}, "desk": {"width": 1280, "height": 900}}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("path", PAGES)
def test_a_page_can_be_read_by_everybody(new_page, addresses, accessible, path, size):
    elsewhere = []
    page = new_page(viewport=SIZES[size])
    page.on("request", lambda request: elsewhere.append(request.url))
    page.goto(addresses.web + path)
    page.get_by_role("heading", level=1).first.wait_for()
    for code, language in LANGUAGES.items():
        page.get_by_role("button", name=language).click()
        page.locator(f"html[lang={code}]").wait_for()
        assert page.evaluate("document.documentElement.scrollWidth") <= SIZES[size]["width"]
        accessible(page)
    assert [url for url in elsewhere if not url.startswith(addresses.web + "/")] == []


@pytest.mark.parametrize("path", PAGES)
def test_with_letters_of_twice_the_size_a_phone_still_shows_all_of_a_page(new_page, addresses, path):
    page = new_page(viewport=SIZES["phone"])
    page.goto(addresses.web + path)
    page.get_by_role("heading", level=1).first.wait_for()
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert page.evaluate("document.documentElement.scrollWidth") <= SIZES["phone"]["width"]


BLOCKED = """
const refuse = () => { throw new DOMException("blocked", "SecurityError"); };
for (const name of ["localStorage", "sessionStorage", "caches"]) Object.defineProperty(window, name, { get: refuse });
navigator.serviceWorker.register = async () => refuse();
"""


def test_pages_work_in_a_browser_that_keeps_nothing_for_them(new_page, addresses):
    page = new_page()
    page.add_init_script(BLOCKED)
    page.goto(f"{addresses.web}/meldingen")
    page.get_by_role("option", name="Fabelstad").wait_for(state="attached")
    page.get_by_text("Dit toestel weet uw plek niet.").wait_for()
    page.get_by_role("button", name="English").click()
    page.get_by_text("This device does not know your place.").wait_for()
    page.goto(f"{addresses.web}/aanmelden")
    page.get_by_role("heading", level=1, name="Waar woont u?").wait_for()
    page.goto(f"{addresses.web}/console")
    page.get_by_role("button", name="noor").click()
    page.get_by_role("heading", name="Oproepen").wait_for()
