import io
import logging

import boto3
import pytest
from botocore.exceptions import ClientError, ParamValidationError

from chalicelib.platform.errors import Conflict, InvalidInput
from chalicelib.platform.failures import Failed, WithoutTexts, told, without_texts
from chalicelib.platform.observe import logger

NUMBER = "+31612345678"


def caught(act):
    try:
        act()
    except Exception as error:
        return error
    raise AssertionError("it did not fail")


def invalid_parameter():
    boto3.client("sns", region_name="eu-west-1").publish(PhoneNumber=NUMBER, Message={"to": NUMBER})


def behind_another():
    try:
        raise ValueError(NUMBER)
    except ValueError as error:
        raise RuntimeError(f"while sending to {NUMBER}") from error


def refused():
    answer = {"Error": {"Code": "InvalidParameter", "Message": f"{NUMBER} is not a phone number"}}
    raise ClientError(answer, "Publish")


def test_what_boto3_says_of_a_value_is_not_told():
    error = caught(invalid_parameter)
    assert isinstance(error, ParamValidationError)
    assert NUMBER in str(error)
    assert NUMBER not in told(error)
    assert told(error).startswith("ParamValidationError\n")
    assert "invalid_parameter" in told(error)


def test_codes_and_causes_are_told_and_no_text():
    assert told(caught(refused)).startswith("ClientError InvalidParameter Publish\n")
    assert told(Conflict("changed_meanwhile", NUMBER)) == "Conflict changed_meanwhile"
    text = told(caught(behind_another))
    assert text.startswith("RuntimeError\n")
    assert "\nbecause of ValueError\n" in text
    assert NUMBER not in text


def test_no_handler_of_the_log_sees_the_exception():
    written = io.StringIO()
    log = logging.Logger("any")
    log.addHandler(logging.StreamHandler(written))
    log.addFilter(WithoutTexts())
    try:
        behind_another()
    except RuntimeError:
        log.exception("failed")
    assert written.getvalue() == "failed\n"


def test_the_product_logs_where_it_failed_and_not_with_what(caplog):
    try:
        behind_another()
    except RuntimeError:
        logger.exception("queue.failed", message_id="m1")
    (record,) = caplog.records
    assert record.exc_info is None
    assert "because of ValueError" in record.failure
    written = logger.registered_formatter.format(record)
    assert "because of ValueError" in written
    assert NUMBER not in written


def test_what_leaves_a_function_has_no_text_but_ours():
    through = without_texts(logger)
    assert through("event", lambda event: event) == "event"
    with pytest.raises(InvalidInput):
        through({}, lambda _: (_ for _ in ()).throw(InvalidInput.of("period", "not_a_week", "no week")))
    with pytest.raises(Failed) as failed:
        through({}, lambda _: invalid_parameter())
    assert str(failed.value) == "ParamValidationError"
    assert failed.value.__cause__ is None
    assert failed.value.__suppress_context__
