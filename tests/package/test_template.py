"""The template that is deployed, here and in production."""

import json
from pathlib import Path

from chalicelib.alerts.photo_store import FOLDER
from chalicelib.alerts.withdrawal import KEPT
from chalicelib.platform import redrive
from chalicelib.platform.queues import QueueName
from chalicelib.platform.settings import TABLES, Settings
from chalicelib.tips.photo_store import SENT, SHOWN
from infra.names import dead_letters_id, function_id, queue_id, table_id
from infra.template import MAX_RECEIVE

ROOT = Path(__file__).parents[2]
FUNCTIONS = {
    "api",
    "authorizer",
    "relay",
    "notices",
    "audit",
    "staff_mail",
    "proofs",
    "plan",
    "waves",
    "match",
    "send_sms",
    "send_voice",
    "send_email",
    "send_push",
    "post_social",
    "send_topics",
    "sms_log",
    "receipts",
    "tally",
    "count",
    "census",
    "recount",
    "recensus",
    "new_boundaries",
    "snapshot",
    "rebuild_reports",
    "summarise",
    "remind",
    "sweep",
    "canary",
    "suppress",
    "redrive",
}
MAX_TEMPLATE_BYTES = 1_000_000  # CloudFormation's limit for a template in S3


def queue_of(properties):
    """``{"Fn::Sub": "${SmsQueue.Arn}"}`` -> ``SmsQueue``."""
    return properties["Queue"]["Fn::Sub"].removeprefix("${").removesuffix(".Arn}")


def test_functions_are_those_of_the_architecture(functions):
    assert set(functions) == {function_id(name) for name in FUNCTIONS}


def test_every_queue_and_table_of_the_settings_exists(of_type):
    assert {table_id(table) for table in TABLES} == set(of_type("AWS::DynamoDB::Table"))
    assert {queue_id(queue) for queue in QueueName} <= set(of_type("AWS::SQS::Queue"))


def test_functions_are_given_every_setting(template):
    variables = template["Globals"]["Function"]["Environment"]["Variables"]
    required = {name.upper() for name, field in Settings.model_fields.items() if field.is_required()} - {
        "TABLES",
        "QUEUE_URLS",
    }
    assert required <= set(variables)


def test_every_queue_hands_what_fails_to_dead_letters(of_type):
    queues = of_type("AWS::SQS::Queue")
    for queue in QueueName:
        redrive = queues[queue_id(queue)]["Properties"]["RedrivePolicy"]
        assert redrive["maxReceiveCount"] == MAX_RECEIVE
        assert redrive["deadLetterTargetArn"] == {"Fn::GetAtt": [dead_letters_id(queue), "Arn"]}


def test_what_is_in_any_dead_letter_queue_can_be_put_back(of_type, sources):
    letters = {dead_letters_id(name) for name in redrive.NAMES}
    assert letters == {name for name in of_type("AWS::SQS::Queue") if name.endswith("DeadLetters")}
    streams = {properties["Stream"]["Fn::GetAtt"][0] for _, _, kind, properties in sources if kind == "DynamoDB"}
    policy = of_type("AWS::IAM::Role")["RedriveRole"]["Properties"]["Policies"][0]["PolicyDocument"]
    (read,) = [it for it in policy["Statement"] if "dynamodb:GetRecords" in it["Action"]]
    assert {resource["Fn::GetAtt"][0] for resource in read["Resource"]} == streams


def test_every_dead_letter_queue_has_an_alarm(of_type):
    watched = {
        dimension["Value"]["Fn::GetAtt"][0]
        for alarm in of_type("AWS::CloudWatch::Alarm").values()
        for dimension in alarm["Properties"]["Dimensions"]
        if dimension["Name"] == "QueueName"
    }
    assert watched == {name for name in of_type("AWS::SQS::Queue") if name.endswith("DeadLetters")}


def test_every_function_has_an_alarm_on_errors(of_type, functions):
    watched = {
        alarm["Properties"]["Dimensions"][0]["Value"]["Ref"]
        for alarm in of_type("AWS::CloudWatch::Alarm").values()
        if alarm["Properties"]["MetricName"] == "Errors"
    }
    assert watched == set(functions)


def test_every_alarm_tells_somebody(of_type):
    for alarm in of_type("AWS::CloudWatch::Alarm").values():
        assert alarm["Properties"]["AlarmActions"] == [{"Ref": "Alarms"}]


def test_what_somebody_must_know_at_once_has_an_alarm_on_its_metric(of_type):
    alarms = [alarm["Properties"] for alarm in of_type("AWS::CloudWatch::Alarm").values()]
    ours = {alarm["MetricName"] for alarm in alarms if alarm["Namespace"] == "Burgernet"}
    assert ours == {
        "ApprovalsLapsed",
        "StaffMailNobody",
        "SummaryFailed",
        "CanariesMissing",
        "CanariesSent",
        "SignUpNumbersInARow",
    }
    code = "".join(path.read_text() for path in (ROOT / "chalicelib").rglob("*.py"))
    assert [name for name in ours if f'"{name}"' not in code] == []


def test_every_queue_wakes_exactly_one_function(sources):
    consumed = [queue_of(properties) for _, _, kind, properties in sources if kind == "SQS"]
    assert sorted(consumed) == sorted(queue_id(queue) for queue in QueueName)


def test_every_source_takes_back_only_what_failed(sources):
    assert sources
    for name, event, _, properties in sources:
        assert properties["FunctionResponseTypes"] == ["ReportBatchItemFailures"], (name, event)


def test_every_queue_source_is_bounded(sources):
    for name, event, kind, properties in sources:
        if kind == "SQS":
            assert "Ref" in properties["ScalingConfig"]["MaximumConcurrency"], (name, event)


def test_large_batches_have_the_window_that_lambda_asks_for(sources):
    for name, event, kind, properties in sources:
        if kind == "SQS" and properties["BatchSize"] > 10:
            assert properties["MaximumBatchingWindowInSeconds"] >= 1, (name, event)


def test_a_message_stays_hidden_for_six_times_as_long_as_its_function_may_take(sources, resources, functions):
    for name, _, kind, properties in sources:
        if kind == "SQS":
            hidden = resources[queue_of(properties)]["Properties"]["VisibilityTimeout"]
            assert hidden >= 6 * functions[name]["Properties"]["Timeout"], name


def test_streams_set_aside_what_cannot_be_handled(sources):
    streams = [properties for _, _, kind, properties in sources if kind == "DynamoDB"]
    assert len(streams) == 4
    for properties in streams:
        assert properties["BisectBatchOnFunctionError"] is True
        assert properties["DestinationConfig"]["OnFailure"]["Type"] == "SQS"
        assert properties["StartingPosition"] == "TRIM_HORIZON"
        assert "Fn::GetAtt" in properties["Stream"]


def test_every_function_has_a_policy_of_its_own(functions, resources):
    roles = [function["Properties"]["Role"]["Fn::GetAtt"][0] for function in functions.values()]
    assert len(set(roles)) == len(functions)
    for role in roles:
        (policy,) = resources[role]["Properties"]["Policies"]
        assert policy["PolicyDocument"]["Statement"], role


def test_no_policy_allows_every_action_of_a_service(of_type):
    for name, role in of_type("AWS::IAM::Role").items():
        for policy in role["Properties"].get("Policies", []):
            for statement in policy["PolicyDocument"]["Statement"]:
                actions = statement["Action"]
                assert not any("*" in action for action in ([actions] if isinstance(actions, str) else actions)), name


def test_only_what_has_no_resources_is_allowed_on_all(functions, resources):
    everywhere = {
        action
        for function in functions.values()
        for statement in resources[function["Properties"]["Role"]["Fn::GetAtt"][0]]["Properties"]["Policies"][0][
            "PolicyDocument"
        ]["Statement"]
        if "*" in statement["Resource"]
        for action in statement["Action"]
    }
    assert everywhere == {"sns:Publish", "dynamodb:ListStreams"}


def test_only_senders_can_send(functions, resources):
    def may(action):
        return {
            name
            for name, function in functions.items()
            for statement in resources[function["Properties"]["Role"]["Fn::GetAtt"][0]]["Properties"]["Policies"][0][
                "PolicyDocument"
            ]["Statement"]
            if statement["Effect"] == "Allow" and action in statement["Action"]
        }

    assert may("sns:Publish") == {"SendSms", "Notices", "Proofs"}
    assert may("ses:SendBulkEmail") == {"SendEmail", "Notices", "Proofs", "Summarise", "StaffMail"}
    assert may("cognito-idp:AdminGetUser") == {"APIHandler", "Proofs"}


def test_gateway_answers_in_the_one_error_shape(of_type):
    answers = of_type("AWS::ApiGateway::GatewayResponse")
    assert len(answers) > 5
    for answer in answers.values():
        body = json.loads(answer["Properties"]["ResponseTemplates"]["application/json"])
        assert set(body) == {"error"}
        assert set(body["error"]) == {"code", "message", "fields", "request_id"}
        assert "gatewayresponse.header.Access-Control-Allow-Origin" in answer["Properties"]["ResponseParameters"]


def test_only_who_is_throttled_is_told_when_to_come_again(of_type):
    told = {
        answer["Properties"]["ResponseType"]: answer["Properties"]["ResponseParameters"].get(
            "gatewayresponse.header.Retry-After"
        )
        for answer in of_type("AWS::ApiGateway::GatewayResponse").values()
    }
    assert {kind: after for kind, after in told.items() if after} == {"THROTTLED": "'2'"}


def test_personal_links_stay_out_of_the_access_log(resources):
    line = resources["RestAPI"]["Properties"]["AccessLogSetting"]["Format"]
    assert "$context.resourcePath" in line
    assert "$context.path" not in line


def test_every_log_is_kept_for_a_set_time(of_type):
    for name, log in of_type("AWS::Logs::LogGroup").items():
        assert "RetentionInDays" in log["Properties"], name


def test_names_carry_the_stage(of_type):
    for kind, attribute in (
        ("AWS::DynamoDB::Table", "TableName"),
        ("AWS::SQS::Queue", "QueueName"),
        ("AWS::Serverless::Function", "FunctionName"),
    ):
        for name, resource in of_type(kind).items():
            assert resource["Properties"][attribute]["Fn::Sub"].startswith("burgernet-${Stage}-"), name


def test_no_resource_is_left_without_a_type(resources):
    assert [name for name, resource in resources.items() if "Type" not in resource] == []


def test_template_is_within_cloudformations_limit(built):
    assert built.template.stat().st_size < MAX_TEMPLATE_BYTES


def test_canaries_are_sent_and_looked_after_in_dutch_time(of_type):
    schedules = of_type("AWS::Scheduler::Schedule")
    send, look = schedules["CanarySend"]["Properties"], schedules["CanaryLook"]["Properties"]
    assert send["ScheduleExpressionTimezone"] == "Europe/Amsterdam"
    assert (send["Target"]["Input"], look["Target"]["Input"]) == ('{"send": true}', "{}")
    for schedule in (send, look):
        assert schedule["Target"]["Arn"] == {"Fn::GetAtt": ["Canary", "Arn"]}
        assert schedule["State"] == {"Fn::If": ["HasCanary", "ENABLED", "DISABLED"]}


def test_every_schedule_may_call_its_function_and_put_what_fails_aside(of_type):
    (policy,) = of_type("AWS::IAM::Role")["ScheduleRole"]["Properties"]["Policies"]
    calls, letters, *_ = policy["PolicyDocument"]["Statement"]
    for schedule in of_type("AWS::Scheduler::Schedule").values():
        target = schedule["Properties"]["Target"]
        assert target["Arn"] in calls["Resource"]
        assert target["DeadLetterConfig"]["Arn"] in letters["Resource"]


def test_only_who_posts_is_given_the_accounts_on_social_networks(template, functions):
    secrets = {"X_CREDENTIALS", "MASTODON_CREDENTIALS"}
    assert not secrets & set(template["Globals"]["Function"]["Environment"]["Variables"])
    own = {
        name: set(part["Properties"].get("Environment", {}).get("Variables", {})) for name, part in functions.items()
    }
    assert {name for name, variables in own.items() if variables & secrets} == {"PostSocial"}


def test_nothing_is_posted_where_no_account_is_named(template):
    for parameter, condition in (("XSecret", "PostsOnX"), ("MastodonSecret", "PostsOnMastodon")):
        assert template["Parameters"][parameter]["Default"] == ""
        assert template["Conditions"][condition] == {"Fn::Not": [{"Fn::Equals": [{"Ref": parameter}, ""]}]}


def test_only_the_api_keeps_recordings_and_only_who_calls_plays_them(functions, resources):
    def may(action):
        roles = {name: part["Properties"]["Role"]["Fn::GetAtt"][0] for name, part in functions.items()}
        return {
            name
            for name, role in roles.items()
            for statement in resources[role]["Properties"]["Policies"][0]["PolicyDocument"]["Statement"]
            if action in statement["Action"]
        }

    assert may("s3:PutObject") == may("s3:GetObject") == {"APIHandler"}
    assert may("s3:DeleteObject") == may("s3:ListBucket") == {"APIHandler", "Sweep"}
    assert may("connect:StartOutboundVoiceContact") == {"SendVoice"}


def test_photos_that_nobody_asked_for_are_forgotten_in_a_day_and_all_of_them_after_their_tips(resources):
    bucket = resources["PhotosBucket"]["Properties"]
    days = {rule["Prefix"]: rule["ExpirationInDays"] for rule in bucket["LifecycleConfiguration"]["Rules"]}
    assert days == {f"{SENT}/": 1, f"{SHOWN}/": 120, f"{FOLDER}/": 400}
    assert days[f"{FOLDER}/"] > max(kept.description for kept in KEPT.values()).days
    assert days[f"{SHOWN}/"] > max(kept.tips for kept in KEPT.values()).days


def test_a_role_for_photos_reaches_the_folders_that_it_works_in(resources):
    def where(role, action):
        (policy,) = resources[role]["Properties"]["Policies"]
        return [
            part["Fn::Sub"].removeprefix("${PhotosBucket.Arn}")
            for statement in policy["PolicyDocument"]["Statement"]
            if statement["Action"] == [action]
            for part in statement["Resource"]
        ]

    def listed(role):
        (policy,) = resources[role]["Properties"]["Policies"]
        (statement,) = [part for part in policy["PolicyDocument"]["Statement"] if part["Action"] == ["s3:ListBucket"]]
        assert statement["Resource"] == [{"Fn::GetAtt": ["PhotosBucket", "Arn"]}]
        return statement["Condition"]

    assert where("ApiHandlerRole", "s3:DeleteObject") == ["/sent/*"]
    assert where("SweepRole", "s3:DeleteObject") == ["/sent/*", "/shown/*", "/asked/*"]
    assert listed("ApiHandlerRole") == {"StringLike": {"s3:prefix": ["sent/*"]}}
    assert listed("SweepRole") == {"StringLike": {"s3:prefix": ["sent/*", "shown/*", "asked/*"]}}


def test_recordings_are_forgotten_and_read_by_nobody_else(resources):
    (rule,) = resources["RecordingsBucket"]["Properties"]["LifecycleConfiguration"]["Rules"]
    assert (rule["ExpirationInDays"], rule["NoncurrentVersionExpiration"]["NoncurrentDays"]) == (35, 1)
    allowed = [
        statement["Principal"]
        for statement in resources["RecordingsBucketPolicy"]["Properties"]["PolicyDocument"]["Statement"]
        if statement["Effect"] == "Allow"
    ]
    assert allowed == [{"Service": "connect.amazonaws.com"}]
