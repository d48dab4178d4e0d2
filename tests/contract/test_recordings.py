"""What every keeper of recordings promises."""

import uuid

import boto3
import httpx
import pytest
from botocore.config import Config

from chalicelib.alerts.recordings import MemoryRecordings, S3Recordings
from local.ministack import CREDENTIALS, REGION


@pytest.fixture(params=["memory", "s3"])
def recordings(request):
    if request.param == "memory":
        return MemoryRecordings()
    client = boto3.client(
        "s3",
        endpoint_url=request.getfixturevalue("ministack_endpoint"),
        region_name=REGION,
        aws_access_key_id=CREDENTIALS["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
        config=Config(signature_version="s3v4"),
    )
    bucket = f"recordings-{uuid.uuid4().hex[:8]}"
    client.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
    return S3Recordings(bucket, lambda: client)


def test_the_same_sound_has_one_address_and_another_has_another(recordings):
    first, again, other = (recordings.keep(wav) for wav in (b"RIFF1", b"RIFF1", b"RIFF2"))
    assert first == again != other
    assert first.startswith("s3://")
    assert first.endswith(".wav")


def test_there_is_an_address_to_listen_at(recordings):
    url = recordings.address(recordings.keep(b"RIFF1"))
    if isinstance(recordings, S3Recordings):
        assert httpx.get(url, trust_env=False).content == b"RIFF1"
    else:
        assert url.startswith("https://")
