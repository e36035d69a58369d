"""One emulated Lambda: a process apart that runs the portal's task entries, one event at a time."""

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
    """Answer (function, payload) pairs on the inherited descriptor named in argv until the other end is closed."""
    connection = Connection(int(sys.argv[1]))
    while True:
        try:
            name, payload = connection.recv()
        except EOFError:
            return
        connection.send(run(name, payload))


def run(name: str, payload: bytes) -> Outcome:
    """One invocation of a function by the name that the application gave it, without the stage's prefix."""
    try:
        handler = tasks().get(name)
        if handler is None:
            return "unknown", b"null"
        context = LambdaContext(name, MEMORY_MB, TIMEOUT_MS)
        return "ok", json.dumps(handler(json.loads(payload or b"null"), context)).encode()
    except Exception as failure:
        traceback.print_exc()
        return "error", described(failure)


def tasks() -> dict[str, Any]:
    """The application's Lambda entries but the web one, by name."""
    app = importlib.import_module("app").app
    names = [entry.name for entry in (*app.pure_lambda_functions, *app.event_sources)]
    return {name: app.handler_map[name] for name in names}


def described(failure: Exception) -> bytes:
    """An exception as Lambda reports it: what Step Functions' Retry and Catch match on is `errorType`."""
    description = {"errorMessage": str(failure), "errorType": type(failure).__name__, "stackTrace": []}
    return json.dumps(description).encode()


if __name__ == "__main__":
    os.environ.setdefault("AWS_LAMBDA_FUNCTION_NAME", "desk")
    main()
