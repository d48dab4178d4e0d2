"""What every keeper of photos promises; and what the bucket's form lets through."""

import uuid

import boto3
import httpx
import pytest

from chalicelib.photos.picture import Picture
from chalicelib.platform import aws
from chalicelib.tips.photo_store import MOST_BYTES, MemoryPhotos, PhotoKey, S3Photos
from local.ministack import CREDENTIALS

KEY, SECOND = (PhotoKey("0000000abc", "06a1b2c3d4e5f6g7", number) for number in (1, 2))
OTHER = PhotoKey("0000000abd", KEY.tip, 1)
PICTURE = Picture(b"pixels", "image/png", 4, 3)


@pytest.fixture
def client(monkeypatch):
    """Makes the product's own client. ``endpoint``: empty is AWS itself, which is not asked here."""

    def client(endpoint=""):
        monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
        for name, value in {**CREDENTIALS, **({"AWS_ENDPOINT_URL": endpoint} if endpoint else {})}.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)  # it keeps the credentials of an earlier test
        aws.client.cache_clear()
        return aws.client("s3")

    yield client
    aws.client.cache_clear()


@pytest.fixture
def s3(client, ministack_endpoint):
    bucket = f"photos-{uuid.uuid4().hex[:8]}"
    made = client(ministack_endpoint)
    made.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": made.meta.region_name})
    return S3Photos(bucket, lambda: made)


@pytest.fixture(params=["memory", "s3"])
def photos(request):
    return MemoryPhotos() if request.param == "memory" else request.getfixturevalue("s3")


def post(form, content, **changes):
    fields = {**form.fields, **changes}
    return httpx.post(form.url, data=fields, files={"file": ("IMG_1.jpg", content)}, trust_env=False)


def send(photos, key, content):
    form = photos.form(key, "image/jpeg")
    if isinstance(photos, MemoryPhotos):
        photos.post(form, content)
    else:
        assert post(form, content).status_code == 204


def test_what_was_sent_is_read_until_it_is_forgotten(photos):
    assert photos.sent(KEY) is None
    send(photos, KEY, b"first")
    send(photos, KEY, b"second")
    assert (photos.sent(KEY), photos.sent(SECOND)) == (b"second", None)
    for _ in range(2):
        photos.forget_sent(KEY)
        assert photos.sent(KEY) is None


def test_what_may_be_shown_has_an_address_and_is_not_what_was_sent(photos):
    send(photos, KEY, b"raw")
    photos.show(KEY, PICTURE)
    url = photos.address(KEY)
    assert photos.sent(KEY) == b"raw"
    if isinstance(photos, MemoryPhotos):
        assert url.startswith("https://")
        return
    answer = httpx.get(url, trust_env=False)
    assert (answer.content, answer.headers["content-type"]) == (b"pixels", "image/png")
    assert answer.headers["content-disposition"] == f'attachment; filename="tip-{KEY.tip}-1.png"'
    assert answer.headers["cache-control"] == "private, no-store"


def test_an_alert_is_forgotten_whole_and_no_other(photos):
    for key in (KEY, SECOND, OTHER):
        photos.show(key, PICTURE)
    send(photos, KEY, b"raw")
    assert photos.forget(KEY.alert) == 3
    assert photos.forget(KEY.alert) == 0
    assert photos.sent(KEY) is None
    assert photos.forget(OTHER.alert) == 1


@pytest.mark.parametrize(
    ("content", "changes"),
    [
        (b"x", {"key": OTHER.within("sent")}),
        (b"x", {"key": KEY.within("shown")}),
        (b"x", {"Content-Type": "text/html"}),
        (b"", {}),
        (b"x" * (MOST_BYTES + 1), {}),
    ],
    ids=["another", "shown-at-once", "a-page", "nothing", "too-large"],
)
def test_a_form_takes_one_photo_and_nothing_else(s3, content, changes):
    form = s3.form(KEY, "image/jpeg")
    assert post(form, content, **changes).status_code in {400, 403}
    assert s3.forget(KEY.alert) + s3.forget(OTHER.alert) == 0
    assert post(form, b"x" * MOST_BYTES).status_code == 204


def test_the_bucket_is_asked_where_the_pages_may_ask(client):
    """The security policy of the pages names ``PhotosBucket.RegionalDomainName``."""
    made = client()
    photos = S3Photos("burgernet-prod-photos-123456789012", lambda: made)
    origin = f"https://burgernet-prod-photos-123456789012.s3.{made.meta.region_name}.amazonaws.com/"
    assert photos.form(KEY, "image/jpeg").url == origin
    assert photos.address(KEY).startswith(f"{origin}shown/")
