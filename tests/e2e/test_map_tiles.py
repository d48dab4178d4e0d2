"""Tiles under maps, of a host that is not ours: when they come, when they do not, and what their host hears of it."""

import io
import ssl
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from PIL import Image

from infra.site import third_party
from local import deploy
from local.addresses import ROOT
from local.demo.client import until
from local.loopback import running
from local.origin.app import create_app
from tests import certificates

BY = "Tegelmaker"
TOKEN = "geheimewoorden"
ASKED = {
    "kind": "alert",
    "status": "Actual",
    "headline": {"nl": "Vermist kind"},
    "description": {"nl": "Een jongen van zes jaar in een rode jas."},
    "instruction": {"nl": "Kijk uit. Gezien? Bel 112."},
    "call_number": "112",
    "area": {
        "type": "MultiPolygon",
        "coordinates": [[[[5.4, 52.7], [5.5, 52.7], [5.5, 52.8], [5.4, 52.8], [5.4, 52.7]]]],
    },
}
VIOLATIONS = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) => window.violations.push(event.blockedURI));
"""


class Server(ThreadingHTTPServer):
    def handle_error(self, *request):
        """A browser breaks off a connection before it is told to trust it."""


class Tiles:
    """A host of tiles. ``asked``: path and headers of each request. ``broken``: it has none."""

    def __init__(self, context):
        self.asked, self.broken = [], False
        picture = io.BytesIO()
        Image.new("RGB", (256, 256), (225, 228, 232)).save(picture, "PNG")
        tiles = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                tiles.asked.append((self.path, dict(self.headers)))
                self.send_response(404 if tiles.broken else 200)
                self.send_header("Content-Type", "image/png")
                self.end_headers()
                self.wfile.write(b"" if tiles.broken else picture.getvalue())

            def log_message(self, *words):
                pass

        self.server = Server(("127.0.0.1", 0), Handler)
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True, do_handshake_on_connect=False)
        self.origin = f"https://127.0.0.1:{self.server.server_address[1]}"


@pytest.fixture(scope="module")
def tiles(tmp_path_factory):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificates.make(tmp_path_factory.mktemp("tls")))
    host = Tiles(context)
    threading.Thread(target=host.server.serve_forever, daemon=True).start()
    yield host
    host.server.shutdown()
    host.server.server_close()


@pytest.fixture(scope="module")
def web(stack, tiles):
    """An origin of pages that have tiles, before an API that says so."""
    functions, name = stack.emulator.client("lambda"), f"{deploy.STACK}-api"
    before = functions.get_function_configuration(FunctionName=name)["Environment"]
    own = {"MAP_TILES": f"{tiles.origin}/{{z}}/{{x}}/{{y}}.png", "MAP_TILES_BY": BY}
    functions.update_function_configuration(FunctionName=name, Environment={"Variables": before["Variables"] | own})
    app = create_app(ROOT / "web", stack.addresses.api, others=third_party(), tiles=tiles.origin)
    with running(app) as url:
        yield url
    functions.update_function_configuration(FunctionName=name, Environment=before)


@pytest.fixture
def visit(new_page, web, tiles):
    """``visit("/console")``: that page; in the end nobody has asked, or was refused, what the policy does not allow."""
    pages, elsewhere = [], []

    def visited(path, **options):
        page = new_page(ignore_https_errors=True, **options)
        page.add_init_script(VIOLATIONS)
        page.on("request", lambda request: elsewhere.append(request.url))
        page.route(f"**/api/tips/{TOKEN}", lambda route: route.fulfill(json=ASKED))
        page.goto(web + path)
        pages.append(page)
        return page

    tiles.asked.clear()
    yield visited
    assert [page.evaluate("window.violations") for page in pages] == [[] for _ in pages]
    assert {url for url in elsewhere if not url.startswith((f"{web}/", f"{tiles.origin}/", "data:"))} == set()


@contextmanager
def broken(tiles):
    tiles.broken = True
    try:
        yield
    finally:
        tiles.broken = False


def sign_in(page, user, heading):
    page.get_by_role("button", name=user).click()
    page.get_by_role("heading", name=heading, level=1).wait_for()


def open_map(page):
    page.locator("#home .by-map summary").click()
    page.locator("#home .by-map .search-status", has_text="gemeente").wait_for()


def test_tiles_lie_under_every_map_with_the_name_of_their_maker(visit, accessible):
    reply = visit(f"/t/{TOKEN}", viewport={"width": 320, "height": 640})
    reply.get_by_text(f"Kaart: © {BY}.").wait_for()
    assert reply.get_by_text("Grenzen: © Burgernet").is_visible()
    assert reply.locator("#area svg.on-tiles image").count() >= 4
    assert reply.evaluate("document.documentElement.scrollWidth") <= 320
    accessible(reply)

    sign_up = visit("/aanmelden")
    open_map(sign_up)
    sign_up.locator(".leaflet-tile-loaded").first.wait_for()
    sign_up.get_by_text(f"Kaart: © {BY}.").wait_for()
    accessible(sign_up)

    console = visit("/console#/new")
    console.get_by_role("button", name="noor").click()
    console.get_by_label("Tekenen op de kaart").check()
    console.locator(".leaflet-tile-loaded").first.wait_for()
    console.get_by_text(f"Kaart: © {BY}.").wait_for()

    dashboard = visit("/dashboard#/GM9001", viewport={"width": 1280, "height": 900})
    sign_in(dashboard, "ines", "Fabelstad")
    dashboard.locator("svg.shaded.on-tiles image").first.wait_for()
    dashboard.get_by_role("button", name="English").click()
    dashboard.get_by_text(f"Map: © {BY}.").wait_for()
    accessible(dashboard)

    privacy = visit("/privacy")
    privacy.get_by_text(f"De achtergrond van kaarten komt van {BY}").wait_for()


def test_where_tiles_do_not_come_every_map_is_what_it_is_without(visit, tiles):
    with broken(tiles):
        page = visit("/aanmelden")
        open_map(page)
        page.locator("#home").get_by_text("Grenzen: © Burgernet").wait_for()
        page.locator(".leaflet-tile-container").first.wait_for(state="detached")  # it asks no more
        page.locator("#home").get_by_label("Gemeente").select_option(label="Fabelstad")
        page.locator("#home .map").click()
        page.get_by_role("status").filter(has_text="Gekozen: een plek in").wait_for()
        assert page.get_by_text(BY).count() == 0

        page = visit(f"/t/{TOKEN}")
        page.get_by_text("Grenzen: © Burgernet").wait_for()
        page.locator("#area svg > g").wait_for(state="attached")
        page.locator("#area image").first.wait_for(state="detached")
        assert page.locator("#area svg.on-tiles").count() == 0
        assert page.get_by_text(BY).count() == 0
        height = page.locator("#area").bounding_box()["height"]
    without = visit("/nothing")
    without.route("**/api/map", lambda route: route.abort())
    without.goto(page.url)
    without.locator("#area svg").wait_for()
    assert without.locator("#area").bounding_box()["height"] == height


def test_their_host_hears_of_no_link_and_of_nobody(visit, tiles):
    page = visit(f"/t/{TOKEN}")
    page.get_by_text(f"Kaart: © {BY}.").wait_for()
    page = visit("/aanmelden")
    open_map(page)
    page.locator(".leaflet-tile-loaded").first.wait_for()
    until(lambda: len(tiles.asked) >= 8, "both maps have their tiles")
    for path, sent in tiles.asked:
        assert not {"referer", "cookie", "authorization", "origin"} & {name.lower() for name in sent}
        assert TOKEN not in path + str(sent)
