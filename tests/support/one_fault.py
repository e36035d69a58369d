"""One fault at one AWS call of a piece of work, each kind as botocore or DynamoDB shows it to a store."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from botocore.exceptions import ClientError, ReadTimeoutError

from chalicelib.clients import Clients

SINGLE_WRITES = {"PutItem", "UpdateItem", "DeleteItem"}
TRANSACTION = "TransactWriteItems"
BATCH_READ = "BatchGetItem"

LOST, ANSWER_LOST = "lost before it arrived", "its answer lost"
REPEATED = "its answer lost, then sent again by botocore"
CONFLICT, THROTTLED = "in conflict with a transaction", "throttled in a transaction"
UNPROCESSED = "its keys unprocessed once"


def kinds_of(operation: str) -> list[str]:
    """Returns the kinds of faults that a call of this operation may meet."""
    if operation in SINGLE_WRITES:
        return [LOST, ANSWER_LOST, REPEATED, CONFLICT]
    if operation == TRANSACTION:
        return [LOST, ANSWER_LOST, CONFLICT, THROTTLED]
    if operation == BATCH_READ:
        return [LOST, UNPROCESSED]
    return [LOST, ANSWER_LOST] if operation.startswith("Put") else [LOST]


@contextmanager
def one_fault(clients: Clients, place: int | None = None, kind: str = "") -> Iterator[list[str]]:
    """Within the block, call number `place` of DynamoDB and S3 together, from 0, meets this fault; without it, none.

    Yields the operations called, in order.
    """
    called: list[str] = []
    faulty = [_Faulty(client, called, place, kind) for client in (clients.dynamodb, clients.s3)]
    try:
        yield called
    finally:
        for one in faulty:
            one.mend()


class _Faulty:
    """A client of which one call meets a fault; `called` is shared between clients."""

    def __init__(self, client: Any, called: list[str], place: int | None, kind: str) -> None:
        self._client, self._called, self._place, self._kind = client, called, place, kind
        self._real = client._make_api_call
        client._make_api_call = self._call

    def mend(self) -> None:
        del self._client._make_api_call

    def _call(self, operation: str, request: dict[str, Any]) -> Any:
        self._called.append(operation)
        if len(self._called) - 1 != self._place:
            return self._real(operation, request)
        return self._fault(operation, request)

    def _fault(self, operation: str, request: dict[str, Any]) -> Any:
        if self._kind == UNPROCESSED:
            return {"Responses": {}, "UnprocessedKeys": request["RequestItems"]}
        if self._kind in (CONFLICT, THROTTLED):
            raise _refusal(operation, self._kind)
        if self._kind in (ANSWER_LOST, REPEATED):
            self._real(operation, dict(request))
        if self._kind == REPEATED:
            return self._real(operation, request)
        raise ReadTimeoutError(endpoint_url="https://aws")


def _refusal(operation: str, kind: str) -> ClientError:
    if operation != TRANSACTION:
        return ClientError({"Error": {"Code": "TransactionConflictException", "Message": kind}}, operation)
    reason = "TransactionConflict" if kind == CONFLICT else "ThrottlingError"
    cancelled = {"Error": {"Code": "TransactionCanceledException", "Message": kind}}
    return ClientError(cancelled | {"CancellationReasons": [{"Code": "None"}, {"Code": reason}]}, operation)  # type: ignore[arg-type]
