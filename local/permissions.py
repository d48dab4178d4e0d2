"""``python -m local.permissions``: what functions may do beside what they did in the tests, both ways.

The steps integration, e2e and pages of ``./dev test`` leave a record of every call (local/recorder). Every call must be
allowed, and whatever is allowed must have been called, or be excused with a reason in ``permissions.yaml``.
"""

import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from chalicelib.platform.queues import QueueName
from chalicelib.platform.settings import TABLES
from infra import package
from infra.names import camel, dead_letters_id, function_id, queue_id, table_id
from infra.policies import CONSUME, READ, READ_STREAM, WRITE

RECORDS = package.BUILD / "calls"
STEPS = ("integration", "e2e", "pages", "console")
EXCUSES = Path(__file__).parent / "permissions.yaml"
FUNCTIONS = Path(package.__file__).parent / "functions.yaml"

Json = dict[str, Any]


class Use(NamedTuple):
    """``resource``: a table, queue or function by its name; empty where IAM knows none that we could tell apart."""

    function: str
    action: str
    resource: str

    def __str__(self) -> str:
        return " ".join(filter(None, self))


def called(lines: Iterable[str]) -> set[Use]:
    """What was recorded."""
    return {_use(*map(_name, json.loads(line))) for line in lines} - {Use("", "", "")}


def _use(function: str, action: str, resource: str) -> Use:
    """A call to KMS does not name its key where the secret does; one to Cognito names the pool by its id."""
    return Use(function, action, "" if action.startswith(("kms:", "cognito-idp:")) else resource)


def _name(text: str) -> str:
    """``burgernet-local-sign-ups`` and ``sign_ups-0123abcd`` (of a test) -> ``sign_ups``; an action as it is.

    A bucket, whose name ends with the account, as the template calls it.
    """
    if bucket := re.fullmatch(r"burgernet-local-(.+)-\d{12}", text):
        return f"{camel(bucket[1].replace('-', '_'))}Bucket"
    if deployed := re.fullmatch(r"burgernet-local-(.+)", text):
        return deployed[1].replace("-", "_")
    return re.sub(r"-[0-9a-f]{8}$", "", text)


def allowed(template: Json, functions: Mapping[str, Json]) -> set[Use]:
    """What the roles of the template allow, but for what Lambda itself does in their name."""
    resources = template["Resources"]
    uses: set[Use] = set()
    for name, function in functions.items():
        role = resources[function_id(name)]["Properties"]["Role"]["Fn::GetAtt"][0]
        for policy in resources[role]["Properties"]["Policies"]:
            for statement in policy["PolicyDocument"]["Statement"]:
                uses |= set(_uses(name, statement))
        uses -= _by_lambda(name, function)
    return uses


def _uses(function: str, statement: Json) -> Iterator[Use]:
    if statement["Effect"] == "Allow" and "kms:ViaService" not in str(statement.get("Condition")):
        for action in statement["Action"]:
            for resource in statement["Resource"]:
                if not action.startswith("logs:"):
                    yield _use(function, action, _resource(resource))


def _resource(arn: Any) -> str:
    if isinstance(arn, str):
        return ""
    if "Fn::GetAtt" in arn:
        logical: str = arn["Fn::GetAtt"][0]
        return _LOGICAL.get(logical, logical)
    index = re.match(r"\$\{(\w+)\.Arn\}/", arn["Fn::Sub"])
    function = re.search(r":function:burgernet-\$\{Stage\}-(.+)$", arn["Fn::Sub"])
    return _LOGICAL.get(index[1], index[1]) if index else function[1].replace("-", "_") if function else ""


_LOGICAL = {table_id(table): table for table in TABLES} | {queue_id(queue): str(queue) for queue in QueueName}
_LOGICAL |= {
    dead_letters_id(name): f"{name}_dead_letters" for name in (*QueueName, *yaml.safe_load(FUNCTIONS.read_text()))
}


def _by_lambda(name: str, function: Json) -> set[Use]:
    """Reads the queues and streams that wake it, and sets aside what failed."""
    uses = {Use(name, action, queue) for action in CONSUME for queue in function.get("queues", {})}
    uses |= {Use(name, action, table) for action in READ_STREAM for table in function.get("streams", [])}
    uses |= {Use(name, "dynamodb:ListStreams", ""), Use(name, "sqs:SendMessage", f"{name}_dead_letters")}
    return uses


def differences(may: set[Use], did: set[Use], excuses: Mapping[str, Mapping[str, str]]) -> list[str]:
    """A line for everything that differs and has no excuse.

    ``excuses``: ``never`` and ``sometimes``, pattern of a use -> reason. Of the first, one that nothing needs must go.
    """
    never, sometimes = excuses["never"], excuses["sometimes"]
    may_in_all, did_in_all = _of_tables(may), _of_tables(did)
    lines = [f"is called, and not allowed: {use}" for use in sorted(did - may)]
    unused, needed = may_in_all - did_in_all, set()
    for use in sorted(unused):
        excused = {pattern for pattern in (*never, *sometimes) if fnmatchcase(str(use), pattern)}
        needed |= excused
        if not excused:
            lines.append(f"is allowed, and never called: {use}")
    return lines + [f"excuses nothing: {pattern}" for pattern in never if pattern not in needed]


def _of_tables(uses: set[Use]) -> set[Use]:
    """With tables as the template gives them: who reads or writes which one, and by which actions anybody does.

    Not who by which: what a store does on a rare road, say with the last row, is done by few tests, and must work.
    """
    writers = {(use.function, use.resource) for use in uses if use.action in WRITE}
    in_all: set[Use] = set()
    for use in uses:
        if use.action in (*READ, *WRITE):
            kind = "writes" if (use.function, use.resource) in writers else "reads"
            in_all |= {Use(use.function, kind, use.resource), Use("somebody", use.action, use.resource)}
        else:
            in_all.add(use)
    return in_all


def main(steps: Sequence[str] = STEPS) -> int:
    missing = [step for step in steps if not (RECORDS / f"{step}.jsonl").exists()]
    if missing:
        print(f"Nothing is recorded: run ./dev test {' '.join(missing)} first.")
        return 1
    did = called(line for step in steps for line in (RECORDS / f"{step}.jsonl").read_text().splitlines())
    template = json.loads(package.build().template.read_text())
    may = allowed(template, yaml.safe_load(FUNCTIONS.read_text()))
    lines = differences(may, {use for use in did if use.function}, yaml.safe_load(EXCUSES.read_text()))
    print("\n".join(lines) or f"{len(may)} permissions, used or excused; {len(did)} kinds of call, every one allowed")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
