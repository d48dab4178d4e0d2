"""What IAM asks about is read off requests as they go over the wire."""

import json

import pytest

from local.recorder.sitecustomize import Recorder, calls

DYNAMODB, SQS = "DynamoDB_20120810", "AmazonSQS"


def wire(service, target, body, path="/"):
    """A request as http.client sends it."""
    head = f"POST {path} HTTP/1.1\r\nHost: aws\r\nX-Amz-Target: {target}\r\nContent-Length: {len(body)}\r\n"
    head += f"Authorization: AWS4-HMAC-SHA256 Credential=AKIA/20261124/eu-west-1/{service}/aws4_request\r\n\r\n"
    return head.encode(), body


@pytest.mark.parametrize(
    ("service", "target", "request_line", "body", "expected"),
    [
        (
            "dynamodb",
            f"{DYNAMODB}.Query",
            "POST /",
            {"TableName": "places", "IndexName": "x"},
            [("dynamodb:Query", "places")],
        ),
        (
            "dynamodb",
            f"{DYNAMODB}.BatchWriteItem",
            "POST /",
            {"RequestItems": {"places": [], "cells": []}},
            [("dynamodb:BatchWriteItem", "places"), ("dynamodb:BatchWriteItem", "cells")],
        ),
        (
            "dynamodb",
            f"{DYNAMODB}.TransactWriteItems",
            "POST /",
            {"TransactItems": [{"Put": {"TableName": "a"}}, {"ConditionCheck": {"TableName": "b"}}]},
            [("dynamodb:PutItem", "a"), ("dynamodb:ConditionCheckItem", "b")],
        ),
        ("sqs", f"{SQS}.SendMessageBatch", "POST /", {"QueueUrl": "http://aws/0/plan"}, [("sqs:SendMessage", "plan")]),
        ("kms", "TrentService.Decrypt", "POST /", {"CiphertextBlob": "x"}, [("kms:Decrypt", "")]),
        ("ses", "", "POST /v2/email/outbound-bulk-emails", {}, [("ses:SendBulkEmail", "")]),
        ("lambda", "", "POST /2015-03-31/functions/x-plan/invocations", {}, [("lambda:InvokeFunction", "x-plan")]),
        ("s3", "", "PUT /photos/a/b.jpg", {}, [("s3:PutObject", "photos")]),
        ("s3", "", "GET /photos?list-type=2&prefix=a%2F", {}, [("s3:ListBucket", "photos")]),
    ],
)
def test_a_request_becomes_what_iam_asks_about(service, target, request_line, body, expected):
    assert list(calls(service, target, request_line, json.dumps(body).encode())) == expected


def test_the_query_protocol_is_read_too():
    assert list(calls("sns", "", "POST /", b"Action=Publish&PhoneNumber=%2B31")) == [("sns:Publish", "")]


def test_heads_and_bodies_are_put_together_by_connection_and_noted_once(tmp_path, monkeypatch):
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_NAME", "match")
    file = tmp_path / "calls"
    recorder, one, two = Recorder(str(file)), object(), object()
    first = wire("dynamodb", f"{DYNAMODB}.GetItem", b'{"TableName": "alerts"}')
    second = wire("sqs", f"{SQS}.SendMessage", b'{"QueueUrl": "q/0/sms"}')
    recorder("http.client.send", (one, first[0]))
    recorder("http.client.send", (two, second[0]))
    recorder("http.client.send", (two, second[1]))
    recorder("http.client.send", (one, first[1]))
    recorder("http.client.send", (one, first[0] + first[1]))
    assert [json.loads(line) for line in file.read_text().splitlines()] == [
        ["match", "sqs:SendMessage", "sms"],
        ["match", "dynamodb:GetItem", "alerts"],
    ]


def test_what_does_not_go_to_aws_is_not_noted(tmp_path):
    recorder = Recorder(str(tmp_path / "calls"))
    recorder("http.client.send", (object(), b"GET /free HTTP/1.1\r\nHost: geocoder\r\n\r\n"))
    recorder("http.client.connect", (object(), "aws", 443))
    assert not (tmp_path / "calls").exists()
