"""What is merged into the template that Chalice writes: the files of this folder, and what they leave to a rule.

Every queue gets a dead-letter queue with an alarm; every function its event sources, policy, log group and an alarm.
"""

import json
from pathlib import Path
from typing import Any

import yaml

from chalicelib.platform.queues import QueueName
from chalicelib.platform.settings import PLAN_QUEUE_URL, TABLE_PREFIX, dashed
from chalicelib.staff.model import Role
from infra import headers, throttles
from infra.hardening import KEY, hardened
from infra.names import camel, dead_letters_id, function_id, log_id, queue_id, role_id, table_id
from infra.policies import policy

FOLDER = Path(__file__).parent
CHALICE_CONFIG = FOLDER.parent / ".chalice" / "config.json"
WRITTEN_OUT = (
    "parameters.yaml",
    "encryption.yaml",
    "tables.yaml",
    "messages.yaml",
    "staff.yaml",
    "privacy.yaml",
    "edge.yaml",
    "firewall.yaml",
)

ISSUER = "https://cognito-idp.${AWS::Region}.amazonaws.com/${StaffPool}"
VISIBILITY_TIMEOUTS = 6  # as AWS advises: the function's own time, its retries when throttled, and room
MAX_RECEIVE = 5
STREAM_BATCH = 1_000  # changes that one relay reads, of whole rows, which together stay below what Lambda takes
FOUR_DAYS_S, FOURTEEN_DAYS_S = 4 * 86_400, 14 * 86_400

SIGN_UP_SCOPES = ("", "NETWORK_", "CONTACT_", "HUNDRED_", "THOUSAND_")

Json = dict[str, Any]


class TemplateError(Exception):
    """The files of this folder contradict each other."""


def merge_template() -> Json:
    """The whole merge template."""
    functions: dict[str, Json] = _read("functions.yaml")
    # The variables hold secrets.
    template: Json = {"Globals": {"Function": {"Environment": {"Variables": environment()}, "KmsKeyArn": KEY}}}
    made = {"Resources": {**_gateway_errors(), **headers.resources(), **_roles()}}
    for part in [*map(_read, WRITTEN_OUT), made]:
        _add(template, part)
    template["Resources"]["RestAPI"]["Properties"]["MethodSettings"] = throttles.method_settings()
    _add(template, {"Resources": {"NumbersInARowAlarm": _numbers_in_a_row()}})
    _add(template, {"Resources": {"ApprovalsLapsedAlarm": _approvals_lapsed()}})
    _add(template, {"Resources": {"StaffMailNobodyAlarm": _staff_mail_nobody()}})
    _add(template, {"Resources": {"SummaryFailedAlarm": _summary_failed()}})
    for queue in QueueName:
        _add(template, {"Resources": _queue(queue, _consumer(queue, functions))})
    for name, function in functions.items():
        _add(template, {"Resources": _function(name, function)})
    template["Resources"] = hardened(template["Resources"])
    return template


def environment() -> Json:
    """Every variable of ``platform.settings.Settings``, and those of Powertools."""
    return {
        TABLE_PREFIX: _named(""),
        PLAN_QUEUE_URL: {"Ref": queue_id(QueueName.PLAN)},
        "STAGE": {"Ref": "Stage"},
        "WEB_URL": {"Ref": "WebUrl"},
        "LINK_SECRET": {"Fn::Sub": "{{resolve:secretsmanager:${LinkSecret}}}"},
        "LINK_KEYS_VERSION": {"Ref": "LinkKeysVersion"},
        "CONTACT_SECRET": {"Fn::Sub": "{{resolve:secretsmanager:${ContactSecret}}}"},
        "CONTACT_KEY": {"Fn::GetAtt": ["ContactKey", "Arn"]},
        "PUSH_SECRET": {"Fn::Sub": "{{resolve:secretsmanager:${PushSecret}}}"},
        "JWKS_URL": _of_pool({"Fn::Sub": f"{ISSUER}/.well-known/jwks.json"}, "JwksUrl"),
        "TOKEN_ISSUER": _of_pool({"Fn::Sub": ISSUER}, "TokenIssuer"),
        "TOKEN_AUDIENCE": _of_pool({"Ref": "StaffClient"}, "TokenAudience"),
        "GEOCODER_URL": {"Ref": "GeocoderUrl"},
        "SMS_SENDER_ID": {"Ref": "SmsSenderId"},
        "EXERCISE_SMS_SENDER_ID": {"Ref": "ExerciseSmsSenderId"},
        "EXERCISE_SMS_ORIGINATION": {"Ref": "ExerciseSmsOriginationIdentity"},
        "EXERCISE_EMAIL_FROM": {"Ref": "ExerciseEmailFrom"},
        "SMS_PROVIDER": {"Ref": "SmsProvider"},
        "SMS_ORIGINATION": {"Ref": "SmsOriginationIdentity"},
        "VOICE_ORIGINATION": {"Ref": "VoiceOriginationIdentity"},
        "VOICE_ID_NL": {"Ref": "VoiceIdDutch"},
        "VOICE_ID_EN": {"Ref": "VoiceIdEnglish"},
        "PHONE_CONFIGURATION_SET": {"Fn::Sub": "burgernet-${Stage}"},
        "EMAIL_FROM": {"Ref": "EmailFrom"},
        "SES_CONFIGURATION_SET": {"Ref": "EmailConfiguration"},
        "SMS_RATE": {"Ref": "SmsRate"},
        "EMAIL_RATE": {"Ref": "EmailRate"},
        "VOICE_RATE": {"Ref": "VoiceRate"},
        "PUSH_RATE": {"Ref": "PushRate"},
        "PUSH_ENDPOINTS": {"Ref": "PushEndpoints"},
        "CANARY_MINUTES": {"Ref": "CanaryMinutes"},
        "CONNECT_INSTANCE": {"Ref": "ConnectInstanceId"},
        "CONNECT_FLOW": {"Ref": "ConnectFlowId"},
        "CONNECT_ORIGINATION": {"Ref": "ConnectOrigination"},
        "RECORDINGS_BUCKET": {"Ref": "RecordingsBucket"},
        "PHOTOS_BUCKET": {"Ref": "PhotosBucket"},
        "SOCIAL_NETWORKS": {"Fn::Join": [",", [_if("PostsOnX", "x"), _if("PostsOnMastodon", "mastodon")]]},
        "X_API_URL": {"Ref": "XApiUrl"},
        "COUNTDOWN_S": {"Ref": "CountdownSeconds"},
        "COUNT_EVERY_S": {"Ref": "CountEverySeconds"},
        "PROXIES": {"Ref": "Proxies"},
        **{f"SIGN_UP_{scope}LIMIT": {"Ref": f"SignUp{camel(scope.lower())}Limit"} for scope in SIGN_UP_SCOPES},
        "TIP_NETWORK_LIMIT": {"Ref": "TipNetworkLimit"},
        "TOPIC_NETWORK_LIMIT": {"Ref": "TopicNetworkLimit"},
        "APPROVAL_MINUTES": {"Ref": "ApprovalMinutes"},
        "REACH_LIMIT": {"Ref": "ReachLimit"},
        "ALERTS_LIMIT": {"Ref": "AlertsLimit"},
        "SUPERVISORS": {"Ref": "SupervisorEmails"},
        "YEARLY_EMAILS": {"Ref": "YearlySummaryEmails"},
        "REMIND_MINUTES": {"Ref": "RemindMinutes"},
        "REMIND_SUPERVISORS_MINUTES": {"Ref": "RemindSupervisorsMinutes"},
        "CLOSE_HOURS": {"Ref": "CloseHours"},
        "ALERT_HOURS": {"Ref": "AlertHours"},
        "WEEKLY_CAP": {"Ref": "WeeklyCap"},
        "BOUNDS": {"Ref": "Bounds"},
        "POWERTOOLS_LOG_LEVEL": {"Ref": "LogLevel"},
    }


def _own_environment(name: str, function: Json) -> Json:
    """What only this function is given: Lambda takes 4 KB of variables."""
    own = dict(function.get("environment", {}))
    if function.get("accounts"):
        own["STAFF_POOL"] = {"Ref": "StaffPool"}
    if name == "api":
        own["SIGN_IN_URL"] = dict(headers.SIGN_IN)
        own |= {"MAP_TILES": {"Ref": "MapTiles"}, "MAP_TILES_BY": {"Ref": "MapTilesBy"}}
    return own


def _if(condition: str, value: str) -> Json:
    return {"Fn::If": [condition, value, ""]}


def _of_pool(own: Json, parameter: str) -> Json:
    """What the staff's user pool says of itself, unless tokens come from elsewhere."""
    return {"Fn::If": ["UsesStaffPool", own, {"Ref": parameter}]}


def _roles() -> Json:
    """A group of the user pool for each."""
    return {
        f"Staff{camel(role)}s": {
            "Type": "AWS::Cognito::UserPoolGroup",
            "Properties": {"UserPoolId": {"Ref": "StaffPool"}, "GroupName": role.value},
        }
        for role in Role
    }


def timeout_s(function: str) -> int:
    """As ``.chalice/config.json`` has it."""
    stage: Json = json.loads(CHALICE_CONFIG.read_text())["stages"]["package"]
    own = stage["lambda_functions"].get("api_handler" if function == "api" else function, {})
    return int(own.get("lambda_timeout", stage["lambda_timeout"]))


def _read(file: str) -> Json:
    content: Json = yaml.safe_load((FOLDER / file).read_text())
    return content


def _add(template: Json, part: Json) -> None:
    for section, entries in part.items():
        known = template.setdefault(section, {})
        if twice := known.keys() & entries.keys():
            raise TemplateError(f"{section} has two of {', '.join(sorted(twice))}")
        known.update(entries)


def _consumer(queue: QueueName, functions: dict[str, Json]) -> str:
    consumers = [name for name, function in functions.items() if queue in function.get("queues", {})]
    if len(consumers) != 1:
        raise TemplateError(f"queue {queue} must have one consumer, not {consumers}")
    return consumers[0]


def _named(name: str) -> Json:
    return {"Fn::Sub": f"burgernet-${{Stage}}-{dashed(name)}"}


def _queue(name: QueueName, consumer: str) -> Json:
    return {
        queue_id(name): {
            "Type": "AWS::SQS::Queue",
            "Properties": {
                "QueueName": _named(name),
                "VisibilityTimeout": VISIBILITY_TIMEOUTS * timeout_s(consumer),
                "MessageRetentionPeriod": FOUR_DAYS_S,
                "RedrivePolicy": {
                    "deadLetterTargetArn": {"Fn::GetAtt": [dead_letters_id(name), "Arn"]},
                    "maxReceiveCount": MAX_RECEIVE,
                },
            },
        },
        **_dead_letters(name),
    }


def _dead_letters(name: str) -> Json:
    queue = dead_letters_id(name)
    return {
        queue: {
            "Type": "AWS::SQS::Queue",
            "Properties": {
                "QueueName": _named(f"{name}-dead-letters"),
                "MessageRetentionPeriod": FOURTEEN_DAYS_S,
            },
        },
        f"{queue}Alarm": _alarm(
            f"{name}-dead-letters",
            "Something could not be handled: docs/runbooks says how to look and put it back.",
            Namespace="AWS/SQS",
            MetricName="ApproximateNumberOfMessagesVisible",
            Statistic="Maximum",
            Period=60,
            Dimensions=[{"Name": "QueueName", "Value": {"Fn::GetAtt": [queue, "QueueName"]}}],
        ),
    }


def _alarm(name: str, why: str, **metric: Any) -> Json:
    return {
        "Type": "AWS::CloudWatch::Alarm",
        "Properties": {
            "AlarmName": _named(name),
            "AlarmDescription": why,
            "ComparisonOperator": "GreaterThanThreshold",
            "Threshold": 0,
            "EvaluationPeriods": 1,
            "TreatMissingData": "notBreaching",
            "AlarmActions": [{"Ref": "Alarms"}],
            **metric,
        },
    }


def _numbers_in_a_row() -> Json:
    return _counted(
        "numbers-in-a-row",
        "Somebody signs up with phone numbers that follow each other, as who earns by our text messages does.",
        "SignUpNumbersInARow",
        300,
    )


def _approvals_lapsed() -> Json:
    return _counted(
        "approvals-lapsed",
        "An approved alert did not go out: it came too late to begin, and must be submitted again.",
        "ApprovalsLapsed",
        60,
    )


def _staff_mail_nobody() -> Json:
    return _counted(
        "staff-mail-nobody",
        "An alert stays open, and nobody can be reminded of it: its control room has no mailbox and no supervisors.",
        "StaffMailNobody",
        60,
    )


def _summary_failed() -> Json:
    return _counted(
        "summary-failed",
        "A summary of outcomes could not be made, or an address did not take it: docs/runbooks/summaries.md.",
        "SummaryFailed",
        300,
    )


def _counted(name: str, why: str, metric: str, period_s: int) -> Json:
    """An alarm on what functions count (``platform.observe``): once is enough."""
    return _alarm(
        name,
        why,
        Namespace="Burgernet",
        MetricName=metric,
        Statistic="Sum",
        Period=period_s,
        Dimensions=[{"Name": "service", "Value": "burgernet"}],
    )


def _function(name: str, function: Json) -> Json:
    properties: Json = {"FunctionName": _named(name)}
    if events := _queue_sources(name, function) | _stream_sources(name, function):
        properties["Events"] = events
    if own := _own_environment(name, function):
        properties["Environment"] = {"Variables": own}
    resources: Json = {}
    if "streams" in function or function.get("asynchronous"):
        resources |= _dead_letters(name)
    if function.get("asynchronous"):
        properties["EventInvokeConfig"] = {
            "MaximumRetryAttempts": 2,
            "DestinationConfig": {"OnFailure": _to_dead_letters(name)},
        }
    return resources | {
        function_id(name): {"DependsOn": [log_id(name)], "Properties": properties},
        role_id(name): {"Properties": {"Policies": [{"PolicyName": "own", "PolicyDocument": policy(name, function)}]}},
        log_id(name): {
            "Type": "AWS::Logs::LogGroup",
            "DeletionPolicy": "Delete",
            "UpdateReplacePolicy": "Delete",
            "Properties": {
                "LogGroupName": {"Fn::Sub": f"/aws/lambda/{_named(name)['Fn::Sub']}"},
                "RetentionInDays": {"Ref": "LogDays"},
            },
        },
        f"{camel(name)}ErrorsAlarm": _alarm(
            f"{name}-errors",
            "The function failed: its log says why.",
            Namespace="AWS/Lambda",
            MetricName="Errors",
            Statistic="Sum",
            Period=300,
            Dimensions=[{"Name": "FunctionName", "Value": {"Ref": function_id(name)}}],
        ),
    }


def _to_dead_letters(name: str) -> Json:
    return {"Type": "SQS", "Destination": {"Fn::GetAtt": [dead_letters_id(name), "Arn"]}}


def _queue_sources(name: str, function: Json) -> Json:
    """The first source is the one that Chalice declares from app.py; only what it cannot say is added to it."""
    sources: Json = {}
    for queue, options in function.get("queues", {}).items():
        event = f"{camel(name)}SqsEventSource" if not sources else f"{camel(name)}{camel(queue)}"
        properties: Json = {
            "Queue": {"Fn::Sub": f"${{{queue_id(queue)}.Arn}}"},
            "FunctionResponseTypes": ["ReportBatchItemFailures"],
            "ScalingConfig": {"MaximumConcurrency": {"Ref": options["concurrency"]}},
        }
        if "batch_size" in options:
            properties["BatchSize"] = options["batch_size"]
        if "window_s" in options:
            properties["MaximumBatchingWindowInSeconds"] = options["window_s"]
        sources[event] = {"Type": "SQS", "Properties": properties}
    return sources


def _stream_sources(name: str, function: Json) -> Json:
    """As ``_queue_sources``. What cannot be handled is split in halves until it is alone, then set aside."""
    sources: Json = {}
    for table in function.get("streams", []):
        event = f"{camel(name)}DynamodbEventSource" if not sources else f"{camel(name)}{camel(table)}"
        batch = {"BatchSize": STREAM_BATCH} if sources else {}  # the first one's is in app.py
        sources[event] = {
            "Type": "DynamoDB",
            "Properties": {
                **batch,
                "Stream": {"Fn::GetAtt": [table_id(table), "StreamArn"]},
                "StartingPosition": "TRIM_HORIZON",
                "FunctionResponseTypes": ["ReportBatchItemFailures"],
                "BisectBatchOnFunctionError": True,
                "MaximumRetryAttempts": 50,
                "DestinationConfig": {"OnFailure": _to_dead_letters(name)},
            },
        }
    return sources


def _gateway_errors() -> Json:
    return {
        f"GatewayError{camel(kind.lower())}": {
            "Type": "AWS::ApiGateway::GatewayResponse",
            "Properties": {
                "RestApiId": {"Ref": "RestAPI"},
                "ResponseType": kind,
                **({"StatusCode": str(answer["status"])} if "status" in answer else {}),
                "ResponseParameters": {
                    "gatewayresponse.header.Access-Control-Allow-Origin": {"Fn::Sub": "'${WebUrl}'"},
                    "gatewayresponse.header.Cache-Control": "'no-store'",
                    **_again_after(answer),
                },
                "ResponseTemplates": {"application/json": _error_body(answer)},
            },
        }
        for kind, answer in _read("gateway_errors.yaml").items()
    }


def _again_after(answer: Json) -> Json:
    return {"gatewayresponse.header.Retry-After": f"'{answer['again_after_s']}'"} if "again_after_s" in answer else {}


def _error_body(answer: Json) -> str:
    error = {"code": answer["code"], "message": answer["message"], "fields": [], "request_id": "$context.requestId"}
    return json.dumps({"error": error})
