"""What holds for every page: a strict content policy can stand, links lead somewhere, no text stands in code."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from local import preloads

WEB = Path(__file__).parents[3] / "web"
PAGES = sorted(WEB.glob("*.html"))
NAMES = [page.name for page in PAGES]
VOID = {"meta", "link", "input", "br", "img", "hr"}
ELSEWHERE = ("/api/", "tel:")  # not of this folder

Attributes = dict[str, str]


class Tags(HTMLParser):
    """Every tag with its attributes, and texts that stand in the page itself."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.tags: list[tuple[str, Attributes]] = []
        self.texts: list[str] = []
        self.open: list[str] = []
        self.feed(page.read_text())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if data.strip() and "noscript" not in self.open and "title" not in self.open:
            self.texts.append(data.strip())

    def all(self, *names: str) -> list[Attributes]:
        return [attributes for tag, attributes in self.tags if tag in names]


@pytest.fixture(params=PAGES, ids=NAMES)
def page(request: pytest.FixtureRequest) -> Tags:
    return Tags(request.param)


def test_nothing_in_a_page_needs_a_looser_content_policy(page: Tags) -> None:
    assert not [attributes for _, attributes in page.tags if any(name.startswith("on") for name in attributes)]
    assert not [attributes for _, attributes in page.tags if "style" in attributes]
    assert not page.all("style")
    assert all(script.get("src", "").startswith("/js/") for script in page.all("script"))


def test_no_text_stands_in_a_page_itself(page: Tags) -> None:
    assert page.texts == []


def test_every_element_was_closed(page: Tags) -> None:
    assert page.open == []


def test_ids_are_unique_and_labels_lead_to_one(page: Tags) -> None:
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    named = [
        attributes[name] for _, attributes in page.tags for name in ("for", "aria-describedby") if name in attributes
    ]
    assert set(named) <= set(ids)


def test_links_and_files_lead_somewhere(page: Tags) -> None:
    addresses = [
        attributes.get("href") or attributes.get("src") for attributes in page.all("a", "link", "script", "img")
    ]
    for address in filter(None, addresses):
        if not address.startswith(ELSEWHERE):
            name = address.removeprefix("/") or "index"
            assert (WEB / name).is_file() or (WEB / f"{name}.html").is_file(), address


def test_a_page_names_its_language_its_title_and_its_main_part(page: Tags) -> None:
    assert [html["lang"] for html in page.all("html")] == ["nl"]
    assert page.all("title")
    assert page.all("body")[0]["data-title"]
    assert len(page.all("main")) == 1


def test_no_page_asks_another_host_for_anything() -> None:
    files = [path for path in WEB.rglob("*") if path.suffix in {".html", ".js", ".css", ".svg"}]
    hosts = {host for path in files for host in re.findall(r"https?://([a-z0-9.-]+)", path.read_text())}
    assert hosts == {"www.w3.org"}  # the name of SVG, not an address


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_a_page_names_all_modules_that_it_needs(page: Path) -> None:
    assert preloads.written(page) == page.read_text(), "run python -m local.preloads"


def test_a_page_names_what_a_module_imports_at_any_depth() -> None:
    named = re.findall(r'"modulepreload" href="(.+?)"', (WEB / "reply.html").read_text())
    assert {"/js/answer.js", "/js/dom.js", "/js/messages/nl.js"} <= set(named)
    assert len(named) == len(set(named))


def test_modules_import_only_each_other() -> None:
    for module in WEB.rglob("*.js"):
        for imported in re.findall(r'^import .*?"([^"]+)";$', module.read_text(), re.MULTILINE):
            assert (module.parent / imported).is_file(), f"{module.name}: {imported}"
