"""Puts the packaged template into the emulator: the one that goes to AWS, with as few changes as can be."""

import copy
import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import WaiterError

from chalicelib.platform.settings import TABLES
from infra import tables
from infra.hardening import ONLY_OVER_TLS
from infra.names import table_id
from local.ministack import CREDENTIALS, REGION

STAGE = "local"
STACK = f"burgernet-{STAGE}"
BUCKET = "deployments"
CODE_KEY = "code.zip"
TEMPLATE_KEY = "template.json"

# What the emulator does not take, and why we can do without it here. Nothing in the template asks for what these give.
NOT_HERE = {
    "AWS::SMSVOICE::ConfigurationSet": "the emulator knows nothing of End User Messaging, which the carrier plays",
    "AWS::Cognito::ManagedLoginBranding": "the emulator has sign-in pages, and one look for them",
    "AWS::WAFv2::WebACLAssociation": "the emulator has web ACLs but no requests that pass them",
}

UNTOLD = ("kms:EncryptionContext", "s3:prefix")

Json = dict[str, Any]


class DeploymentFailed(Exception):
    """CloudFormation did not take the template; the message holds its reasons."""


@dataclass(frozen=True)
class Emulator:
    endpoint: str

    def client(self, service: str) -> Any:
        return boto3.client(  # type: ignore[call-overload]
            service,
            endpoint_url=self.endpoint,
            region_name=REGION,
            aws_access_key_id=CREDENTIALS["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
            config=Config(retries={"total_max_attempts": 2}),
        )


def adapted(template: Json, tree: Path, environment: Mapping[str, str]) -> Json:
    """The template for the emulator.

    The code is not in the zip but in ``tree``, which every function finds by PYTHONPATH: the emulator would unpack the
    zip anew for each process. ``environment``: added to every function, such as where the carrier is.
    """
    variables = {**template["Globals"]["Function"]["Environment"]["Variables"], **environment, "PYTHONPATH": str(tree)}
    return {
        **template,
        "Resources": {
            name: _adapted(resource)
            for name, resource in template["Resources"].items()
            if resource["Type"] not in NOT_HERE and not _only_refuses_what_has_no_tls(resource)
        },
        "Globals": {"Function": {**template["Globals"]["Function"], "Environment": {"Variables": variables}}},
    }


def _without_refusal(document: Json) -> Json:
    """The emulator keeps to the policies of queues and topics, and is asked over the loopback interface without TLS."""
    return {**document, "Statement": [it for it in document["Statement"] if it.get("Sid") != ONLY_OVER_TLS]}


def _only_refuses_what_has_no_tls(resource: Json) -> bool:
    document = resource.get("Properties", {}).get("PolicyDocument")
    return bool(document) and not _without_refusal(document)["Statement"]


def _adapted(resource: Json) -> Json:
    if resource["Type"] == "AWS::Serverless::Function":
        return {**resource, "Properties": {**resource["Properties"], "CodeUri": f"s3://{BUCKET}/{CODE_KEY}"}}
    if document := resource["Properties"].get("PolicyDocument"):
        return {**resource, "Properties": {**resource["Properties"], "PolicyDocument": _without_refusal(document)}}
    if resource["Type"] == "AWS::IAM::Role":
        resource = copy.deepcopy(resource)
        for policy in resource["Properties"].get("Policies", []):
            for statement in policy["PolicyDocument"]["Statement"]:
                # The emulator checks policies, but knows SendMessageBatch by its own name; AWS asks for SendMessage.
                if "sqs:SendMessage" in statement["Action"]:
                    statement["Action"] = ["sqs:SendMessage", "sqs:SendMessageBatch"]
                # Nor does it tell some conditions what they ask for, so that nobody would fulfil them.
                if any(asked in json.dumps(statement.get("Condition", {})) for asked in UNTOLD):
                    del statement["Condition"]
    return resource


def put_secrets(emulator: Emulator, secrets: Mapping[str, Mapping[str, str]]) -> None:
    """``secrets``: name -> what it holds, kept as JSON; what the template only refers to."""
    manager = emulator.client("secretsmanager")
    for name, held in secrets.items():
        manager.create_secret(Name=name, SecretString=json.dumps(dict(held)))


def deploy(emulator: Emulator, template: Json, parameters: Mapping[str, str]) -> Mapping[str, str]:
    """Create the stack; its outputs."""
    s3 = emulator.client("s3")
    s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_object(Bucket=BUCKET, Key=CODE_KEY, Body=_nothing())
    s3.put_object(Bucket=BUCKET, Key=TEMPLATE_KEY, Body=json.dumps(_with_numbers(template, parameters)).encode())
    cloudformation = emulator.client("cloudformation")
    cloudformation.create_stack(
        StackName=STACK,
        TemplateURL=f"{emulator.endpoint}/{BUCKET}/{TEMPLATE_KEY}",  # too large for TemplateBody
        Parameters=[{"ParameterKey": name, "ParameterValue": value} for name, value in parameters.items()],
        Capabilities=["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"],
    )
    try:
        cloudformation.get_waiter("stack_create_complete").wait(
            StackName=STACK, WaiterConfig={"Delay": 0.2, "MaxAttempts": 300}
        )
    except WaiterError as error:
        raise DeploymentFailed(_reasons(cloudformation)) from error
    expire_rows(emulator)
    stack = cloudformation.describe_stacks(StackName=STACK)["Stacks"][0]
    return {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}


def _with_numbers(template: Json, parameters: Mapping[str, str]) -> Json:
    """With the concurrency of queues as a number: the emulator compares a parameter's text, and polls no queue."""
    template = json.loads(json.dumps(template))
    for resource in template["Resources"].values():
        for source in resource.get("Properties", {}).get("Events", {}).values():
            scaling = source["Properties"].get("ScalingConfig", {})
            if "Ref" in scaling.get("MaximumConcurrency", {}):
                scaling["MaximumConcurrency"] = int(parameters[scaling["MaximumConcurrency"]["Ref"]])
    return template


def function_environment(emulator: Emulator, function: str = "api") -> dict[str, str]:
    """What a deployed function sees: every setting of the product, with the names that CloudFormation gave."""
    answer = emulator.client("lambda").get_function_configuration(FunctionName=f"{STACK}-{function}")
    variables: dict[str, str] = answer["Environment"]["Variables"]
    return variables


def expire_rows(emulator: Emulator) -> None:
    """The emulator reads over TimeToLiveSpecification in a template, but does what the API says."""
    dynamodb = emulator.client("dynamodb")
    resources = emulator.client("cloudformation").describe_stack_resources(StackName=STACK)["StackResources"]
    names = {resource["LogicalResourceId"]: resource["PhysicalResourceId"] for resource in resources}
    for table in TABLES:
        if attribute := tables.time_to_live(table):
            dynamodb.update_time_to_live(
                TableName=names[table_id(table)],
                TimeToLiveSpecification={"Enabled": True, "AttributeName": attribute},
            )


def _nothing() -> bytes:
    """An archive that holds no module, so that none hides the tree's."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("README", "The code is found by PYTHONPATH.\n")
    return buffer.getvalue()


def _reasons(cloudformation: Any) -> str:
    events = cloudformation.describe_stack_events(StackName=STACK)["StackEvents"]
    failed = [event for event in reversed(events) if event["ResourceStatus"].endswith("FAILED")]
    return "\n".join(
        f"{event['LogicalResourceId']} ({event['ResourceType']}): {event.get('ResourceStatusReason', '')}"
        for event in failed
    )
