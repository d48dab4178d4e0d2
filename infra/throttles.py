"""How many requests the API takes: in all, and less at the routes of ``throttles.yaml``."""

from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).parent / "throttles.yaml"


def method_settings() -> list[dict[str, Any]]:
    """As a stage of API Gateway has them."""
    classes: dict[str, dict[str, Any]] = yaml.safe_load(FILE.read_text())
    return [
        _setting("*", "/*", "ThrottleRate", "ThrottleBurst"),
        *(
            _setting(method, path, throttled["rate"], throttled["burst"])
            for throttled in classes.values()
            for method, path in map(str.split, throttled["routes"])
        ),
    ]


def _setting(method: str, path: str, rate: str, burst: str) -> dict[str, Any]:
    return {
        "HttpMethod": method,
        "ResourcePath": path if path == "/*" else "/" + path.replace("/", "~1"),
        "MetricsEnabled": True,
        "ThrottlingRateLimit": {"Ref": rate},
        "ThrottlingBurstLimit": {"Ref": burst},
    }
