"""Photos with an answer, from phone to control room in real browsers: what a picture says of its place stays behind."""

import io
import re

import pytest
from PIL import Image

from chalicelib.staff.model import Role
from local import tokens
from local.demo.client import Api, Carrier, Refused, until
from local.scenarios import BURGLARY

PLACE = b"52.7783 N 5.4336 E"
HEADLINE = "Oefening met foto's"
EXERCISE = BURGLARY.alert | {"status": "Exercise", "headline": {"nl": HEADLINE, "en": "Exercise with photos"}}


def taken(kind="JPEG", size=(1200, 900)):
    """As a phone makes it: on its side, and it says where."""
    told = Image.Exif()
    told[0x0112] = 6
    told.get_ifd(0x8825).update({1: "N", 2: (52.0, 46.0, 41.9), 3: "E", 4: (5.0, 26.0, 1.0), 29: PLACE.decode()})
    image = Image.new("RGB", size, (40, 110, 70))
    image.paste((200, 40, 40), (0, 0, size[0] // 3, size[1] // 3))
    buffer = io.BytesIO()
    image.save(buffer, kind, exif=told)
    return buffer.getvalue()


def as_file(name, content, kind="image/jpeg"):
    return {"name": name, "mimeType": kind, "buffer": content}


@pytest.fixture(scope="module")
def noor(http, addresses):
    return Api(http, addresses.api, tokens.issue(Role.DISPATCHER, user="noor"))


@pytest.fixture(scope="module")
def alert(http, addresses, noor):
    """An exercise that is out; its id."""
    drafted = noor.post("/alerts", EXERCISE)
    path = f"/alerts/{drafted['id']}"
    submitted = noor.post(f"{path}/submit", {})
    kim = Api(http, addresses.api, tokens.issue(Role.APPROVER, user="kim"))
    kim.post(f"{path}/approve", {"version": submitted["version"]})
    until(lambda: noor.get(path)["state"] == "active" or None, "the alert")
    return drafted["id"]


@pytest.fixture(scope="module")
def link(http, addresses, alert):
    """A neighbour's."""
    carrier = Carrier(http, addresses.carrier)
    message = until(lambda: next(iter(carrier.messages(channel="email", alert=alert)), None), "the first mail")
    return re.search(r"https?://\S+/t/\w+", message["text"])[0]


def test_a_photo_goes_from_a_neighbour_to_the_control_room_without_its_place(
    new_page, addresses, accessible, http, alert, link
):
    assert PLACE in taken()
    page = new_page(viewport={"width": 320, "height": 700})
    page.goto(link)
    page.get_by_text("Ja, ik heb iets gezien").click()
    page.get_by_label("Voeg een foto toe").set_input_files(as_file("list.jpg", b"eggs, milk"))
    page.get_by_text("kunnen wij niet als foto lezen").wait_for()
    page.get_by_label("Voeg een foto toe").set_input_files(
        [as_file("IMG_1.jpg", taken()), as_file("IMG_2.png", taken("PNG"), "image/png")]
    )
    page.get_by_role("button", name="Haal foto 2 weg").wait_for()
    accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.get_by_role("button", name="Verstuur antwoord").click()  # a photo is enough
    page.get_by_text("Uw foto's zijn ook aangekomen.").wait_for()
    accessible(page)

    console = new_page()
    console.goto(f"{addresses.web}/console")
    console.get_by_role("button", name="noor").click()
    console.get_by_role("link", name=HEADLINE).first.click()
    small = console.get_by_role("button", name="Foto 1 bij deze tip")
    small.click()
    large = console.locator("dialog img")
    large.evaluate("image => image.decode()")
    assert large.evaluate("image => image.naturalHeight") == 1200
    accessible(console)
    console.keyboard.press("Escape")
    console.locator("dialog").wait_for(state="detached")
    sources = console.locator(".photo img").evaluate_all("images => images.map((image) => image.src)")
    assert len(sources) == 2
    sides = console.locator(".photo img").evaluate_all(
        "images => images.map((it) => [it.naturalWidth, it.naturalHeight])"
    )
    assert sides == [[900, 1200]] * 2
    for source in sources:
        shown = http.get(source)
        assert shown.status_code == 200
        assert PLACE not in shown.content
        assert dict(Image.open(io.BytesIO(shown.content)).getexif()).keys() <= {0x0112}
        assert shown.headers["content-disposition"].startswith('attachment; filename="tip-')


def test_what_is_no_photo_is_refused_and_what_was_sent_can_be_read_by_nobody(http, addresses, alert, link, noor):
    neighbour = Api(http, addresses.api)
    path = f"/tips/{link.rpartition('/')[2]}"
    tip = neighbour.post(path, {"kind": "seen", "text": "Zie foto.", "photos": 1})["id"]
    own = f"{path}/{tip}/photos/1"
    form = neighbour.post(own, {"media_type": "image/jpeg"})

    def send(content):
        return http.post(form["url"], data=form["fields"], files={"file": ("photo", content)}).status_code

    assert send(b"x" * (form["most_bytes"] + 1)) == 400
    assert send(b"<svg onload='alert(1)'/>") == 204
    assert http.get(form["url"] + "/" + form["fields"]["key"]).status_code == 403
    with pytest.raises(Refused, match="422 photo_unreadable"):
        neighbour.call("PUT", own, {})
    assert noor.get(f"/alerts/{alert}/tips/{tip}/photos")["photos"] == []
    assert send(taken()) == 204
    neighbour.call("PUT", own, {})
    assert len(noor.get(f"/alerts/{alert}/tips/{tip}/photos")["photos"]) == 1


def test_a_photo_that_is_lost_on_its_way_can_be_sent_again_and_the_answer_is_in(new_page, alert, link, noor):
    page = new_page()
    page.goto(link)
    page.get_by_text("Ik weet iets anders").click()
    page.get_by_label("Wat weet u?").fill("Bij de sluis.")
    page.get_by_label("Voeg een foto toe").set_input_files(as_file("IMG_3.webp", taken("WEBP"), "image/webp"))
    bucket = re.compile("/burgernet-local-photos-")
    page.route(bucket, lambda route: route.abort())
    page.get_by_role("button", name="Verstuur antwoord").click()
    page.get_by_text("Uw antwoord is aangekomen. Van uw foto's").wait_for()
    told = next(tip for tip in noor.get(f"/alerts/{alert}/tips")["tips"] if tip.get("text") == "Bij de sluis.")
    assert told["photos"] == 1
    page.unroute(bucket)
    page.get_by_role("button", name="Verstuur de foto's opnieuw").click()
    page.get_by_text("Uw foto is ook aangekomen.").wait_for()
    assert len(noor.get(f"/alerts/{alert}/tips/{told['id']}/photos")["photos"]) == 1


def test_who_sends_before_a_photo_is_ready_sends_it_too(new_page, alert, link, noor):
    page = new_page()
    page.add_init_script(
        "const real = createImageBitmap;"
        "const ready = new Promise((done) => (window.finish = done));"
        "window.createImageBitmap = (...given) => ready.then(() => real(...given));"
    )
    page.goto(link)
    page.get_by_text("Ik weet iets anders").click()
    page.get_by_label("Wat weet u?").fill("Onder de brug.")
    page.get_by_label("Voeg een foto toe").set_input_files(as_file("IMG_4.jpg", taken()))
    page.get_by_role("button", name="Verstuur antwoord").click()
    page.evaluate("finish()")
    page.get_by_text("Uw foto is ook aangekomen.").wait_for()
    told = next(tip for tip in noor.get(f"/alerts/{alert}/tips")["tips"] if tip.get("text") == "Onder de brug.")
    assert told["photos"] == 1
