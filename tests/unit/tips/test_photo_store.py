"""What the bucket answers to who may list one folder of it alone, which no emulator tells apart."""

import boto3
import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber

from chalicelib.tips.photo_store import PhotoKey, S3Photos
from local.ministack import CREDENTIALS, REGION

KEY = PhotoKey("0000000abc", "06a1b2c3d4e5f6g7", 1)
NAME = KEY.within("sent")


@pytest.fixture
def bucket():
    """The photos of a bucket, and what it will answer."""
    client = boto3.client(
        "s3",
        region_name=REGION,
        aws_access_key_id=CREDENTIALS["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
    )
    with Stubber(client) as answers:
        yield S3Photos("photos", lambda: client), answers
        answers.assert_no_pending_responses()


def refuse(answers, code, status):
    answers.add_client_error(
        "get_object", code, http_status_code=status, expected_params={"Bucket": "photos", "Key": NAME}
    )


def listed(answers, *names):
    asked = {"Bucket": "photos", "Prefix": NAME, "MaxKeys": 1}
    contents = {"KeyCount": len(names), "Contents": [{"Key": name} for name in names]}
    answers.add_response("list_objects_v2", contents, asked)


def test_what_is_forbidden_and_not_listed_has_not_come(bucket):
    photos, answers = bucket
    refuse(answers, "AccessDenied", 403)
    listed(answers)
    assert photos.sent(KEY) is None


def test_what_is_forbidden_though_it_is_there_is_a_failure(bucket):
    photos, answers = bucket
    refuse(answers, "AccessDenied", 403)
    listed(answers, NAME)
    with pytest.raises(ClientError, match="AccessDenied"):
        photos.sent(KEY)


def test_so_is_whatever_else_the_bucket_says(bucket):
    photos, answers = bucket
    refuse(answers, "SlowDown", 503)
    with pytest.raises(ClientError, match="SlowDown"):
        photos.sent(KEY)
