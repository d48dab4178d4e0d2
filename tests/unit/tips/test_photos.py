"""A photo with a tip: asked for, sent, looked at, shown; over HTTP."""

import io
from datetime import timedelta

import pytest
from PIL import Image

from chalicelib.platform.errors import TooManyRequests
from chalicelib.tips.photo_service import FOLLOW, MOST_TRIES
from chalicelib.tips.photo_store import Form, PhotoKey, file_name

JPEG = {"media_type": "image/jpeg"}


def photo():
    buffer = io.BytesIO()
    told = Image.Exif()
    told.get_ifd(0x8825)[29] = "52.7734"
    Image.new("RGB", (16, 12), (200, 30, 30)).save(buffer, "JPEG", exif=told)
    return buffer.getvalue()


@pytest.fixture
def link(story):
    return f"/tips/{story.link()}"


@pytest.fixture
def tip(browser, link):
    """Two photos are to follow it; its id."""
    answer = browser.post(link, {"kind": "seen", "photos": 2})
    assert answer.status_code == 201, answer.json_body
    return answer.json_body["id"]


@pytest.fixture
def send(browser, photos, link, tip):
    """Does all that the page does; the last answer."""

    def send(number=1, content=None):
        given = browser.post(f"{link}/{tip}/photos/{number}", JPEG)
        assert given.status_code == 200, given.json_body
        photos.post(Form(given.json_body["url"], given.json_body["fields"]), photo() if content is None else content)
        return browser.put(f"{link}/{tip}/photos/{number}")

    return send


def refused(answer):
    return answer.status_code, answer.json_body["error"]["code"]


def test_a_photo_is_shown_without_what_it_said_and_what_was_sent_is_forgotten(send, browser, photos, story, tip):
    look = f"/alerts/{story.alert.id}/tips/{tip}/photos"
    assert browser.get(look, "dispatcher").json_body == {"photos": [], "due": 2, "seconds": 300}
    assert send().json_body == {"number": 1}
    key = PhotoKey(story.alert.id, tip, 1)
    assert b"52.7734" in photo()
    assert b"52.7734" not in photos.kept[key].content
    assert photos.raw == {}
    shown = browser.get(look, "dispatcher").json_body
    assert shown["photos"] == [{"number": 1, "url": photos.address(key)}]
    (listed,) = browser.get(f"/alerts/{story.alert.id}/tips", "dispatcher").json_body["tips"]
    assert listed["photos"] == 2


def test_a_tip_can_be_a_photo_alone_but_not_nothing(browser, link):
    assert browser.post(link, {"kind": "seen", "photos": 1}).status_code == 201
    assert refused(browser.post(link, {"kind": "seen"})) == (422, "text_missing")
    assert browser.post(link, {"kind": "seen", "photos": 4}).status_code == 422


def test_what_is_no_photo_is_refused_with_words_forgotten_and_can_be_sent_better(send, photos):
    assert refused(send(content=b"<svg onload='alert(1)'/>")) == (422, "photo_unreadable")
    assert (photos.raw, photos.kept) == ({}, {})
    assert send().status_code == 200


def test_a_photo_with_too_many_pixels_is_refused(send, photos):
    content = bytearray(photo())
    frame = content.index(b"\xff\xc0")
    content[frame + 5 : frame + 9] = b"\xff\xff\xff\xff"
    assert refused(send(content=bytes(content))) == (422, "photo_too_large")
    assert photos.raw == {}


def test_a_photo_that_is_there_is_not_changed_any_more(send, browser, photos, link, tip):
    send()
    before = dict(photos.kept)
    assert refused(browser.post(f"{link}/{tip}/photos/1", JPEG)) == (409, "photo_there")
    photos.raw[next(iter(before))] = photo()[:-2]  # by the form that was given before
    assert browser.put(f"{link}/{tip}/photos/1").json_body == {"number": 1}
    assert (photos.kept, photos.raw) == (before, {})


def test_saying_that_it_was_sent_does_not_make_it_so(browser, link, tip):
    assert refused(browser.put(f"{link}/{tip}/photos/1")) == (409, "photo_not_sent")


def test_a_photo_whose_taking_was_cut_off_is_taken_by_the_next_try(send, browser, photos, service, link, tip):
    class CutOff:
        def add_photo(self, *_):
            raise KeyboardInterrupt

        def __getattr__(self, name):
            return getattr(healthy, name)

    healthy = service.store
    object.__setattr__(service, "store", CutOff())
    with pytest.raises(KeyboardInterrupt):
        send()
    object.__setattr__(service, "store", healthy)
    assert browser.put(f"{link}/{tip}/photos/1").status_code == 200
    assert (len(photos.kept), photos.raw) == (1, {})


def test_a_photo_belongs_to_a_tip_of_the_same_link(browser, story, link, tip):
    other = f"/tips/{story.link(1)}"
    for path in (f"{other}/{tip}/photos/1", f"{link}/{'0' * 16}/photos/1", f"{link}/x/photos/1"):
        assert refused(browser.post(path, JPEG)) == (404, "tip_not_found")
        assert refused(browser.put(path)) == (404, "tip_not_found")
    for number in (0, 3, 4, "x"):
        assert refused(browser.post(f"{link}/{tip}/photos/{number}", JPEG)) == (404, "photo_not_found")
    assert refused(browser.post(f"/tips/{'0' * 40}/{tip}/photos/1", JPEG))[0] == 404


def test_only_pictures_are_asked_for(browser, link, tip):
    for kind in ("image/heic", "image/svg+xml", "text/html"):
        assert browser.post(f"{link}/{tip}/photos/1", {"media_type": kind}).status_code == 422


def test_a_photo_follows_soon_also_where_the_alert_has_ended(send, browser, story, clock, link, tip):
    story.close()
    assert send().status_code == 200
    clock.at += FOLLOW + timedelta(seconds=1)
    assert refused(browser.post(f"{link}/{tip}/photos/2", JPEG)) == (410, "photo_too_late")
    assert refused(browser.put(f"{link}/{tip}/photos/2")) == (410, "photo_too_late")


def test_one_network_sends_no_flood_of_photos(browser, link, tip):
    asked = [browser.post(f"{link}/{tip}/photos/{1 + number % 2}", JPEG) for number in range(11)]
    assert [answer.status_code for answer in asked] == [200] * 10 + [429]
    assert refused(asked[-1])[1] == "too_many_photos_at_once"


def test_each_photo_is_looked_at_only_so_often(browser, photos, link, tip):
    first, second = f"{link}/{tip}/photos/1", f"{link}/{tip}/photos/2"
    form = browser.post(first, JPEG).json_body
    for _ in range(MOST_TRIES):  # the form is good for more than one
        photos.post(Form(form["url"], form["fields"]), b"x" * 1000)
        assert refused(browser.put(first)) == (422, "photo_unreadable")
    photos.post(Form(form["url"], form["fields"]), photo())
    assert refused(browser.put(first)) == (429, "photo_tried_too_often")
    assert photos.kept == {}
    assert refused(browser.put(second)) == (409, "photo_not_sent")


def test_its_form_is_given_only_so_often_wherever_it_is_asked_for(photo_service, story, tip):
    def ask(number, address):
        return photo_service.form(story.link(), tip, number, "image/jpeg", address)

    for number in range(MOST_TRIES):
        ask(1, f"198.51.{number}.7")
    with pytest.raises(TooManyRequests) as refusal:
        ask(1, "203.0.113.7")
    assert refusal.value.code == "photo_tried_too_often"
    assert ask(2, "203.0.113.7").url


def test_a_photo_has_a_name_of_ours():
    names = [file_name(PhotoKey("a", "t0", 2), f"image/{kind}") for kind in ("jpeg", "png", "webp")]
    assert names == ["tip-t0-2.jpg", "tip-t0-2.png", "tip-t0-2.webp"]
