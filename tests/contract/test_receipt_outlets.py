"""Where the carrier's receipts go: what was put arrives whole, or ``Away`` says how much of it was taken."""

import json
import uuid

import boto3
import pytest

from local.carrier.aws_outlets import aws_outlets
from local.carrier.outlets import Away, Kind, MemoryOutlet
from local.ministack import ACCOUNT, REGION, endpoint
from local.process import free_port

RECEIPTS = [{"n": n, "text": "é" * 3000} for n in range(120)]  # 720 kB: several calls for SNS, one for the log


class Memory:
    def __init__(self):
        self.outlet = MemoryOutlet()

    def arrived(self):
        return self.outlet.taken


class Log:
    def __init__(self, address, kind, group):
        self.group = group
        self.outlet = aws_outlets(address, REGION, ACCOUNT, "", "")[kind]
        self.logs = boto3.client("logs", endpoint_url=address)

    def arrived(self):
        pages = self.logs.get_paginator("filter_log_events").paginate(
            logGroupName=self.group, logStreamNames=[self.outlet.stream]
        )
        return [json.loads(event["message"]) for page in pages for event in page["events"]]


def policy(service, action, resource, condition):
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": service},
        "Action": action,
        "Resource": resource,
        "Condition": condition,
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


class Topic:
    def __init__(self, address, kind):
        self.suffix = f"{uuid.uuid4().hex}-events"
        topics = [self.suffix if of is kind else "" for of in (Kind.EMAIL_EVENT, Kind.PHONE_EVENT)]
        self.outlet = aws_outlets(address, REGION, ACCOUNT, *topics)[kind]
        self.sns = boto3.client("sns", endpoint_url=address)
        self.sqs = boto3.client("sqs", endpoint_url=address)

    def create(self):
        """With policies that let in the provider and the topic, as infra/messages.yaml has them."""
        topic = self.sns.create_topic(Name=f"burgernet-{self.suffix}")["TopicArn"]
        queue = f"arn:aws:sqs:{REGION}:{ACCOUNT}:{self.suffix}"
        from_topic = {"ArnEquals": {"aws:SourceArn": topic}}
        from_account = {"StringEquals": {"AWS:SourceAccount": ACCOUNT}}
        self.sns.set_topic_attributes(
            TopicArn=topic,
            AttributeName="Policy",
            AttributeValue=policy("ses.amazonaws.com", "sns:Publish", topic, from_account),
        )
        self.queue = self.sqs.create_queue(
            QueueName=self.suffix,
            Attributes={"Policy": policy("sns.amazonaws.com", "sqs:SendMessage", queue, from_topic)},
        )["QueueUrl"]
        self.sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue, Attributes={"RawMessageDelivery": "true"})
        return self

    def arrived(self):
        """All until a second passes without any: the way from topic to queue takes its time."""
        found = []
        while messages := self._received():
            found += [json.loads(message["Body"]) for message in messages]
            for message in messages:
                self.sqs.delete_message(QueueUrl=self.queue, ReceiptHandle=message["ReceiptHandle"])
        return sorted(found, key=lambda receipt: receipt["n"])  # a standard queue keeps no order

    def _received(self):
        answer = self.sqs.receive_message(QueueUrl=self.queue, MaxNumberOfMessages=10, WaitTimeSeconds=1)
        return answer.get("Messages")


DELIVERED = f"sns/{REGION}/{ACCOUNT}/DirectPublishToPhoneNumber"


@pytest.fixture(
    params=[
        "memory",
        pytest.param("delivered", marks=pytest.mark.ministack),
        pytest.param("failed", marks=pytest.mark.ministack),
        pytest.param(Kind.EMAIL_EVENT, marks=pytest.mark.ministack),
        pytest.param(Kind.PHONE_EVENT, marks=pytest.mark.ministack),
    ]
)
def place(request):
    if request.param == "memory":
        return Memory()
    address = request.getfixturevalue("ministack_endpoint")
    if request.param in (Kind.EMAIL_EVENT, Kind.PHONE_EVENT):
        return Topic(address, request.param).create()
    if request.param == "failed":
        return Log(address, Kind.SMS_FAILED, f"{DELIVERED}/Failure")
    return Log(address, Kind.SMS_DELIVERED, DELIVERED)


def test_what_was_put_arrives_whole_and_in_order(place):
    place.outlet.put(RECEIPTS[:70])
    place.outlet.put(RECEIPTS[70:])
    assert place.arrived() == RECEIPTS


@pytest.mark.ministack
def test_a_topic_that_is_made_later_is_found(ministack_endpoint):
    topic = Topic(ministack_endpoint, Kind.EMAIL_EVENT)
    with pytest.raises(Away) as away:
        topic.outlet.put(RECEIPTS[:1])
    assert away.value.taken == 0
    topic.create().outlet.put(RECEIPTS[:1])
    assert topic.arrived() == RECEIPTS[:1]


@pytest.mark.parametrize("kind", Kind)
def test_an_emulator_that_is_not_there_is_away(kind):
    outlet = aws_outlets(endpoint(free_port()), REGION, ACCOUNT, "ses-events", "phone-events")[kind]
    with pytest.raises(Away) as away:
        outlet.put(RECEIPTS[:1])
    assert away.value.taken == 0
