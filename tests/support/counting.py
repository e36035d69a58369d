"""Counts the AWS calls of a piece of work: the same events botocore itself emits before each request."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from botocore.model import OperationModel

from chalicelib.portal import Portal


@contextmanager
def counted_calls(portal: Portal) -> Iterator[Counter[str]]:
    """Yields a Counter of « service.Operation »; it fills while the block runs."""
    calls: Counter[str] = Counter()

    def note(model: OperationModel, **_: Any) -> None:
        calls[f"{model.service_model.service_name}.{model.name}"] += 1

    clients = [portal.clients.dynamodb, portal.clients.s3, portal.clients.functions]
    for client in clients:
        client.meta.events.register_first("before-call.*.*", note)
    try:
        yield calls
    finally:
        for client in clients:
            client.meta.events.unregister("before-call.*.*", note)
