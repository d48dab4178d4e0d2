"""What is deployed, looked at as AWS would."""

import json

import pytest

from infra import package


@pytest.fixture(scope="session")
def built():
    return package.build()


@pytest.fixture(scope="session")
def template(built):
    return json.loads(built.template.read_text())


@pytest.fixture(scope="session")
def resources(template):
    return template["Resources"]


@pytest.fixture(scope="session")
def of_type(resources):
    def select(kind):
        return {name: part for name, part in resources.items() if part["Type"] == kind}

    return select


@pytest.fixture(scope="session")
def functions(of_type):
    return of_type("AWS::Serverless::Function")


@pytest.fixture(scope="session")
def sources(functions):
    """(function, event, type, properties) of everything that wakes a function."""
    return [
        (name, event, source["Type"], source["Properties"])
        for name, function in functions.items()
        for event, source in function["Properties"].get("Events", {}).items()
    ]
