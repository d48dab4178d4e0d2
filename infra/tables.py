"""The tables as ``CreateTable`` takes them, read from the template itself: tests and production cannot drift apart."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).parent / "tables.yaml"
CREATE_TABLE = ("BillingMode", "AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes")


def logical_id(table: str) -> str:
    """``message_ids`` -> ``MessageIdsTable``: how the template calls a table of ``platform.settings.TABLES``."""
    return "".join(word.capitalize() for word in table.split("_")) + "Table"


@cache
def _resources() -> dict[str, Any]:
    template: dict[str, dict[str, Any]] = yaml.safe_load(FILE.read_text())
    return template["Resources"]


def create_table(table: str, physical_name: str) -> dict[str, Any]:
    """The arguments of ``CreateTable`` for one of ``platform.settings.TABLES`` under another name."""
    properties = _resources()[logical_id(table)]["Properties"]
    arguments = {name: properties[name] for name in CREATE_TABLE if name in properties}
    if "StreamSpecification" in properties:
        arguments["StreamSpecification"] = {"StreamEnabled": True, **properties["StreamSpecification"]}
    return {"TableName": physical_name, **arguments}


def time_to_live(table: str) -> str | None:
    """The attribute after which rows of the table vanish, if there is one."""
    attribute: str | None = (
        _resources()[logical_id(table)]["Properties"].get("TimeToLiveSpecification", {}).get("AttributeName")
    )
    return attribute
