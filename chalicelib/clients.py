"""AWS clients (boto3) of a process: created on first use, one per service, with timeouts and retries."""

import threading
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

SERVICES: dict[str, tuple[Any, Config]] = {
    "dynamodb": ("dynamodb", RETRYING),
    "s3": ("s3", RETRYING),
    "ses": ("sesv2", NO_RETRY),
    "ssm": ("ssm", RETRYING),
    "functions": ("lambda", LONG_CALL),
    "workflows": ("stepfunctions", RETRYING),
}
"""The service and the configuration of each attribute of `Clients`."""


class LazyClient:
    """A client created at its first call: a web function does not create those that its pages do not use."""

    def __init__(self, clients: "Clients", name: str) -> None:
        self._clients = clients
        self._name = name

    def __getattr__(self, operation: str) -> Any:
        return getattr(getattr(self._clients, self._name), operation)


class Clients:
    """One client per AWS service, created on first use: a Lambda that does not mail never creates a mail client."""

    dynamodb: Any
    s3: Any
    ses: Any
    ssm: Any
    functions: Any
    workflows: Any

    def __init__(self) -> None:
        self._lock = threading.Lock()

    def __getattr__(self, name: str) -> Any:
        """Returns the one client of a service: threads that ask at the same instant do not make one each."""
        if name not in SERVICES:
            raise AttributeError(name)
        with self._lock:
            if name not in vars(self):
                service, config = SERVICES[name]
                setattr(self, name, boto3.client(service, config=config))
        return vars(self)[name]
