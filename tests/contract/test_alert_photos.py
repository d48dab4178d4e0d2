"""What every keeper of the photos of alerts promises."""

import uuid

import boto3
import httpx
import pytest
from botocore.config import Config

from chalicelib.alerts.content import Photo
from chalicelib.alerts.photo_store import MemoryAlertPhotos, S3AlertPhotos, keep
from chalicelib.alerts.text import Text
from chalicelib.photos.picture import Picture
from local.ministack import CREDENTIALS, REGION

ALERT, OTHER = "0000000abc", "0000000abd"
RED, BLUE = Picture(b"red", "image/jpeg", 4, 3), Picture(b"blue", "image/png", 4, 3)
ALT = Text("Noor met een rode jas")


@pytest.fixture(params=["memory", "s3"])
def photos(request):
    if request.param == "memory":
        return MemoryAlertPhotos()
    client = boto3.client(
        "s3",
        endpoint_url=request.getfixturevalue("ministack_endpoint"),
        region_name=REGION,
        aws_access_key_id=CREDENTIALS["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
        config=Config(signature_version="s3v4"),
    )
    bucket = f"photos-{uuid.uuid4().hex[:8]}"
    client.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
    return S3AlertPhotos(bucket, lambda: client)


def looked_at(photos, alert, photo):
    """What a browser gets, and as what; None where nothing is there any more."""
    url = photos.address(alert, photo)
    if isinstance(photos, MemoryAlertPhotos):
        picture = photos.lies.get((alert, photo.sha256))
        return picture and (picture.content, picture.media_type)
    answer = httpx.get(url, trust_env=False)
    return (answer.content, answer.headers["Content-Type"]) if answer.status_code == 200 else None


def test_a_photo_is_looked_at_as_it_was_kept(photos):
    red, blue = (keep(ALERT, picture, ALT, photos) for picture in (RED, BLUE))
    assert red == Photo("b1f51a511f1da0cd348b8f8598db32e61cb963e5fc69e2b41485bf99590ed75a", "image/jpeg", ALT)
    assert looked_at(photos, ALERT, red) == (b"red", "image/jpeg")
    assert looked_at(photos, ALERT, blue) == (b"blue", "image/png")
    assert keep(ALERT, RED, ALT, photos) == red


def test_all_of_an_alert_is_forgotten_and_nothing_of_another(photos):
    kept = [(alert, keep(alert, picture, ALT, photos)) for alert in (ALERT, OTHER) for picture in (RED, BLUE)]
    assert photos.forget(ALERT) == 2
    assert photos.forget(ALERT) == 0
    assert [alert for alert, photo in kept if looked_at(photos, alert, photo)] == [OTHER, OTHER]
