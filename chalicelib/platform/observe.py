"""One logger and one set of metrics for the whole product. Log ids and facts, never contacts, names or texts."""

import warnings

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

logger = Logger(service="burgernet", log_uncaught_exceptions=False)
metrics = Metrics(namespace="Burgernet", service="burgernet")

# Most invocations count nothing of their own; Powertools would warn at each.
warnings.filterwarnings("ignore", "No application metrics to publish", UserWarning)


def count(metric: str, value: int = 1) -> None:
    """Add to a metric; published when the invocation ends."""
    metrics.add_metric(name=metric, unit=MetricUnit.Count, value=value)
