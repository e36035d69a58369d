"""A network that fails: chosen calls to AWS are lost before they arrive, or their answers are; and conflicts."""

from contextlib import contextmanager

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
def failing(client, plan, operations=WRITES):
    """Within the block, the n-th call of these operations meets `plan[n]`: "before", "after", or an exception.

    Yields the list of operations called, in order.
    """
    real, called = client._make_api_call, []

    def call(operation, request):
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
