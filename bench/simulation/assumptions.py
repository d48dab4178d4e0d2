"""What a simulation takes for granted. Everything here is printed with its result."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Assumptions:
    """Seconds, and functions at the same time. From AWS's documentation where it says, else a cautious guess."""

    hand_over_s: float = 0.03  # a message put on a queue until its function begins
    call_s: float = 0.01  # one DynamoDB or SQS call
    publish_s: float = 0.04  # one message handed to the provider
    bulk_s: float = 0.15  # one mail call for up to 50
    pollers_at_start: int = 5  # SQS event source mapping: batches at the same time, and
    pollers_per_minute: int = 300  # how fast they grow
    fair: bool = True  # SQS hands out messages of whom it has handed out least (decision 76)
    most_functions: int = 20  # MaximumConcurrency of a channel's mapping
    most_matchers: int = 15  # the same of matching; as in infra/parameters.yaml
    account_functions: int = 1_000  # Lambda: concurrent executions of an account
    environments_per_10s: int = 1_000  # Lambda: how fast one function may grow
    warm: int = 1_000  # environments of each function that have run before; 0: the first alert of the day
    cold_start_s: float = 0.9  # a new environment; measured CPU of our imports, and Lambda's own
    partition_writes: float = 1_000.0  # DynamoDB: write units a second of one partition key; an alert's ledger is one
    person_units: float = 0.05  # write units of somebody in a new batch, which has one more for its lanes
    sms_share: float = 0.75  # of those who are asked
    email_share: float = 0.7
    # CPU of our own code on a whole core, as measured by the benchmarks; see docs/benchmarks.md.
    plan_s: float = 0.0005  # a unit
    item_s: float = 6e-6  # one place read and tested
    match_cpu_s: float = 2e-5  # one person put into a batch
    sms_cpu_s: float = 4e-4  # one SMS, the call to AWS included
    email_cpu_s: float = 6e-5  # one mail, the same
    sender_cpu: float = 0.58  # share of a core that 1,024 MB give
