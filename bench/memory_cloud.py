"""Stubbed S3, SES and DynamoDB through boto3's own code, to benchmark a mailing.

Memory does not grow with the run: items are generated on request, objects are written to disk.
"""

import base64
import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import boto3
from botocore.awsrequest import AWSResponse
from botocore.config import Config

from bench.canned import aws_response
from bench.pdf import ACCOUNT, invoice
from chalicelib.clients import Clients
from chalicelib.domain.account import DeliveryMode
from chalicelib.domain.billing_run import BillingRun, Figures, RunState
from chalicelib.domain.delivery import Delivery, Outcome
from chalicelib.domain.invoice import InvoiceState
from chalicelib.store.invoices import SHARDS
from chalicelib.store.table import item_of

RUN = "2026-06-0123456789"
NOW = datetime(2026, 6, 10, 9, 0, tzinfo=UTC)
PAGE = 1000
INVOICE = invoice(4).model_copy(update={"run": RUN, "state": InvoiceState.PREPARED})
FAMILY = ACCOUNT.model_copy(
    update={"email": "famille@example.org", "delivery_mode": DeliveryMode.EMAIL, "password_hash": "x"}
)
Request = dict[str, Any]


@dataclass(frozen=True)
class TableContent:
    """State of the generated tables: how many invoices, and whether they are issued."""

    count: int
    issued: bool


class MemoryCloud(Clients):
    """Clients of a town with a run of `count` invoices, all by e-mail. `calls` counts the operations.

    Its invoices are prepared until the first transaction; from then on all are issued.
    """

    def __init__(self, count: int, folder: Path) -> None:
        self.calls: Counter[str] = Counter()
        self._count, self._folder = count, folder
        session = boto3.session.Session("bench", "bench", region_name="eu-west-3")
        plain = Config(request_checksum_calculation="when_required")
        self.dynamodb, self.s3, self.ses = (session.client(name, config=plain) for name in ("dynamodb", "s3", "sesv2"))
        for client, answer in ((self.dynamodb, self._table), (self.s3, self._bucket), (self.ses, self._mail)):
            client.meta.events.register_first("before-call.*.*", self._note)
            client.meta.events.register_first("before-send.*.*", answer)

    def _note(self, model: Any, **_: Any) -> None:
        self.calls[f"{model.service_model.service_name}.{model.name}"] += 1

    def _table(self, request: Any, **_: Any) -> AWSResponse:
        operation = request.headers["X-Amz-Target"].decode().partition(".")[2]
        content = TableContent(self._count, issued="dynamodb.TransactWriteItems" in self.calls)
        response = TABLES[operation](json.loads(request.body), content) if operation in TABLES else {}
        return sized_response(request, json.dumps(response).encode(), "application/x-amz-json-1.0")

    def _bucket(self, request: Any, **_: Any) -> AWSResponse:
        url = urlsplit(request.url)
        if "list-type" in parse_qs(url.query):
            return sized_response(request, b"<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>")
        path = self._folder / unquote(url.path).strip("/").replace("/", "_")
        if request.method == "PUT":
            body = request.body if isinstance(request.body, bytes) else request.body.read()
            if "factures" not in path.name:
                path.write_bytes(body)
            return sized_response(request, b"")
        return sized_response(request, path.read_bytes())

    def _mail(self, request: Any, **_: Any) -> AWSResponse:
        base64.b64decode(json.loads(request.body)["Content"]["Raw"]["Data"])
        return sized_response(request, b'{"MessageId": "1"}', "application/json")


def sized_response(request: Any, body: bytes, kind: str = "application/xml") -> AWSResponse:
    return aws_response(request, body, {"Content-Type": kind, "Content-Length": str(len(body))})


def billing_run(count: int) -> BillingRun:
    return BillingRun(
        run=RUN,
        state=RunState.MAILING,
        filename="f.csv",
        sha256="0",
        deposited_at=NOW,
        deposited_by="bench",
        publish_on=date(2026, 6, 10),
        figures=Figures(invoices=count, total_cents=count * INVOICE.billed_cents),
    )


def get_item(table: str, key: Request, content: TableContent) -> Request:
    """Returns the generated item of a key."""
    number, username = (key.get(name, {}).get("S", "") for name in ("number", "username"))
    if table.endswith("-accounts"):
        return item_of(FAMILY.model_copy(update={"username": username}))
    if table.endswith("-deliveries"):
        cents = INVOICE.billed_cents
        return item_of(Delivery(run=RUN, number=number, username="u", cents=cents, outcome=Outcome.SENT, at=NOW))
    state = InvoiceState.ISSUED if content.issued else InvoiceState.PREPARED
    return item_of(INVOICE.model_copy(update={"number": number, "username": username, "state": state}))


def query_page(request: Request, content: TableContent) -> Request:
    """Returns a Query's response: a page of a shard of the run, from its index or its deliveries; none on paper."""
    if "FilterExpression" in request:
        return {"Items": []}
    share = request["ExpressionAttributeValues"][":share"]
    first = int(share["S"].rpartition(".")[2], SHARDS)
    start = int(request.get("ExclusiveStartKey", {}).get("number", {}).get("S", first - SHARDS))
    ranks = range(start + SHARDS, min(start + PAGE * SHARDS, content.count - 1) + 1, SHARDS)
    rows = [query_row(request, f"{rank:08d}") for rank in ranks]
    return {"Items": rows} | ({"LastEvaluatedKey": query_row(request, f"{ranks[-1]:08d}")} if len(rows) == PAGE else {})


def query_row(request: Request, number: str) -> Request:
    if request["TableName"].endswith("-deliveries"):
        return {"number": {"S": number}, "outcome": {"S": Outcome.SENT}, "cents": {"N": str(INVOICE.billed_cents)}}
    return {"number": {"S": number}, "username": {"S": f"u{number}"}}


def batch_get(request: Request, content: TableContent) -> Request:
    wanted = request["RequestItems"].items()
    return {"Responses": {table: [get_item(table, key, content) for key in one["Keys"]] for table, one in wanted}}


TABLES: dict[str, Callable[[Request, TableContent], Request]] = {
    "GetItem": lambda request, content: {"Item": item_of(billing_run(content.count))},
    "Query": query_page,
    "BatchGetItem": batch_get,
    "UpdateItem": lambda request, content: {
        "Attributes": item_of(billing_run(content.count))
        if request["TableName"].endswith("-runs")
        else get_item(request["TableName"], request["Key"], content)
    },
}
