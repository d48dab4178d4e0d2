"""The page of phones: everything of the story in sight, from every chair, by a press on a button."""

import re

STORY_MS = 180_000  # as long as the story itself waits for one of its steps, and more


def test_the_story_plays_at_the_press_of_a_button_and_its_messages_come_in(new_page, addresses, accessible):
    page = new_page(viewport={"width": 1280, "height": 900})
    page.goto(f"{addresses.web}/phones")
    page.get_by_role("button", name="Speel het verhaal").dblclick()
    page.get_by_text("Het verhaal wordt gespeeld").wait_for()
    page.reload()  # it goes on, and the page finds it again
    page.get_by_text("Het verhaal wordt gespeeld").wait_for()
    page.locator("#story li.right").first.wait_for()
    accessible(page)
    page.get_by_label("Zoek").fill("aangehouden")
    page.locator(".message", has_text="aangehouden").first.wait_for(timeout=STORY_MS)
    page.locator("#story-state", has_text=re.compile("Alles is zoals|Er klopt iets niet|brak af")).wait_for(
        timeout=STORY_MS
    )
    assert page.locator("#story li.wrong").all_inner_texts() == []
    assert page.get_by_text("Alles is zoals het moet zijn.").is_visible()
    accessible(page)
    page.get_by_label("Zoek").fill("te voet op de vlucht")
    with page.context.expect_page() as opened:
        page.locator('.message a[href*="/t/"]').first.click(modifiers=["ControlOrMeta"])
    opened.value.get_by_role("heading", name="Zo is het afgelopen").wait_for()
    accessible(opened.value)


def test_every_role_has_a_chair_in_a_tab_of_its_own(new_page, addresses, accessible):
    page = new_page()
    page.goto(f"{addresses.web}/phones")
    for user in ("noor", "kim"):
        with page.context.expect_page() as opened:
            page.get_by_role("link", name=user).click()
        chair = opened.value
        chair.get_by_role("heading", name="Oproepen").wait_for()
        chair.get_by_text(f"{user}, ").first.wait_for()
        assert "as=" not in chair.url
        chair.get_by_role("button", name="Afmelden").click()  # and stays signed out
        chair.get_by_role("button", name=user).wait_for()
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Buurtbewoner").click()
    opened.value.get_by_role("heading", name="Waar woont u?").wait_for()
