"""How the files of infra become one template."""

import pytest

from chalicelib.platform.queues import QueueName
from chalicelib.platform.settings import TABLES, Settings, dashed
from infra import tables, template
from infra.names import camel, function_id, queue_id, role_id, table_id
from infra.policies import policy

LONG = 96  # bytes: an ARN, an address of ours, a secret


def statement(document, action):
    return [entry for entry in document["Statement"] if action in entry["Action"]]


@pytest.fixture(scope="module")
def merged():
    return template.merge_template()


@pytest.mark.parametrize("table", TABLES)
def test_every_table_can_be_made_from_the_template(table):
    arguments = tables.create_table(table, "some-name")
    assert arguments["TableName"] == "some-name"
    keys = {key["AttributeName"] for key in arguments["KeySchema"]}
    assert keys <= {attribute["AttributeName"] for attribute in arguments["AttributeDefinitions"]}


def test_streams_are_on_where_a_function_listens():
    listened_to = {"participants", "alerts", "deliveries", "tips"}
    assert {table for table in TABLES if "StreamSpecification" in tables.create_table(table, "x")} == listened_to


def test_rows_that_must_vanish_have_an_attribute_for_it():
    assert {table for table in TABLES if tables.time_to_live(table)} == {
        "reports",
        "sign_ups",
        "places",
        "deliveries",
        "message_ids",
        "idempotency",
        "canaries",
        "audit",
        "counters",
        "topics",
    }


def test_names_are_those_that_chalice_makes():
    assert camel("send_sms") == "SendSms"
    assert function_id("api") == "APIHandler"
    assert role_id("api") == "ApiHandlerRole"
    assert role_id("sms_log") == "SmsLogRole"


@pytest.mark.parametrize("queue", QueueName)
def test_every_queue_and_its_dead_letters_are_in_the_template(merged, queue):
    resources = merged["Resources"]
    assert resources[f"{camel(queue)}Queue"]["Type"] == "AWS::SQS::Queue"
    assert resources[f"{camel(queue)}DeadLetters"]["Type"] == "AWS::SQS::Queue"


def test_an_operator_can_set_every_setting():
    """But what the functions that need it are given, and what follows from a function's own timeout."""
    otherwise = {
        "tables",
        "queue_urls",
        "x_credentials",
        "mastodon_credentials",
        "staff_pool",
        "sign_in_url",
        "canary_email",
        "canary_phone",
        "map_tiles",
        "map_tiles_by",
        "lease_s",
    }
    assert set(Settings.model_fields) - {name.lower() for name in template.environment()} == otherwise


def test_tables_and_queues_have_the_names_that_the_settings_give_them(merged):
    resources = merged["Resources"]
    names = {table: resources[table_id(table)]["Properties"]["TableName"] for table in TABLES}
    names |= {queue: resources[queue_id(queue)]["Properties"]["QueueName"] for queue in QueueName}
    prefix = template.environment()["TABLE_PREFIX"]["Fn::Sub"]
    assert names == {name: {"Fn::Sub": prefix + dashed(name)} for name in names}


def test_the_variables_of_every_function_fit_into_what_lambda_takes(merged):
    """4,096 bytes, of which an eighth is left for an operator with long names and for one more feature."""
    given = {name: parameter.get("Default", "") for name, parameter in merged["Parameters"].items()}
    of_all = merged["Globals"]["Function"]["Environment"]["Variables"]
    for function in merged["Resources"].values():
        own = function.get("Properties", {}).get("Environment", {}).get("Variables", {})
        size = sum(len(name) + _length(value, given) for name, value in (of_all | own).items())
        assert size < 7 * 4_096 / 8


def _length(value, given):
    """Of what CloudFormation makes of it: a parameter's default, or as much as the longest name takes."""
    default = str(given.get(value.get("Ref"), "")) if isinstance(value, dict) else str(value)
    return max(len(default), LONG if isinstance(value, dict) and not default else 0)


def test_writing_a_table_includes_reading_it():
    document = policy("tally", {"writes": ["deliveries"]})
    arn = {"Fn::GetAtt": ["DeliveriesTable", "Arn"]}
    assert arn in statement(document, "dynamodb:PutItem")[0]["Resource"]
    assert arn in statement(document, "dynamodb:GetItem")[0]["Resource"]


def test_reading_a_table_does_not_include_writing_it():
    document = policy("plan", {"reads": ["areas"]})
    assert statement(document, "dynamodb:GetItem")
    assert not statement(document, "dynamodb:PutItem")


def test_a_function_that_touches_nothing_may_only_log():
    document = policy("authorizer", {})
    assert [entry["Action"] for entry in document["Statement"]] == [["logs:CreateLogStream", "logs:PutLogEvents"]]


def test_a_sender_of_sms_may_not_publish_to_topics():
    refused = [entry for entry in policy("send_sms", {"sms": True})["Statement"] if entry["Effect"] == "Deny"]
    assert refused == [
        {"Effect": "Deny", "Action": ["sns:Publish"], "Resource": [{"Fn::Sub": "arn:${AWS::Partition}:sns:*:*:*"}]}
    ]


def test_the_same_resource_twice_is_refused():
    with pytest.raises(template.TemplateError, match="SmsQueue"):
        template._add({"Resources": {"SmsQueue": {}}}, {"Resources": {"SmsQueue": {}}})


def test_a_queue_without_a_consumer_is_refused():
    with pytest.raises(template.TemplateError, match="plan"):
        template._consumer(QueueName.PLAN, {"match": {"queues": {"match": {}}}})
