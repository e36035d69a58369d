"""AWS clients (boto3) of a process: created on first use, one per service, with timeouts and retries."""

import functools
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


class LazyClient:
    """A client created at its first call: a web function does not create those that its pages do not use."""

    def __init__(self, clients: "Clients", name: str) -> None:
        self._clients = clients
        self._name = name

    def __getattr__(self, operation: str) -> Any:
        return getattr(getattr(self._clients, self._name), operation)


class Clients:
    """One client per AWS service, created on first use: a Lambda that does not mail never creates a mail client."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._made: dict[str, Any] = {}

    @functools.cached_property
    def dynamodb(self) -> Any:
        return self._client("dynamodb", RETRYING)

    @functools.cached_property
    def s3(self) -> Any:
        return self._client("s3", RETRYING)

    @functools.cached_property
    def ses(self) -> Any:
        return self._client("sesv2", NO_RETRY)

    @functools.cached_property
    def ssm(self) -> Any:
        return self._client("ssm", RETRYING)

    @functools.cached_property
    def functions(self) -> Any:
        return self._client("lambda", LONG_CALL)

    @functools.cached_property
    def workflows(self) -> Any:
        return self._client("stepfunctions", RETRYING)

    def _client(self, service: Any, config: Config) -> Any:
        """Returns the one client of a service: threads that ask at the same instant do not make one each."""
        with self._lock:
            if service not in self._made:
                self._made[service] = boto3.client(service, config=config)
            return self._made[service]
