"""OpenAPI 3.1, written from the endpoints themselves. The committed copy is what ``GET /openapi.json`` serves."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pydantic.json_schema import models_json_schema

from chalicelib.platform import errors
from chalicelib.platform.http import JSON, STATUS, Endpoint
from chalicelib.platform.idempotency import MAX_KEY_CHARACTERS, MIN_KEY_CHARACTERS

COMMITTED = Path(__file__).parent.parent / "openapi.json"
TEMPLATE = "#/components/schemas/{model}"

ERROR_SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "message", "fields", "request_id"],
            "properties": {
                "code": {"type": "string", "description": "Stable; meant for programs."},
                "message": {"type": "string"},
                "fields": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "required": ["field", "code", "message"],
                        "properties": {name: {"type": "string"} for name in ("field", "code", "message")},
                    },
                },
                "request_id": {"type": "string"},
            },
        }
    },
}
REASONS = {
    400: "The body is not JSON",
    401: "No token, or none that we can believe",
    403: "Known, but not allowed",
    404: "No such thing",
    409: "Not in a state that allows this",
    410: "It has ended",
    413: "The body is larger than 256 KB",
    415: "The body is not of a type that this takes",
    422: "Fields are missing or wrong",
    429: "Too many requests",
    503: "A neighbour does not answer; try again",
}


def document(endpoints: Iterable[Endpoint]) -> dict[str, Any]:
    """The whole API as an OpenAPI 3.1 document."""
    endpoints = sorted(endpoints, key=lambda endpoint: (endpoint.path, endpoint.method))
    inputs = {model for endpoint in endpoints for model in (endpoint.body, endpoint.query) if model}
    outputs = {endpoint.reply for endpoint in endpoints if endpoint.reply}
    by_name = sorted(inputs, key=lambda model: model.__name__), sorted(outputs, key=lambda model: model.__name__)
    references, definitions = models_json_schema(
        [(model, "validation") for model in by_name[0]] + [(model, "serialization") for model in by_name[1]],
        ref_template=TEMPLATE,
    )
    schemas = definitions.get("$defs", {})
    _absent_when_empty(schemas, [references[(it, "serialization")]["$ref"].rpartition("/")[2] for it in by_name[1]])
    paths: dict[str, dict[str, Any]] = {}
    for endpoint in endpoints:
        paths.setdefault(endpoint.path, {})[endpoint.method.lower()] = _operation(endpoint, references)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Burgernet",
            "version": "1",
            "description": "Times are RFC 3339 in UTC, geometry is RFC 7946 (lon, lat), phone numbers are E.164.",
            "license": {"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
        },
        "paths": paths,
        "components": {
            "schemas": {**schemas, "Error": ERROR_SCHEMA},
            "securitySchemes": {
                "staff": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
                "link": {"type": "http", "scheme": "bearer", "description": "The token of a personal link"},
            },
        },
    }


def _absent_when_empty(schemas: dict[str, Any], answers: list[str]) -> None:
    """Take what may be null off the required fields of answers and all they hold: an answer leaves it out."""
    seen: set[str] = set()
    while answers:
        name = answers.pop()
        if name in seen:
            continue
        seen.add(name)
        fields = schemas[name].get("properties", {})
        nullable = {field for field, kind in fields.items() if {"type": "null"} in kind.get("anyOf", [])}
        if "required" in schemas[name]:
            schemas[name]["required"] = [field for field in schemas[name]["required"] if field not in nullable]
        answers += re.findall(r"#/components/schemas/([^\"']+)", str(schemas[name]))


def _operation(endpoint: Endpoint, references: dict[Any, Any]) -> dict[str, Any]:
    operation: dict[str, Any] = {"operationId": endpoint.name, "summary": endpoint.summary}
    parameters = [
        {"name": word[1:-1], "in": "path", "required": True, "schema": {"type": "string"}}
        for word in endpoint.path.split("/")
        if word.startswith("{")
    ]
    if endpoint.query:
        schema = endpoint.query.model_json_schema()
        parameters += [
            {"name": name, "in": "query", "required": name in schema.get("required", []), "schema": detail}
            for name, detail in schema["properties"].items()
        ]
    if endpoint.method == "POST":
        length = {"minLength": MIN_KEY_CHARACTERS, "maxLength": MAX_KEY_CHARACTERS}
        parameters.append({"name": "Idempotency-Key", "in": "header", "schema": {"type": "string", **length}})
    if endpoint.kept_s:
        parameters.append({"name": "If-None-Match", "in": "header", "schema": {"type": "string"}})
    if parameters:
        operation["parameters"] = parameters
    if endpoint.body:
        operation["requestBody"] = {
            # Where nothing in it is required, neither is it.
            "required": any(field.is_required() for field in endpoint.body.model_fields.values()),
            "content": {JSON: {"schema": references[(endpoint.body, "validation")]}},
        }
    elif endpoint.takes != (JSON,):
        operation["requestBody"] = {"required": True, "content": {kind: {"schema": {}} for kind in endpoint.takes}}
    if endpoint.roles:
        operation["security"] = [{"staff": []}]
        operation["x-roles"] = sorted(endpoint.roles)
        operation["x-scope"] = endpoint.scope
    elif endpoint.link:
        operation["security"] = [{"link": []}]
    operation["responses"] = _responses(endpoint, references)
    return operation


def _responses(endpoint: Endpoint, references: dict[Any, Any]) -> dict[str, Any]:
    success: dict[str, Any] = {"description": "Done"}
    if endpoint.reply:
        success["content"] = {endpoint.media_type: {"schema": references[(endpoint.reply, "serialization")]}}
    elif endpoint.status not in (204, 303):
        success["content"] = {
            endpoint.media_type: {"schema": {} if endpoint.media_type == JSON else {"type": "string"}}
        }
    codes = {STATUS[error] for error in endpoint.raises}
    if endpoint.body:
        codes |= {400, 413, 415, 422}
    elif endpoint.takes != (JSON,):
        codes |= {413, 415}
    if endpoint.query:
        codes.add(422)
    if endpoint.method == "POST":
        codes |= {409, 422}
    if endpoint.roles:
        codes |= {STATUS[errors.Unauthenticated], STATUS[errors.Forbidden]}
    if endpoint.link:
        codes |= {STATUS[errors.Unauthenticated], STATUS[errors.NotFound]}
    failure = {"schema": {"$ref": TEMPLATE.format(model="Error")}}
    unchanged = {"304": {"description": "What If-None-Match names still holds"}} if endpoint.kept_s else {}
    return (
        {str(endpoint.status): success}
        | unchanged
        | {str(code): {"description": REASONS[code], "content": {JSON: failure}} for code in sorted(codes)}
    )
