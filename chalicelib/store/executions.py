"""Step Functions executions of a state machine, by name: a used name starts nothing again."""

import functools
import json
from typing import Any

from botocore.exceptions import ClientError

from chalicelib.errors import NotFound
from chalicelib.store.table import as_unavailable

UNKNOWN = "ExecutionDoesNotExist"
TAKEN = "ExecutionAlreadyExists"
RUNNING, SUCCEEDED = "RUNNING", "SUCCEEDED"


class ExecutionStore:
    """The executions of the state machine of this name."""

    def __init__(self, clients: Any, machine: str) -> None:
        self._clients = clients
        self._machine = machine

    @property
    def _client(self) -> Any:
        return self._clients.workflows

    @functools.cached_property
    def _arn(self) -> str:
        with as_unavailable(self._machine):
            for page in self._client.get_paginator("list_state_machines").paginate():
                for machine in page["stateMachines"]:
                    if machine["name"] == self._machine:
                        return str(machine["stateMachineArn"])
        raise NotFound

    def status(self, name: str) -> str | None:
        """Returns RUNNING, SUCCEEDED, FAILED, TIMED_OUT or ABORTED; None when no execution has this name."""
        arn = self._arn.replace(":stateMachine:", ":execution:") + f":{name}"
        with as_unavailable(self._machine):
            try:
                return str(self._client.describe_execution(executionArn=arn)["status"])
            except ClientError as failure:
                if failure.response["Error"]["Code"] != UNKNOWN:
                    raise
                return None

    def start(self, name: str, payload: dict[str, Any]) -> bool:
        """Start it with this input; returns False when it was already started."""
        with as_unavailable(self._machine):
            try:
                self._client.start_execution(stateMachineArn=self._arn, name=name, input=json.dumps(payload))
            except ClientError as failure:
                if failure.response["Error"]["Code"] != TAKEN:
                    raise
                return False
        return True
