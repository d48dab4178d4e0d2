"""One logger and one set of metrics for the whole product. Log ids and facts, never contacts, names or texts."""

import logging
import warnings
from datetime import timedelta

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from chalicelib.platform.failures import WithoutTexts

logger = Logger(service="burgernet", log_uncaught_exceptions=False)
logger.addFilter(WithoutTexts())
metrics = Metrics(namespace="Burgernet", service="burgernet")

# Its warnings name the address that was asked for, and with it a token or what somebody looked for.
logging.getLogger("urllib3").setLevel(logging.ERROR)

# Most invocations count nothing of their own; Powertools would warn at each.
warnings.filterwarnings("ignore", "No application metrics to publish", UserWarning)


def time_taken(metric: str, time: timedelta) -> None:
    """One more measurement of a metric, in milliseconds."""
    metrics.add_metric(name=metric, unit=MetricUnit.Milliseconds, value=time / timedelta(milliseconds=1))


def count(metric: str, value: int = 1) -> None:
    """Add to a metric; published when the invocation ends."""
    metrics.add_metric(name=metric, unit=MetricUnit.Count, value=value)
