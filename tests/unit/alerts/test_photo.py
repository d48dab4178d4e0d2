"""The photo of who or what is looked for: what is taken, approved with the rest, and told to those who are asked."""

import io
import json
from base64 import b64encode
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from chalice.app import AuthResponse, Chalice
from chalice.test import Client
from PIL import Image

from chalicelib.alerts import wording
from chalicelib.alerts.advice import Advice, Concern, advise
from chalicelib.alerts.content import Category, Photo
from chalicelib.alerts.content_codec import digest, plain, read_content
from chalicelib.alerts.messages import MessageKind, UpdateType, update_name
from chalicelib.alerts.photo_routes import AlertPhotoRoutes
from chalicelib.alerts.photo_store import MOST_BYTES, MemoryAlertPhotos, look_at
from chalicelib.alerts.text import Language, Text
from chalicelib.alerts.withdrawal import withdrawn
from chalicelib.platform import http
from chalicelib.platform.errors import InvalidInput
from chalicelib.platform.idempotency import MemoryIdempotency

NOW = datetime(2026, 11, 23, 20, 16, tzinfo=UTC)
ALT = {"nl": "Noor met een rode jas", "en": "Noor in a red coat"}
PHOTO = Photo("a" * 64, "image/jpeg", Text(**ALT))
PLACE = "Sluisveen"


def image(kind="JPEG", size=(40, 30), **more):
    file = io.BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(file, kind, **more)
    return file.getvalue()


def taken_in(place):
    told = Image.Exif()
    told[0x010E] = place
    return image(exif=told)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_is_taken_in_three_kinds(kind):
    picture = look_at(image(kind))
    assert (picture.media_type, picture.width, picture.height) == (f"image/{kind.lower()}", 40, 30)


def test_what_a_telephone_writes_into_a_photo_is_not_kept():
    assert PLACE.encode() in taken_in(PLACE)
    assert PLACE.encode() not in look_at(taken_in(PLACE)).content


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "photo_unreadable"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "photo_unreadable"),
        (image()[:60], "photo_unreadable"),
        (image("PNG", (16_385, 1)), "photo_too_large"),
        (image() + bytes(MOST_BYTES), "photo_too_large"),
    ],
)
def test_anything_else_is_refused_by_what_is_in_it(content, code):
    with pytest.raises(InvalidInput) as refused:
        look_at(content)
    assert refused.value.code == code


def test_another_photo_and_other_words_for_it_are_another_content(content):
    other = replace(PHOTO, sha256="b" * 64)
    words = replace(PHOTO, alt=Text("Noor met een blauwe jas"))
    assert len({digest(content(photo=photo)) for photo in (None, PHOTO, other, words)}) == 4


def test_content_with_a_photo_is_read_back_as_it_was(content):
    written = content(photo=PHOTO)
    assert read_content(json.loads(json.dumps(plain(written))), written.target) == written


def test_who_was_shown_is_taken_out_with_the_rest(active):
    assert withdrawn(replace(active(photo=PHOTO), state="closed"), NOW).content.photo is None


def test_whoever_is_shown_is_described(content):
    burglary = content(category=Category.RESIDENTIAL_BURGLARY, persons=(), vehicles=())
    assert not burglary.describes_somebody
    assert replace(burglary, photo=PHOTO).describes_somebody


def test_a_photo_of_a_suspect_is_advised_upon_and_one_of_a_missing_child_is_not(content):
    advice = Advice(Concern.SUSPECT_SHOWN, "photo")
    assert advice in advise(content(category=Category.RESIDENTIAL_BURGLARY, photo=PHOTO))
    assert advice not in advise(content(category=Category.MISSING_CHILD, photo=PHOTO))
    assert advice not in advise(content(category=Category.RESIDENTIAL_BURGLARY))


def test_the_words_for_a_photo_are_looked_at_as_all_others(content):
    told = advise(content(category=Category.MISSING_CHILD, photo=replace(PHOTO, alt=Text("Noor, ca. 8 jr"))))
    assert {it.field for it in told if it.concern is Concern.ABBREVIATION} == {"photo.alt.nl"}


@pytest.mark.parametrize(
    ("language", "ask", "shows", "link"),
    [
        (Language.NL, "Foto en reageren:", "Foto\n\nNoor met een rode jas", "Bekijk de foto"),
        (Language.EN, "Photo and reply:", "Photo\n\nNoor in a red coat", "Look at the photo"),
    ],
)
def test_who_is_asked_reads_that_there_is_a_photo_and_where(active, language, ask, shows, link):
    url = "https://burgernet.example/t/0"
    alert = active(photo=PHOTO)
    assert wording.sms(alert, MessageKind.CALL, language, url).endswith(f"{ask} {url}")
    mail = wording.email(alert, MessageKind.CALL, language, url, url)
    assert f"{shows}\n\n{link}:\n{url}#foto" in mail.text
    assert f'<a href="{url}#foto">{link}</a>' in mail.html
    without = active()
    assert ask not in wording.sms(without, MessageKind.CALL, language, url)
    assert "#foto" not in wording.email(without, MessageKind.CALL, language, url, url).html


def test_a_reader_of_english_hears_in_dutch_what_was_said_in_dutch_alone(active):
    alert = active(photo=replace(PHOTO, alt=Text("Noor met een rode jas")))
    html = wording.email(alert, MessageKind.CALL, Language.EN, "https://a.example", "https://a.example").html
    assert '<h2>Photo</h2>\n<p lang="nl">Noor met een rode jas</p>' in html


def test_updates_and_outcomes_do_not_show_it_again(active):
    alert = active(photo=PHOTO).update(type=UpdateType.UPDATE, text=Text("Zij heeft een fiets."), by="anna", at=NOW)
    assert "Foto" not in wording.sms(alert, update_name(1), Language.NL, "https://a.example")
    assert "#foto" not in wording.email(alert, update_name(1), Language.NL, "https://a.example", "").text


@pytest.fixture
def photos():
    return MemoryAlertPhotos()


@pytest.fixture
def call(service, photos):
    app = Chalice("alerts", configure_logs=False)

    @app.authorizer()
    def guard(request):
        user, tenant = request.token.split("@")
        context = {"user": user, "roles": "dispatcher", "tenant": tenant}
        return AuthResponse(routes=["*"], principal_id=user, context=context)

    routes = AlertPhotoRoutes(lambda: service, lambda: photos)
    http.mount(app, routes.endpoints(), authorizer=guard, idempotency=MemoryIdempotency)
    with Client(app) as client:

        def call(method, alert, body=None, who="anna@MK90"):
            headers = {"Authorization": who, "Content-Type": "application/json"}
            raw = b"" if body is None else json.dumps(body).encode()
            return client.http.request(method, f"/alerts/{alert}/photo", headers=headers, body=raw)

        yield call


def sent(version=1, content=None, alt=ALT):
    return {"version": version, "image": b64encode(content or taken_in(PLACE)).decode(), "alt": alt}


def test_a_dispatcher_adds_a_photo_looks_at_it_and_takes_it_back(call, service, photos, content, anna):
    alert = service.create(content(), anna)
    put = call("PUT", alert.id, sent())
    assert put.status_code == 200, put.json_body
    assert (put.json_body["version"], put.json_body["alt"]) == (2, ALT)
    ((where, picture),) = photos.lies.items()
    assert where == (alert.id, put.json_body["sha256"])
    assert PLACE.encode() not in picture.content
    assert service.get(alert.id).content.photo == Photo(where[1], "image/jpeg", Text(**ALT))
    assert call("GET", alert.id).json_body == put.json_body
    assert put.json_body["url"].endswith(f"{alert.id}/{where[1]}")
    assert call("PUT", alert.id, {"version": 2, "image": None}).json_body == {"version": 3}
    assert service.get(alert.id).content.photo is None


def test_a_photo_is_a_change_of_the_draft_and_takes_back_its_submission(call, service, content, anna):
    alert = service.create(content(), anna)
    submitted = service.submit(alert.id, anna)
    assert call("PUT", alert.id, sent(1)).json_body["error"]["code"] == "version_changed"
    assert call("PUT", alert.id, sent(submitted.version)).status_code == 200
    assert service.get(alert.id).state == "draft"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"image": "no base64!"}, "not_base64"),
        ({"image": b64encode(b"GIF89a").decode()}, "photo_unreadable"),
        ({"alt": None}, "alt_missing"),
        ({"alt": {"nl": " "}}, "invalid_fields"),
    ],
)
def test_what_is_no_photo_or_says_nothing_changes_nothing(call, service, photos, content, anna, body, code):
    alert = service.create(content(), anna)
    answer = call("PUT", alert.id, sent() | body)
    assert (answer.status_code, answer.json_body["error"]["code"]) == (422, code)
    assert service.get(alert.id).version == 1
    assert photos.lies == {}


def test_nobody_puts_a_file_under_the_alert_of_another_control_room(call, service, photos, content, anna):
    alert = service.create(content(), anna)
    answer = call("PUT", alert.id, sent(), who="eva@MK91")
    assert (answer.status_code, photos.lies) == (403, {})
    assert call("PUT", "0000000xyz", sent()).status_code == 404
    assert photos.lies == {}


def test_half_a_megabyte_fits_and_more_is_too_large(call, service, content, anna):
    alert = service.create(content(), anna)
    noise = Image.effect_noise((700, 700), 100).convert("RGB")
    for quality, status in ((80, 200), (100, 413)):
        file = io.BytesIO()
        noise.save(file, "JPEG", quality=quality, subsampling=0 if status == 413 else 2)
        version = service.get(alert.id).version
        assert call("PUT", alert.id, sent(version, file.getvalue())).status_code == status, len(file.getvalue())


def test_all_that_an_alert_had_is_forgotten_and_nothing_of_another(photos):
    picture = look_at(image())
    for alert, digest_ in (("0000000abc", "a"), ("0000000abc", "b"), ("0000000abd", "a")):
        photos.keep(alert, digest_, picture)
    assert (photos.forget("0000000abc"), photos.forget("0000000abc")) == (2, 0)
    assert list(photos.lies) == [("0000000abd", "a")]
