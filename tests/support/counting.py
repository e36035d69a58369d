"""Counts the AWS calls of a piece of work: the same events botocore itself emits before each request."""

from collections import Counter
from contextlib import contextmanager


@contextmanager
def counted_calls(portal):
    """Yields a Counter of « service.Operation »; it fills while the block runs."""
    calls = Counter()

    def note(model, **_):
        calls[f"{model.service_model.service_name}.{model.name}"] += 1

    clients = [portal.clients.dynamodb, portal.clients.s3, portal.clients.functions]
    for client in clients:
        client.meta.events.register_first("before-call.*.*", note)
    try:
        yield calls
    finally:
        for client in clients:
            client.meta.events.unregister("before-call.*.*", note)
