"""A network that fails: chosen calls to AWS are lost before they arrive, or their answers are; and conflicts."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from botocore.exceptions import ClientError, ReadTimeoutError

WRITES = {"PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems"}
CONFLICT = ClientError(
    {
        "Error": {"Code": "TransactionCanceledException", "Message": "conflict"},
        "CancellationReasons": [{"Code": "None"}, {"Code": "TransactionConflict"}],
    },
    "TransactWriteItems",
)


@contextmanager
def failing(
    client: Any, plan: Mapping[int, str | Exception], operations: Collection[str] = WRITES
) -> Iterator[list[str]]:
    """Within the block, the n-th call of these operations meets `plan[n]`: "before", "after", or an exception.

    Yields the list of operations called, in order.
    """
    real = client._make_api_call
    called: list[str] = []

    def call(operation: str, request: dict[str, Any]) -> Any:
        if operation not in operations:
            return real(operation, request)
        fault = plan.get(len(called))
        called.append(operation)
        if isinstance(fault, Exception):
            raise fault
        if fault == "before":
            raise ReadTimeoutError(endpoint_url="https://dynamodb")
        answer = real(operation, request)
        if fault == "after":
            raise ReadTimeoutError(endpoint_url="https://dynamodb")
        return answer

    client._make_api_call = call
    try:
        yield called
    finally:
        del client._make_api_call
