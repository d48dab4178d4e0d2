"""A provider that answers as it is told, and AWS's own models to compare with."""

from dataclasses import dataclass, field

import botocore.session
import pytest
from botocore.parsers import create_parser
from botocore.serialize import create_serializer
from botocore.validate import ParamValidator

from chalicelib.platform.outgoing import Answer


@dataclass
class Provider:
    """In place of ``Signed``. ``answers``: status, headers and content each, or an exception."""

    answers: list = field(default_factory=list)
    asked: list = field(default_factory=list)

    def post(self, path, body, headers):
        self.asked.append((path, body, headers))
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return Answer(*answer)


@pytest.fixture
def provider():
    return Provider()


@dataclass(frozen=True)
class Operation:
    """One call, as botocore knows it from AWS's own model of the service."""

    service: object
    name: str

    def request(self, parameters):
        """What botocore would send; fails where the model does not allow the parameters."""
        model = self.service.operation_model(self.name)
        report = ParamValidator().validate(parameters, model.input_shape)
        assert not report.has_errors(), report.generate_report()
        return create_serializer(self.service.metadata["protocol"]).serialize_to_request(parameters, model)

    def parsed(self, status, headers, content):
        """What botocore would read in an answer."""
        model = self.service.operation_model(self.name)
        response = {"status_code": status, "headers": headers, "body": content}
        return create_parser(self.service.metadata["protocol"]).parse(response, model.output_shape)


@pytest.fixture(scope="session")
def operation():
    def operation(service, name):
        return Operation(botocore.session.get_session().get_service_model(service), name)

    return operation
