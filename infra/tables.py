"""The tables as ``CreateTable`` takes them, read from the template itself: tests and production cannot drift apart."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from infra.names import table_id

FILE = Path(__file__).parent / "tables.yaml"
CREATE_TABLE = ("BillingMode", "AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes")


@cache
def _resources() -> dict[str, Any]:
    template: dict[str, dict[str, Any]] = yaml.safe_load(FILE.read_text())
    return template["Resources"]


def create_table(table: str, physical_name: str) -> dict[str, Any]:
    """The arguments of ``CreateTable`` for one of ``platform.settings.TABLES`` under another name."""
    properties = _resources()[table_id(table)]["Properties"]
    arguments = {name: properties[name] for name in CREATE_TABLE if name in properties}
    if "StreamSpecification" in properties:
        arguments["StreamSpecification"] = {"StreamEnabled": True, **properties["StreamSpecification"]}
    return {"TableName": physical_name, **arguments}


def has_indexes(table: str) -> bool:
    return "GlobalSecondaryIndexes" in _resources()[table_id(table)]["Properties"]


def time_to_live(table: str) -> str | None:
    """The attribute after which rows of the table vanish, if there is one."""
    attribute: str | None = (
        _resources()[table_id(table)]["Properties"].get("TimeToLiveSpecification", {}).get("AttributeName")
    )
    return attribute
