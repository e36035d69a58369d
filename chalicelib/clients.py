"""The AWS clients of a process: low-level, made on first use, one of each kind."""

import functools
from typing import Any

import boto3
from botocore.config import Config

PATIENT = Config(
    connect_timeout=2,
    read_timeout=10,
    retries={"mode": "standard", "total_max_attempts": 4},
    # Our stores are the only callers and mypy checks them; checking again at run time is a fifth of a call's CPU.
    parameter_validation=False,
    max_pool_connections=64,
)
ONCE = Config(connect_timeout=2, read_timeout=20, retries={"total_max_attempts": 1})
"""For SES: a retry after an acceptance we never heard of would send the mail twice."""
TASKS = Config(connect_timeout=2, read_timeout=900, retries={"total_max_attempts": 1})
"""For Lambda tasks: as long as a task may last, and never the same call twice."""


class WhenUsed:
    """Stands for a client until its first call: a web function so never builds those that its pages do not use."""

    def __init__(self, clients: "Clients", name: str) -> None:
        self._clients = clients
        self._name = name

    def __getattr__(self, operation: str) -> Any:
        return getattr(getattr(self._clients, self._name), operation)


class Clients:
    """Nothing is made at import: a Lambda that does not mail never builds a mail client."""

    @functools.cached_property
    def dynamodb(self) -> Any:
        return boto3.client("dynamodb", config=PATIENT)

    @functools.cached_property
    def s3(self) -> Any:
        return boto3.client("s3", config=PATIENT)

    @functools.cached_property
    def ses(self) -> Any:
        return boto3.client("sesv2", config=ONCE)

    @functools.cached_property
    def ssm(self) -> Any:
        return boto3.client("ssm", config=PATIENT)

    @functools.cached_property
    def functions(self) -> Any:
        return boto3.client("lambda", config=TASKS)

    @functools.cached_property
    def workflows(self) -> Any:
        return boto3.client("stepfunctions", config=PATIENT)
