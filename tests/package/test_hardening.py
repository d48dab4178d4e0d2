"""What every resource of a kind must have, whoever adds it: looked up in the template that is deployed."""

import json
import re
from pathlib import Path

import pytest
import yaml

from chalicelib.platform import settings
from infra import headers
from infra.hardening import ONLY_OVER_TLS
from local.origin.security import SecurityHeaders

ROOT = Path(__file__).parents[2]
KEY = {"Fn::GetAtt": ["DataKey", "Arn"]}
CONTACT_KEY = {"Fn::GetAtt": ["ContactKey", "Arn"]}
ENCRYPTED = {
    "AWS::DynamoDB::Table": lambda it: it["SSESpecification"],
    "AWS::SQS::Queue": lambda it: it["KmsMasterKeyId"],
    "AWS::SNS::Topic": lambda it: it["KmsMasterKeyId"],
    "AWS::Logs::LogGroup": lambda it: it["KmsKeyId"],
    "AWS::SecretsManager::Secret": lambda it: it["KmsKeyId"],
    "AWS::S3::Bucket": lambda it: it["BucketEncryption"]["ServerSideEncryptionConfiguration"][0][
        "ServerSideEncryptionByDefault"
    ],
}


def statements(policy):
    return policy["PolicyDocument"]["Statement"]


def listed(value):
    return value if isinstance(value, list) else [value]


def roles(of_type):
    """(name, all statements) of every role."""
    return [
        (name, [it for policy in role["Properties"].get("Policies", []) for it in statements(policy)])
        for name, role in of_type("AWS::IAM::Role").items()
    ]


@pytest.mark.parametrize("kind", ENCRYPTED)
def test_everything_at_rest_is_encrypted_with_the_one_key(of_type, kind):
    found = {name: ENCRYPTED[kind](part["Properties"]) for name, part in of_type(kind).items()}
    assert found
    assert {name: setting for name, setting in found.items() if KEY not in (setting, *setting.values())} == {}


def test_what_is_stored_is_of_a_kind_that_this_file_knows(resources):
    """A resource that can be encrypted, of another kind, needs a rule of its own."""
    known = {
        "ApiGateway", "CloudFront", "CloudWatch", "Cognito", "DynamoDB", "IAM", "KMS", "Lambda", "Logs", "S3", "SES",
        "SMSVOICE", "SNS", "SQS", "Scheduler", "SecretsManager", "Serverless", "WAFv2",
    }  # fmt: skip
    assert {part["Type"].split("::")[1] for part in resources.values()} <= known


def test_secrets_in_variables_of_functions_are_encrypted_too(template):
    assert template["Globals"]["Function"]["KmsKeyArn"] == KEY


def test_the_key_turns_and_stays(resources):
    key = resources["DataKey"]
    assert key["Properties"]["EnableKeyRotation"] is True
    assert key["DeletionPolicy"] == key["UpdateReplacePolicy"] == "Retain"


def test_who_uses_the_key_from_outside_is_a_service_for_this_account(resources):
    for statement in resources["DataKey"]["Properties"]["KeyPolicy"]["Statement"]:
        if "AWS" in statement["Principal"]:
            assert statement["Principal"]["AWS"]["Fn::Sub"].endswith("${AWS::AccountId}:root")
            continue
        assert "kms:*" not in listed(statement["Action"])
        assert "${AWS::AccountId}" in json.dumps(statement["Condition"]).replace(
            '{"Ref": "AWS::AccountId"}', "${AWS::AccountId}"
        )


def test_every_service_that_publishes_to_a_topic_may_use_the_key(of_type, resources):
    publishers = {
        statement["Principal"]["Service"]
        for policy in of_type("AWS::SNS::TopicPolicy").values()
        for statement in statements(policy["Properties"])
        if statement["Effect"] == "Allow"
    }
    allowed = [
        service
        for statement in resources["DataKey"]["Properties"]["KeyPolicy"]["Statement"]
        if "kms:GenerateDataKey*" in statement["Action"]
        for service in listed(statement["Principal"].get("Service", []))
    ]
    assert publishers | {"sns.amazonaws.com"} <= {str(service) for service in allowed}


OPEN_NOTHING = {"s3:DeleteObject", "s3:ListBucket"}


def test_who_may_touch_what_is_encrypted_may_use_the_key_for_it_and_for_nothing_else(of_type):
    for name, allowed in roles(of_type):
        touched, used = set(), set()
        for statement in allowed:
            asked = set(listed(statement["Action"])) - OPEN_NOTHING
            services = {action.partition(":")[0] for action in asked}
            if statement["Resource"] == [CONTACT_KEY]:
                assert statement["Condition"] == {"StringEquals": {"kms:EncryptionContext:holds": "contact keys"}}, name
            elif services == {"kms"}:
                assert statement["Resource"] == [KEY], name
                via = statement["Condition"]["StringEquals"]["kms:ViaService"]
                used |= {service["Fn::Sub"].partition(".")[0] for service in via}
            elif statement["Effect"] == "Allow" and statement["Resource"] != ["*"]:
                touched |= services & {"dynamodb", "sqs", "s3"}
        assert used - {"sns"} == touched, name


def test_only_who_puts_something_on_a_queue_may_make_data_keys(of_type):
    for name, allowed in roles(of_type):
        actions = {action for statement in allowed for action in listed(statement["Action"])}
        puts = actions & {"sqs:SendMessage", "s3:PutObject"}
        assert ("kms:GenerateDataKey" in actions) == bool(puts), name


def test_what_people_gave_us_outlives_mistakes(of_type):
    for name, table in of_type("AWS::DynamoDB::Table").items():
        assert table["Properties"]["DeletionProtectionEnabled"] is True, name
        assert table["Properties"]["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"] is True, name
    for kind in ("AWS::DynamoDB::Table", "AWS::S3::Bucket", "AWS::SecretsManager::Secret", "AWS::KMS::Key"):
        for name, part in of_type(kind).items():
            assert (part["DeletionPolicy"], part["UpdateReplacePolicy"]) == ("Retain", "Retain"), name


@pytest.mark.parametrize(
    ("kind", "policy_kind", "named"),
    [
        ("AWS::SQS::Queue", "AWS::SQS::QueuePolicy", "Queues"),
        ("AWS::SNS::Topic", "AWS::SNS::TopicPolicy", "Topics"),
        ("AWS::S3::Bucket", "AWS::S3::BucketPolicy", "Bucket"),
    ],
)
def test_nothing_is_spoken_to_without_tls(of_type, kind, policy_kind, named):
    over_tls = []
    for policy in of_type(policy_kind).values():
        refusal = next(it for it in statements(policy["Properties"]) if it.get("Sid") == ONLY_OVER_TLS)
        assert (refusal["Effect"], refusal["Principal"]) == ("Deny", "*")
        assert refusal["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
        over_tls += [it["Ref"] for it in listed(policy["Properties"][named])]
    assert sorted(over_tls) == sorted(of_type(kind))  # once each: the last policy of a queue would win


def test_nobody_outside_is_allowed_more_than_one_account_and_source(of_type):
    for kind in ("AWS::SQS::QueuePolicy", "AWS::SNS::TopicPolicy", "AWS::S3::BucketPolicy"):
        for name, policy in of_type(kind).items():
            for statement in statements(policy["Properties"]):
                if statement["Effect"] == "Allow":
                    assert set(statement["Principal"]) == {"Service"}, name
                    assert re.search("aws:source(arn|account)", json.dumps(statement["Condition"]).lower()), name


def test_buckets_are_closed_and_forget_what_was_replaced(of_type):
    for name, bucket in of_type("AWS::S3::Bucket").items():
        assert set(bucket["Properties"]["PublicAccessBlockConfiguration"].values()) == {True}, name
        assert bucket["Properties"]["LifecycleConfiguration"]["Rules"], name
        versions = bucket["Properties"].get("VersioningConfiguration")
        assert (versions is None) == (name == "PhotosBucket"), name  # there, what is deleted must be gone


# Tokens of personal links stand in paths: whatever keeps a path keeps them.


def test_nothing_that_keeps_whole_addresses_is_switched_on(resources):
    stage = resources["RestAPI"]["Properties"]
    assert not stage.get("TracingEnabled")
    for setting in stage["MethodSettings"]:
        assert not {"LoggingLevel", "DataTraceEnabled"} & setting.keys()
    assert "Logging" not in resources["Distribution"]["Properties"]["DistributionConfig"]
    for name, part in resources.items():
        if part["Type"] == "AWS::Serverless::Function":
            assert part["Properties"].get("Tracing", "PassThrough") == "PassThrough", name


FIREWALLS = [ROOT / "infra" / "firewall.yaml", ROOT / "infra" / "edge-firewall.yaml"]


@pytest.mark.parametrize("file", FIREWALLS, ids=lambda file: file.name)
def test_no_firewall_keeps_samples_of_requests(file):
    text = file.read_text()
    assert text.count("SampledRequestsEnabled: false") == text.count("VisibilityConfig:") > 0


def test_what_the_edge_refused_is_logged_without_addresses_and_tokens():
    logging = yaml.safe_load(FIREWALLS[1].read_text())["Resources"]["RefusedAreLogged"]["Properties"]
    redacted = [field.get("SingleHeader", {}).get("Name") or next(iter(field)) for field in logging["RedactedFields"]]
    assert {"UriPath", "QueryString", "authorization", "cookie", "referer"} <= set(redacted)


# The edge


def test_the_edge_and_the_local_origin_send_the_same_headers(resources):
    config = resources["WebHeaders"]["Properties"]["ResponseHeadersPolicyConfig"]
    security = config["SecurityHeadersConfig"]
    assert all(part["Override"] for part in [*security.values(), *config["CustomHeadersConfig"]["Items"]])
    hsts = security["StrictTransportSecurity"]
    edge = {item["Header"]: item["Value"] for item in config["CustomHeadersConfig"]["Items"]} | {
        "Content-Security-Policy": security["ContentSecurityPolicy"]["ContentSecurityPolicy"],
        "Referrer-Policy": security["ReferrerPolicy"]["ReferrerPolicy"],
        "Strict-Transport-Security": f"max-age={hsts['AccessControlMaxAgeSec']}; includeSubDomains",
        "X-Content-Type-Options": "nosniff" if "ContentTypeOptions" in security else None,
        "X-Frame-Options": security["FrameOptions"]["FrameOption"],
    }
    edge["Content-Security-Policy"], values = edge["Content-Security-Policy"]["Fn::Sub"]
    assert values == {"SignIn": headers.SIGN_IN, "Tiles": headers.TILES}
    assert edge == dict(headers.HEADERS)
    emulator = "http://127.0.0.1:4566"
    buckets = {f"https://${{{name}Bucket.RegionalDomainName}}" for name in ("Photos", "Recordings")}
    elsewhere = buckets | {"${SignIn}"}
    written = re.sub("|".join(map(re.escape, elsewhere)), emulator, edge["Content-Security-Policy"])
    without, tiles = written.replace("${Tiles}", ""), written.replace("${Tiles}", " https://tiles.example")
    assert SecurityHeaders(None, emulator).headers == edge | {"Content-Security-Policy": without}
    local = SecurityHeaders(None, emulator, "https://tiles.example").headers
    assert local == edge | {"Content-Security-Policy": tiles}


@pytest.mark.parametrize(("by", "taken"), [("", True), ("Kadaster (CC BY 4.0)", True), (" ", False), ("\t ", False)])
def test_whose_tiles_are_is_said_with_more_than_spaces(template, by, taken):
    assert bool(re.fullmatch(template["Parameters"]["MapTilesBy"]["AllowedPattern"], by)) is taken


def test_what_tiles_add_to_the_policy_is_their_origin_and_nothing_else(template):
    """As CloudFormation reads it."""
    assert template["Parameters"]["MapTiles"]["AllowedPattern"] == settings.MAP_TILES
    assert template["Conditions"]["HasMapTiles"] == {"Fn::Not": [{"Fn::Equals": [{"Ref": "MapTiles"}, ""]}]}
    name, where, otherwise = headers.TILES["Fn::If"]
    assert (name, otherwise) == ("HasMapTiles", "")
    between, (before, host) = where["Fn::Join"]
    assert (between, before) == ("", " https://")
    place, split = host["Fn::Select"]
    by, text = split["Fn::Split"]
    for address in ("https://tiles.example:8443/a/{z}/{x}/{y}", ""):  # never too short to be looked into
        origin = before + text["Fn::Sub"].replace("${MapTiles}", address).split(by)[place]
        assert origin == (" https://tiles.example:8443" if address else " https://")


def test_pages_ask_no_other_origin_than_those_of_tokens_of_staff_photos_sound_and_tiles(resources):
    policy = dict(part.strip().split(" ", 1) for part in headers.HEADERS["Content-Security-Policy"].split(";"))
    photos = "https://${PhotosBucket.RegionalDomainName}"
    assert {name: value for name, value in policy.items() if "$" in value} == {
        "connect-src": f"'self' {photos} ${{SignIn}}",
        "img-src": f"'self' data: {photos}${{Tiles}}",
        "media-src": "https://${RecordingsBucket.RegionalDomainName}",
    }
    (rule,) = resources["PhotosBucket"]["Properties"]["CorsConfiguration"]["CorsRules"]
    assert (rule["AllowedOrigins"], rule["AllowedMethods"]) == ([{"Ref": "WebUrl"}], ["POST"])


def test_pages_use_no_feature_that_the_headers_switch_off():
    uses = {
        "geolocation": r"navigator\.geolocation",
        "camera": r"getUserMedia\([^)]*video",
        "microphone": "getUserMedia",
    }
    code = "".join(file.read_text() for file in (ROOT / "web").rglob("*.js"))
    assert [name for name, call in uses.items() if name in headers.UNUSED and re.search(call, code)] == []


def test_the_api_is_reached_by_way_of_the_edge_alone(resources):
    (origin,) = [
        it for it in resources["Distribution"]["Properties"]["DistributionConfig"]["Origins"] if it["Id"] == "api"
    ]
    (header,) = origin["OriginCustomHeaders"]
    firewall = resources["ApiFirewall"]["Properties"]
    (rule,) = firewall["Rules"]
    match = rule["Statement"]["ByteMatchStatement"]
    assert firewall["DefaultAction"] == {"Block": {}}
    assert match["SearchString"] == header["HeaderValue"]
    assert match["FieldToMatch"]["SingleHeader"]["Name"] == header["HeaderName"].lower()
    association = resources["ApiBehindFirewall"]["Properties"]
    assert association["WebACLArn"] == {"Fn::GetAtt": ["ApiFirewall", "Arn"]}
    assert resources["RestAPI"]["Properties"]["EndpointConfiguration"] in ("REGIONAL", {"Type": "REGIONAL"})


def test_everything_is_spoken_over_new_tls(resources):
    config = resources["Distribution"]["Properties"]["DistributionConfig"]
    with_domain = config["ViewerCertificate"]["Fn::If"][1]
    assert with_domain["MinimumProtocolVersion"] == "TLSv1.2_2021"
    for behaviour in [config["DefaultCacheBehavior"], *config["CacheBehaviors"]]:
        assert behaviour["ViewerProtocolPolicy"] in ("redirect-to-https", "https-only")
    for origin in config["Origins"]:
        if "CustomOriginConfig" in origin:
            assert origin["CustomOriginConfig"]["OriginProtocolPolicy"] == "https-only"
            assert origin["CustomOriginConfig"]["OriginSSLProtocols"] == ["TLSv1.2"]


def test_of_the_api_the_edge_keeps_open_data_and_what_maps_are_made_of_alone(resources):
    never = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"  # AWS: Managed-CachingDisabled
    behaviours = resources["Distribution"]["Properties"]["DistributionConfig"]["CacheBehaviors"]
    kept = {
        it["PathPattern"]: it for it in behaviours if it["TargetOriginId"] == "api" and it["CachePolicyId"] != never
    }
    assert list(kept) == ["/api/open-data/*", "/api/outlines/*", "/api/map", "/api/alerts/public*"]
    for behaviour in kept.values():
        assert behaviour["AllowedMethods"] == ["GET", "HEAD"]
        assert "OriginRequestPolicyId" not in behaviour  # no cookie, no token goes along
    assert behaviours[: len(kept)] == list(kept.values())  # the first that fits is taken


def test_no_other_site_may_read_answers(resources):
    """One origin serves pages and API, so nobody needs CORS; the gateway's own answers name that origin."""
    assert "Access-Control-Allow-Origin': '*'" not in json.dumps(resources["RestAPI"])
    for name, part in resources.items():
        parameters = part.get("Properties", {}).get("ResponseParameters", {})
        for header, value in parameters.items():
            if header.endswith("Access-Control-Allow-Origin"):
                assert value == {"Fn::Sub": "'${WebUrl}'"}, name


def test_throttled_routes_exist_and_are_held_back_more_than_the_rest(resources, template):
    settings = {
        (it["HttpMethod"], it["ResourcePath"]): it for it in resources["RestAPI"]["Properties"]["MethodSettings"]
    }
    everything = settings.pop(("*", "/*"))
    assert ("POST", "/~1sign-ups") in settings
    paths = resources["RestAPI"]["Properties"]["DefinitionBody"]["paths"]

    def number(reference):
        return template["Parameters"][reference["Ref"]]["Default"]

    for (method, path), setting in settings.items():
        assert method.lower() in paths[path.removeprefix("/").replace("~1", "/")]
        assert number(setting["ThrottlingRateLimit"]) < number(everything["ThrottlingRateLimit"])
        assert number(setting["ThrottlingBurstLimit"]) >= 500  # an evening on television


def test_who_opens_contacts_is_who_sends_to_them_or_shows_them_to_their_owner(of_type):
    opening = {
        name for name, allowed in roles(of_type) if any(statement["Resource"] == [CONTACT_KEY] for statement in allowed)
    }
    assert opening == {
        "ApiHandlerRole",
        "MatchRole",
        "NewBoundariesRole",
        "NoticesRole",
        "SendEmailRole",
        "SendSmsRole",
        "SendVoiceRole",
        "SuppressRole",
        "SweepRole",
    }


def test_what_is_erased_is_in_no_backup_for_more_than_a_day(of_type):
    tables = of_type("AWS::DynamoDB::Table")
    for name in ("ContactKeysTable", "SignUpsTable"):
        recovery = tables[name]["Properties"]["PointInTimeRecoverySpecification"]
        assert recovery == {"PointInTimeRecoveryEnabled": True, "RecoveryPeriodInDays": 1}
