"""Every finding is mended or excepted with a reason, and no exception stays longer than it is needed."""

import pytest
import yaml

from local.checkov import EXCEPTIONS, Finding, unexcused

LOGGING = Finding("CKV_AWS_18", "PagesBucket", "no access log")
EXCEPTION = {"CKV_AWS_18": {"on": ["PagesBucket"], "why": "because"}}


def test_what_is_excepted_is_not_told():
    assert unexcused([LOGGING], EXCEPTION) == []
    assert unexcused([LOGGING], {"CKV_AWS_18": {"why": "all of them"}}) == []


@pytest.mark.parametrize("finding", [Finding("CKV_AWS_18", "PhotoBucket"), Finding("CKV_AWS_19", "PagesBucket")])
def test_an_exception_is_for_its_own_rule_and_resources(finding):
    (line,) = unexcused([LOGGING, finding], EXCEPTION)
    assert finding.check in line
    assert finding.resource in line


def test_an_exception_that_nothing_needs_must_go():
    assert unexcused([], EXCEPTION) == ["exceptions.yaml: nothing needs CKV_AWS_18 on PagesBucket"]
    assert unexcused([], {"CKV_AWS_18": {"why": "all"}}) == ["exceptions.yaml: nothing needs CKV_AWS_18"]


def test_every_exception_has_a_reason():
    for check, exception in yaml.safe_load(EXCEPTIONS.read_text()).items():
        assert len(exception["why"]) > 40, check
