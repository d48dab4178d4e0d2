"""What the emulator gets is the packaged template, with as few changes as can be."""

from pathlib import Path

from local.deploy import adapted

TEMPLATE = {
    "Globals": {"Function": {"Environment": {"Variables": {"STAGE": {"Ref": "Stage"}}}}},
    "Parameters": {"Stage": {"Type": "String"}},
    "Resources": {
        "Plan": {
            "Type": "AWS::Serverless::Function",
            "Properties": {"CodeUri": "./deployment.zip", "Handler": "app.plan"},
        },
        "PlanQueue": {"Type": "AWS::SQS::Queue", "Properties": {}},
    },
}


def test_functions_find_their_code_in_the_tree():
    local = adapted(TEMPLATE, Path("/somewhere/code"), {})
    assert local["Globals"]["Function"]["Environment"]["Variables"]["PYTHONPATH"] == "/somewhere/code"
    assert local["Resources"]["Plan"]["Properties"]["CodeUri"].startswith("s3://")


def test_functions_are_told_where_the_carrier_is_besides_what_production_tells_them():
    local = adapted(TEMPLATE, Path("/somewhere"), {"AWS_ENDPOINT_URL_SNS": "http://127.0.0.1:1"})
    variables = local["Globals"]["Function"]["Environment"]["Variables"]
    assert variables["AWS_ENDPOINT_URL_SNS"] == "http://127.0.0.1:1"
    assert variables["STAGE"] == {"Ref": "Stage"}


def test_everything_else_stays_as_it_is():
    local = adapted(TEMPLATE, Path("/somewhere"), {})
    assert local["Parameters"] == TEMPLATE["Parameters"]
    assert local["Resources"]["PlanQueue"] == TEMPLATE["Resources"]["PlanQueue"]
    assert local["Resources"]["Plan"]["Properties"]["Handler"] == "app.plan"
