"""What is allowed, and what was done."""

import json

import pytest

from local.permissions import Use, allowed, called, differences


def allow(actions, *resources, **more):
    return {"Effect": "Allow", "Action": actions, "Resource": list(resources), **more}


def arn(resource):
    return {"Fn::GetAtt": [resource, "Arn"]}


STATEMENTS = [
    allow(["logs:PutLogEvents"], arn("PlanLog")),
    allow(["kms:Decrypt"], arn("DataKey"), Condition={"StringEquals": {"kms:ViaService": ["sqs"]}}),
    allow(["dynamodb:Query"], arn("AlertsTable"), {"Fn::Sub": "${AlertsTable.Arn}/index/*"}),
    allow(["sqs:ReceiveMessage", "sqs:SendMessage"], arn("PlanQueue")),
    allow(["sqs:SendMessage"], arn("PlanDeadLetters")),
    allow(["lambda:InvokeFunction"], {"Fn::Sub": "arn:x:function:burgernet-${Stage}-sms-log"}),
    {"Effect": "Deny", "Action": ["sns:Publish"], "Resource": ["*"]},
]
TEMPLATE = {
    "Resources": {
        "Plan": {"Properties": {"Role": arn("PlanRole")}},
        "PlanRole": {"Properties": {"Policies": [{"PolicyDocument": {"Statement": STATEMENTS}}]}},
    }
}
FUNCTIONS = {"plan": {"queues": {"plan": {}}}}
MAY = {
    Use("plan", "dynamodb:Query", "alerts"),
    Use("plan", "sqs:SendMessage", "plan"),
    Use("plan", "lambda:InvokeFunction", "sms_log"),
}
NO_EXCUSES = {"never": {}, "sometimes": {}}


def test_what_lambda_does_in_a_functions_name_is_not_the_functions_own():
    assert allowed(TEMPLATE, FUNCTIONS) == MAY


@pytest.mark.parametrize("table", ["burgernet-local-sign-ups", "sign_ups-0123abcd"])
def test_names_of_the_deployed_and_of_tests_are_the_same_table(table):
    line = json.dumps(["burgernet-local-send-sms", "dynamodb:Query", table])
    assert called([line]) == {Use("send_sms", "dynamodb:Query", "sign_ups")}


def test_a_bucket_that_is_deployed_is_the_one_of_the_template():
    line = json.dumps(["burgernet-local-api", "s3:GetObject", "burgernet-local-photos-000000000000"])
    bucket = {"Fn::Sub": "${PhotosBucket.Arn}/sent/*"}
    statements = [allow(["s3:GetObject"], bucket), allow(["s3:ListBucket"], arn("PhotosBucket"))]
    roles = {"PlanRole": {"Properties": {"Policies": [{"PolicyDocument": {"Statement": statements}}]}}}
    may = allowed({"Resources": TEMPLATE["Resources"] | roles}, FUNCTIONS)
    assert {use._replace(function="api") for use in may} - called([line]) == {
        Use("api", "s3:ListBucket", "PhotosBucket")
    }


def test_all_that_is_allowed_and_called_is_as_it_must_be():
    assert differences(MAY, MAY, NO_EXCUSES) == []


def test_a_call_that_is_not_allowed_is_told():
    (line,) = differences(set(), {Use("plan", "dynamodb:Scan", "alerts")}, NO_EXCUSES)
    assert line == "is called, and not allowed: plan dynamodb:Scan alerts"


def test_what_is_never_called_needs_an_excuse_and_an_excuse_somebody_who_needs_it():
    (line,) = differences(MAY, MAY - {Use("plan", "sqs:SendMessage", "plan")}, NO_EXCUSES)
    assert line == "is allowed, and never called: plan sqs:SendMessage plan"
    excuses = {"never": {"plan sqs:*": "long plans"}, "sometimes": {"plan lambda:*": "now and then"}}
    assert differences(MAY, {Use("plan", "dynamodb:Query", "alerts")}, excuses) == []
    assert differences(MAY, MAY, excuses) == ["excuses nothing: plan sqs:*"]
