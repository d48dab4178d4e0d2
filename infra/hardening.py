"""What every resource of a kind has, whoever adds it: the key, a way back from mistakes, and TLS.

The files of this folder say what a table or queue is for; none of this is to be thought of again there.
"""

from collections.abc import Iterable
from typing import Any

Json = dict[str, Any]

KEY: Json = {"Fn::GetAtt": ["DataKey", "Arn"]}
REUSE_S = 3600  # of a queue's data key: fewer requests to KMS in a fan-out

ALWAYS: dict[str, Json] = {
    "AWS::DynamoDB::Table": {
        "DeletionProtectionEnabled": True,
        "SSESpecification": {"SSEEnabled": True, "SSEType": "KMS", "KMSMasterKeyId": KEY},
    },
    "AWS::SQS::Queue": {"KmsMasterKeyId": KEY, "KmsDataKeyReusePeriodSeconds": REUSE_S},
    "AWS::SNS::Topic": {"KmsMasterKeyId": KEY},
    "AWS::Logs::LogGroup": {"KmsKeyId": KEY},
    "AWS::SecretsManager::Secret": {"KmsKeyId": KEY},
    "AWS::S3::Bucket": {
        "BucketEncryption": {
            "ServerSideEncryptionConfiguration": [
                {
                    "ServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": KEY},
                    "BucketKeyEnabled": True,
                }
            ]
        },
        "PublicAccessBlockConfiguration": {
            "BlockPublicAcls": True,
            "BlockPublicPolicy": True,
            "IgnorePublicAcls": True,
            "RestrictPublicBuckets": True,
        },
        "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
    },
}
# Where a resource does not say it otherwise; null: it has none.
MOSTLY: dict[str, Json] = {
    "AWS::DynamoDB::Table": {"PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True}},
    "AWS::S3::Bucket": {
        "VersioningConfiguration": {"Status": "Enabled"},
        "LifecycleConfiguration": {
            "Rules": [
                {
                    "Id": "forget-what-was-replaced",
                    "Status": "Enabled",
                    "NoncurrentVersionExpiration": {"NoncurrentDays": 30},
                    "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 1},
                }
            ]
        },
    },
}
# What people gave us, and what it is read with (backups too), does not go with a stack or a renaming.
KEPT = {"AWS::DynamoDB::Table", "AWS::S3::Bucket", "AWS::SecretsManager::Secret", "AWS::KMS::Key"}

# kind -> kind of its policy, and how the policy names what it is for
POLICIES = {
    "AWS::SQS::Queue": ("AWS::SQS::QueuePolicy", "Queues"),
    "AWS::SNS::Topic": ("AWS::SNS::TopicPolicy", "Topics"),
    "AWS::S3::Bucket": ("AWS::S3::BucketPolicy", "Bucket"),
}
ACTIONS = {"AWS::SQS::Queue": "sqs:*", "AWS::SNS::Topic": "sns:Publish", "AWS::S3::Bucket": "s3:*"}
ONLY_OVER_TLS = "OnlyOverTls"

# What may be done with a thing -> what that asks of the key, through the thing's own service.
READS, WRITES = "kms:Decrypt", "kms:GenerateDataKey"
ASKED_OF_THE_KEY = {
    "dynamodb": {READS},  # opens the table's own key, for writing too
    "sqs:SendMessage": {READS, WRITES},
    "sqs:ReceiveMessage": {READS},
    "sns:Publish": {READS, WRITES},
    "s3:GetObject": {READS},
    "s3:PutObject": {READS, WRITES},
}


def hardened(resources: Json) -> Json:
    """The resources of a template with what every one of its kind has."""
    result = {name: _with_key(_hardened(resource)) for name, resource in resources.items()}
    for kind in POLICIES:
        _only_over_tls(result, kind)
    return result


def _hardened(resource: Json) -> Json:
    kind = resource.get("Type", "")  # none: what is merged into a resource of Chalice's
    if kind not in ALWAYS and kind not in KEPT:
        return resource
    kept = {"DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"} if kind in KEPT else {}
    properties = {**MOSTLY.get(kind, {}), **resource.get("Properties", {}), **ALWAYS.get(kind, {})}
    said = {name: value for name, value in properties.items() if value is not None}
    return {**resource, **kept, "Properties": said}


def _with_key(role: Json) -> Json:
    """A role that may read or write what is encrypted may use the key for it, and for nothing else."""
    policies = role.get("Properties", {}).get("Policies")
    if not isinstance(policies, list):  # a user pool's are of passwords
        return role
    return {**role, "Properties": {**role["Properties"], "Policies": [_policy_with_key(it) for it in policies]}}


def _policy_with_key(policy: Json) -> Json:
    asked: set[str] = set()
    services: set[str] = set()
    statements = policy["PolicyDocument"]["Statement"]
    for statement in statements:
        if statement["Effect"] == "Deny" or statement["Resource"] == ["*"]:  # a phone number has no key
            continue
        actions = statement["Action"]
        for action in [actions] if isinstance(actions, str) else actions:
            service = action.partition(":")[0]
            if uses := ASKED_OF_THE_KEY.get(action) or ASKED_OF_THE_KEY.get(service):
                asked |= uses
                services.add(service)
    if not asked:
        return policy
    through = [{"Fn::Sub": f"{service}.${{AWS::Region}}.amazonaws.com"} for service in sorted(services)]
    use = {
        "Effect": "Allow",
        "Action": sorted(asked),
        "Resource": [KEY],
        "Condition": {"StringEquals": {"kms:ViaService": through}},
    }
    return {**policy, "PolicyDocument": {**policy["PolicyDocument"], "Statement": [*statements, use]}}


def _only_over_tls(resources: Json, kind: str) -> None:
    """Every resource of the kind has a policy, its own or a common one, that refuses what comes without TLS."""
    policy_kind, named = POLICIES[kind]
    without = {name for name, resource in resources.items() if resource.get("Type") == kind}
    for name, resource in resources.items():
        if resource.get("Type") == policy_kind:
            properties = resource["Properties"]
            document, meant = properties["PolicyDocument"], list(_meant(properties[named]))
            refusal = _refusal(kind, [arn for each in meant for arn in _arns(kind, each)])
            document = {**document, "Statement": [*document["Statement"], refusal]}
            resources[name] = {**resource, "Properties": {**properties, "PolicyDocument": document}}
            without -= set(meant)
    if kind == "AWS::S3::Bucket":  # a policy is of one bucket
        for name in sorted(without):
            resources[f"{name}{ONLY_OVER_TLS}"] = _policy(policy_kind, {named: {"Ref": name}}, kind, _arns(kind, name))
    elif without:
        queues = {named: [{"Ref": name} for name in sorted(without)]}
        resources[f"{named}{ONLY_OVER_TLS}"] = _policy(policy_kind, queues, kind, "*")


def _policy(policy_kind: str, named: Json, kind: str, resource: Any) -> Json:
    document = {"Version": "2012-10-17", "Statement": [_refusal(kind, resource)]}
    return {"Type": policy_kind, "Properties": {**named, "PolicyDocument": document}}


def _meant(named: Any) -> Iterable[str]:
    for reference in named if isinstance(named, list) else [named]:
        yield reference["Ref"]


def _refusal(kind: str, resource: Any) -> Json:
    return {
        "Sid": ONLY_OVER_TLS,
        "Effect": "Deny",
        "Principal": "*",
        "Action": ACTIONS[kind],
        "Resource": resource,
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }


def _arns(kind: str, name: str) -> list[Json]:
    if kind == "AWS::SNS::Topic":
        return [{"Ref": name}]
    arn: Json = {"Fn::GetAtt": [name, "Arn"]}
    return [arn, {"Fn::Sub": f"${{{name}.Arn}}/*"}] if kind == "AWS::S3::Bucket" else [arn]
