"""Worker process of the emulated Lambda: runs the portal's task handlers, one event at a time."""

import importlib
import json
import os
import sys
import traceback
from multiprocessing.connection import Connection
from typing import Any

from chalice.local import LambdaContext

Outcome = tuple[str, bytes]
"""`ok` with the result, `error` with Lambda's description of the exception, or `unknown`; JSON."""

TIMEOUT_MS = 900_000
MEMORY_MB = 1769


def main() -> None:
    """Serve (function, payload) requests on the inherited descriptor given in argv, until the other end is closed."""
    connection = Connection(int(sys.argv[1]))
    while True:
        try:
            name, payload = connection.recv()
        except EOFError:
            return
        connection.send(run(name, payload))


def run(name: str, payload: bytes) -> Outcome:
    """Run one invocation of a function, by its name in the application (without the stage's prefix)."""
    try:
        handler = task_handlers().get(name)
        if handler is None:
            return "unknown", b"null"
        context = LambdaContext(name, MEMORY_MB, TIMEOUT_MS)
        return "ok", json.dumps(handler(json.loads(payload or b"null"), context)).encode()
    except Exception as failure:
        traceback.print_exc()
        return "error", error_payload(failure)


def task_handlers() -> dict[str, Any]:
    """Returns the application's Lambda handlers by name, without the web one."""
    app = importlib.import_module("app").app
    names = [entry.name for entry in (*app.pure_lambda_functions, *app.event_sources)]
    return {name: app.handler_map[name] for name in names}


def error_payload(failure: Exception) -> bytes:
    """Returns an exception as Lambda reports it; Step Functions' Retry and Catch match on `errorType`."""
    description = {"errorMessage": str(failure), "errorType": type(failure).__name__, "stackTrace": []}
    return json.dumps(description).encode()


if __name__ == "__main__":
    os.environ.setdefault("AWS_LAMBDA_FUNCTION_NAME", "desk")
    main()
