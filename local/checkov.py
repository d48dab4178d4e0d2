"""``python -m local.checkov``: what would be deployed, against checkov's rules; exit 1 for what is not excepted.

checkov's hundred dependencies pin our own ones otherwise, so it has an environment of its own. It takes a quarter of
a minute, so templates that were clean are not looked at again until they, the exceptions or checkov change.
"""

import hashlib
import json
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from infra import package

ROOT = Path(__file__).parent.parent
PROGRAM = ROOT / ".tools" / "checkov" / "bin" / "checkov"
EXCEPTIONS = ROOT / "infra" / "exceptions.yaml"
BESIDE = ROOT / "infra" / "edge-firewall.yaml"  # deployed as it is
CLEAN = package.BUILD / "checkov.clean"


@dataclass(frozen=True, order=True)
class Finding:
    """``check``: of checkov, such as CKV_AWS_18. ``resource``: its logical id."""

    check: str
    resource: str
    says: str = ""


def unexcused(findings: Iterable[Finding], exceptions: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """A line for each finding without an exception, and for each exception that nothing needs."""
    lines, used = [], set()
    for finding in sorted(findings):
        exception = exceptions.get(finding.check, {"on": []})
        if finding.resource in exception.get("on", [finding.resource]):
            used |= {(finding.check, finding.resource), (finding.check, None)}
        else:
            lines.append(f"{finding.resource}: {finding.check} {finding.says}")
    needless = [
        f"{EXCEPTIONS.name}: nothing needs {check}" + (f" on {resource}" if resource else "")
        for check, exception in exceptions.items()
        for resource in exception.get("on", [None])
        if (check, resource) not in used
    ]
    return lines + needless


def look(*templates: Path) -> list[Finding]:
    """What checkov finds. Raises ``RuntimeError`` where it does not come to an answer."""
    files = [part for template in templates for part in ("-f", str(template))]
    command = [str(PROGRAM), *files, "--framework", "cloudformation", "--compact", "--quiet", "--skip-download"]
    ran = subprocess.run([*command, "-o", "json"], capture_output=True, text=True)
    try:
        answer = json.loads(ran.stdout)
        failed, unread = answer["results"]["failed_checks"], answer["summary"]["parsing_errors"]
    except (ValueError, KeyError, TypeError):
        raise RuntimeError(f"checkov ended with status {ran.returncode}: {ran.stderr[-2000:]}") from None
    if unread:
        raise RuntimeError(f"checkov could not read {unread} of the templates")
    return [Finding(it["check_id"], it["resource"].rpartition(".")[2], it["check_name"]) for it in failed]


def main() -> int:
    template = package.build().template
    looked_at = (template, BESIDE, EXCEPTIONS, ROOT / "requirements-checkov.txt")
    digest = hashlib.sha256(b"".join(file.read_bytes() for file in looked_at)).hexdigest()
    if CLEAN.exists() and CLEAN.read_text() == digest:
        print("nothing has changed since it was clean")
        return 0
    lines = unexcused(look(template, BESIDE), yaml.safe_load(EXCEPTIONS.read_text()))
    print("\n".join(lines) or "clean")
    if not lines:
        CLEAN.write_text(digest)
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
