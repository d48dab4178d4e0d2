"""Dead letters in SQS, functions and streams of the emulator: what the twins say is what AWS's own shapes do."""

import json
import uuid

import boto3
import pytest

from chalicelib.platform.queues import QueueName
from chalicelib.platform.redrive import AwsTargets, MemoryDeadLetters, SqsDeadLetters
from infra import tables


@pytest.fixture(params=["memory", "ministack"])
def letters(request):
    """An empty dead-letter queue ``plan`` and a way to put letters in."""
    if request.param == "memory":
        twin = MemoryDeadLetters({"plan": []})
        return twin, twin.letters["plan"].append
    sqs = boto3.client("sqs", endpoint_url=request.getfixturevalue("ministack_endpoint"))
    stage = uuid.uuid4().hex[:8]
    url = sqs.create_queue(QueueName=f"burgernet-{stage}-plan-dead-letters")["QueueUrl"]
    return SqsDeadLetters(lambda: sqs, stage), lambda body: sqs.send_message(QueueUrl=url, MessageBody=body)


def test_letters_are_handed_out_once_and_counted(letters):
    store, put = letters
    bodies = [f"letter {number}" for number in range(13)]
    for body in bodies:
        put(body)
    assert store.waiting("plan") == 13
    seen = []
    assert store.drain("plan", seen.append, 12) == 12
    assert store.drain("plan", seen.append, 12) == 1
    assert sorted(seen) == sorted(bodies)
    assert store.waiting("plan") == 0
    assert store.drain("plan", seen.append, 12) == 0


def test_a_letter_that_is_not_taken_stays(letters):
    store, put = letters
    put("hot")

    def refuse(body):
        raise RuntimeError(body)

    with pytest.raises(RuntimeError, match="hot"):
        store.drain("plan", refuse, 1)


@pytest.fixture
def targets(ministack_endpoint):
    services = ("sqs", "lambda", "dynamodbstreams")
    sqs, functions, streams = (boto3.client(name, endpoint_url=ministack_endpoint) for name in services)
    url = sqs.create_queue(QueueName=f"plan-{uuid.uuid4().hex[:8]}")["QueueUrl"]
    there = AwsTargets(lambda: sqs, lambda: functions, lambda: streams, {QueueName.PLAN: url}, "contract")
    return there, sqs, url


def test_a_body_goes_back_as_it_was(targets):
    there, sqs, url = targets
    there.queue(QueueName.PLAN, "{ no json")
    assert sqs.receive_message(QueueUrl=url)["Messages"][0]["Body"] == "{ no json"


def test_records_between_two_places_of_a_stream_come_as_a_function_gets_them(targets, ministack_endpoint):
    there, _, _ = targets
    dynamodb = boto3.client("dynamodb", endpoint_url=ministack_endpoint)
    definition = tables.create_table("deliveries", f"deliveries-{uuid.uuid4().hex[:8]}")
    arn = dynamodb.create_table(**definition)["TableDescription"]["LatestStreamArn"]
    for number in range(150):
        row = {"m": {"S": "0000000abc#call"}, "b": {"S": f"batch#00000-{number:05}"}}
        dynamodb.put_item(TableName=definition["TableName"], Item=row)
    streams = there.streams()
    (shard,) = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]
    start = streams.get_shard_iterator(StreamArn=arn, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON")
    everything = streams.get_records(ShardIterator=start["ShardIterator"])["Records"]
    numbers = [record["dynamodb"]["SequenceNumber"] for record in everything]
    pages = list(there.records(arn, shard["ShardId"], numbers[3], numbers[120]))
    read = [record for page in pages for record in page]
    assert [record["dynamodb"]["SequenceNumber"] for record in read] == numbers[3:121]
    assert {record["eventSourceARN"] for record in read} == {arn}
    assert json.loads(json.dumps(read[0]["dynamodb"]["Keys"])) == {
        "m": {"S": "0000000abc#call"},
        "b": {"S": "batch#00000-00003"},
    }
