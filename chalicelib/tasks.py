"""Work handed to another Lambda: waited for, or started and left to itself."""

import json
from collections.abc import Callable
from typing import Any, Protocol

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.errors import Unavailable


class Tasks(Protocol):
    """What the portal needs of a runner of tasks."""

    def call(self, name: str, payload: dict[str, Any]) -> Any:
        """Run a task and answer what it returns. Raises Unavailable when it fails."""

    def start(self, name: str, payload: dict[str, Any]) -> None:
        """Have a task run later; at least once. Raises Unavailable when it cannot be handed over."""


class LambdaTasks:
    """Tasks as Lambda functions of this stage."""

    def __init__(self, client: Any, deployed_name: Callable[[str], str]) -> None:
        self._client = client
        self._deployed_name = deployed_name

    def call(self, name: str, payload: dict[str, Any]) -> Any:
        answer = self._invoke(name, payload, "RequestResponse")
        if "FunctionError" in answer:
            raise Unavailable(name)
        return json.loads(answer["Payload"].read())

    def start(self, name: str, payload: dict[str, Any]) -> None:
        self._invoke(name, payload, "Event")

    def _invoke(self, name: str, payload: dict[str, Any], how: str) -> Any:
        try:
            return self._client.invoke(
                FunctionName=self._deployed_name(name), InvocationType=how, Payload=json.dumps(payload).encode()
            )
        except (BotoCoreError, ClientError) as failure:
            raise Unavailable(name) from failure
