"""AWS clients (boto3) of a process: created on first use, one per service, with timeouts and retries."""

import functools
from typing import Any

import boto3
from botocore.config import Config

RETRYING = Config(
    connect_timeout=2,
    read_timeout=10,
    retries={"mode": "standard", "total_max_attempts": 4},
    # Only the stores call it and mypy checks them; validating again at run time is a fifth of a call's CPU.
    parameter_validation=False,
    max_pool_connections=64,
)
NO_RETRY = Config(connect_timeout=2, read_timeout=20, retries={"total_max_attempts": 1})
"""For SES: a retry after a lost response would send the mail twice."""
LONG_CALL = Config(connect_timeout=2, read_timeout=900, retries={"total_max_attempts": 1})
"""For Lambda tasks: waits as long as a task may run, and never repeats a call."""


class LazyClient:
    """A client created at its first call: a web function does not create those that its pages do not use."""

    def __init__(self, clients: "Clients", name: str) -> None:
        self._clients = clients
        self._name = name

    def __getattr__(self, operation: str) -> Any:
        return getattr(getattr(self._clients, self._name), operation)


class Clients:
    """One client per AWS service, created on first use: a Lambda that does not mail never creates a mail client."""

    @functools.cached_property
    def dynamodb(self) -> Any:
        return boto3.client("dynamodb", config=RETRYING)

    @functools.cached_property
    def s3(self) -> Any:
        return boto3.client("s3", config=RETRYING)

    @functools.cached_property
    def ses(self) -> Any:
        return boto3.client("sesv2", config=NO_RETRY)

    @functools.cached_property
    def ssm(self) -> Any:
        return boto3.client("ssm", config=RETRYING)

    @functools.cached_property
    def functions(self) -> Any:
        return boto3.client("lambda", config=LONG_CALL)

    @functools.cached_property
    def workflows(self) -> Any:
        return boto3.client("stepfunctions", config=RETRYING)
