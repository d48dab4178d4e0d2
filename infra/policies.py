"""What each function may do, and nothing else. Actions are those that its code calls."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from chalicelib.platform import redrive
from chalicelib.platform.envelope import CONTEXT
from chalicelib.platform.queues import QueueName
from infra import tables
from infra.names import dead_letters_id, log_id, queue_id, table_id

READ = ["dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query", "dynamodb:ConditionCheckItem"]
WRITE = ["dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem", "dynamodb:BatchWriteItem"]
READ_STREAM = ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"]
CONSUME = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]

ACTIONS = Path(__file__).parent / "actions.yaml"

# Who opens contacts, and who also makes the data keys under which new ones are sealed.
CONTACT_KEY = {"opens": ["kms:Decrypt"], "seals": ["kms:Decrypt", "kms:GenerateDataKey"]}

# What is done with photos -> action -> in which folders.
LIST = "s3:ListBucket"
PHOTOS: dict[str, dict[str, list[str]]] = {
    "takes": {
        "s3:PutObject": ["/sent/*", "/shown/*", "/asked/*"],
        "s3:GetObject": ["/sent/*", "/shown/*", "/asked/*"],
        "s3:DeleteObject": ["/sent/*"],
        LIST: ["/sent/*"],
    },
    "forgets": {
        "s3:DeleteObject": ["/sent/*", "/shown/*", "/asked/*"],
        LIST: ["/sent/*", "/shown/*", "/asked/*"],
    },
}

Statement = dict[str, Any]


def policy(name: str, function: dict[str, Any]) -> dict[str, Any]:
    """The policy document of a function as ``functions.yaml`` describes it."""
    statements = [
        _allow(["logs:CreateLogStream", "logs:PutLogEvents"], [_arn(log_id(name))]),
        *(_table(table, reads(table)) for table in function.get("reads", [])),
        *(_table(table, reads(table) + writes(table)) for table in function.get("writes", [])),
        *(_allow(["dynamodb:Scan"], [_arn(table_id(table))]) for table in function.get("scans", [])),
        *(_table(table, ["dynamodb:PutItem"]) for table in function.get("appends", [])),
        *(_table(table, ["dynamodb:UpdateItem"]) for table in function.get("counts", [])),
        _allow(READ_STREAM, [{"Fn::GetAtt": [table_id(table), "StreamArn"]} for table in function.get("streams", [])]),
        _allow(["dynamodb:ListStreams"], ["*"] if "streams" in function else []),  # knows no resources
        _allow(CONSUME, [_arn(queue_id(queue)) for queue in function.get("queues", {})]),
        _allow(["sqs:SendMessage"], [_arn(queue_id(queue)) for queue in function.get("sends", [])]),
    ]
    if uses := CONTACT_KEY.get(function.get("contacts", "")):
        condition = {"StringEquals": {"kms:EncryptionContext:holds": CONTEXT["holds"]}}
        statements.append({**_allow(uses, [_arn("ContactKey")]), "Condition": condition})
    if function.get("redrives"):
        statements += _redrives(function["redrives"])
    if "streams" in function or function.get("asynchronous"):
        statements.append(_allow(["sqs:SendMessage"], [_arn(dead_letters_id(name))]))
    if function.get("sms"):
        # A phone number is no resource, so all of SNS has to be allowed; topics are taken back.
        statements.append(_allow(["sns:Publish"], ["*"]))
        topics = {"Fn::Sub": "arn:${AWS::Partition}:sns:*:*:*"}
        statements.append({"Effect": "Deny", "Action": ["sns:Publish"], "Resource": [topics]})
    if function.get("sms"):
        statements.append(_allow(["sms-voice:SendTextMessage"], _phone_resources("phone-number", "sender-id", "pool")))
    if function.get("voice"):
        statements.append(_allow(["sms-voice:SendVoiceMessage"], _phone_resources("phone-number", "pool")))
    if function.get("accounts"):
        statements.append(_allow(["cognito-idp:AdminGetUser"], [_arn("StaffPool")]))
    if function.get("recordings"):
        statements.append(_allow(["s3:GetObject", "s3:PutObject"], [{"Fn::Sub": "${RecordingsBucket.Arn}/*"}]))
    for action, where in PHOTOS.get(function.get("photos", ""), {}).items():
        statements.append(_listing(where) if action == LIST else _allow([action], _photos(where)))
    if function.get("plays"):
        contacts = "instance/${ConnectInstanceId}/contact/*"
        arn = f"arn:${{AWS::Partition}}:connect:${{AWS::Region}}:${{AWS::AccountId}}:{contacts}"
        statements.append(_allow(["connect:StartOutboundVoiceContact"], [{"Fn::Sub": arn}]))
    if function.get("email"):
        account = "arn:${AWS::Partition}:ses:${AWS::Region}:${AWS::AccountId}"
        resources = [f"{account}:identity/*", f"{account}:configuration-set/${{EmailConfiguration}}"]
        statements.append(_allow(["ses:SendBulkEmail"], [{"Fn::Sub": name} for name in resources]))
    return {"Version": "2012-10-17", "Statement": [statement for statement in statements if statement["Resource"]]}


def _photos(folders: list[str]) -> list[Any]:
    return [{"Fn::Sub": f"${{PhotosBucket.Arn}}{folder}"} for folder in folders]


def _listing(folders: list[str]) -> Statement:
    """A list is asked of the whole bucket; which part of it, by a condition."""
    condition = {"StringLike": {"s3:prefix": [folder.removeprefix("/") for folder in folders]}}
    return {**_allow([LIST], [_arn("PhotosBucket")]), "Condition": condition}


def _redrives(tables: list[str]) -> list[Statement]:
    letters = [_arn(dead_letters_id(name)) for name in redrive.NAMES]
    invoked = [*redrive.FUNCTIONS, *redrive.STREAMS]
    return [
        _allow([*CONSUME, "sqs:GetQueueUrl"], letters),
        _allow(["sqs:SendMessage"], [_arn(queue_id(queue)) for queue in QueueName]),
        # By name: what these functions write to wakes others, so their ARNs would go round in a circle.
        _allow(["lambda:InvokeFunction"], [_function_arn(name) for name in invoked]),
        _allow(
            ["dynamodb:GetRecords", "dynamodb:GetShardIterator"],
            [{"Fn::GetAtt": [table_id(table), "StreamArn"]} for table in tables],
        ),
    ]


def _phone_resources(*kinds: str) -> list[Any]:
    """Whose name a message goes out in, and who hears what became of it."""
    account = "arn:${AWS::Partition}:sms-voice:${AWS::Region}:${AWS::AccountId}"
    resources = [f"{account}:{kind}/*" for kind in kinds]
    return [{"Fn::Sub": name} for name in (*resources, f"{account}:configuration-set/burgernet-${{Stage}}")]


def _allow(actions: list[str], resources: list[Any]) -> Statement:
    return {"Effect": "Allow", "Action": actions, "Resource": resources}


@cache
def _done() -> dict[str, dict[str, list[str]]]:
    done: dict[str, dict[str, list[str]]] = yaml.safe_load(ACTIONS.read_text())
    return done


def reads(table: str) -> list[str]:
    """The actions by which the table is read; all there are where nothing is said of it yet."""
    return [f"dynamodb:{action}" for action in _done()[table]["reads"]] if table in _done() else READ


def writes(table: str) -> list[str]:
    return [f"dynamodb:{action}" for action in _done()[table]["writes"]] if table in _done() else WRITE


def _table(table: str, actions: list[str]) -> Statement:
    indexes = tables.has_indexes(table) and "dynamodb:Query" in actions
    index = [{"Fn::Sub": f"${{{table_id(table)}.Arn}}/index/*"}] if indexes else []
    return _allow(actions, [_arn(table_id(table)), *index])


def _function_arn(name: str) -> dict[str, str]:
    function = f"function:burgernet-${{Stage}}-{name.replace('_', '-')}"
    return {"Fn::Sub": f"arn:${{AWS::Partition}}:lambda:${{AWS::Region}}:${{AWS::AccountId}}:{function}"}


def _arn(resource: str) -> dict[str, list[str]]:
    return {"Fn::GetAtt": [resource, "Arn"]}
