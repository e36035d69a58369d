"""Invocation of Lambda tasks: synchronous (`call`) or asynchronous (`start`)."""

import json
from collections.abc import Callable
from typing import Any, Protocol

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.errors import Unavailable


class Tasks(Protocol):
    """Interface of a task runner."""

    def call(self, name: str, payload: dict[str, Any]) -> Any:
        """Returns the result of a task. Raises Unavailable when it fails."""

    def start(self, name: str, payload: dict[str, Any]) -> None:
        """Start a task asynchronously; it runs at least once. Raises Unavailable when it cannot be started."""


class LambdaTasks:
    """Tasks as Lambda functions of this stage."""

    def __init__(self, client: Any, deployed_name: Callable[[str], str]) -> None:
        self._client = client
        self._deployed_name = deployed_name

    def call(self, name: str, payload: dict[str, Any]) -> Any:
        response = self._invoke(name, payload, "RequestResponse")
        if "FunctionError" in response:
            raise Unavailable(name)
        return json.loads(response["Payload"].read())

    def start(self, name: str, payload: dict[str, Any]) -> None:
        self._invoke(name, payload, "Event")

    def _invoke(self, name: str, payload: dict[str, Any], how: str) -> Any:
        try:
            return self._client.invoke(
                FunctionName=self._deployed_name(name), InvocationType=how, Payload=json.dumps(payload).encode()
            )
        except (BotoCoreError, ClientError) as failure:
            raise Unavailable(name) from failure
