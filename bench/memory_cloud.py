"""S3, SES and DynamoDB that answer from a folder and from memory, through boto3's own code: for measuring a mailing.

Nothing is kept that grows with the run: items are made up when they are asked for, objects go to the disk.
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

from bench.canned import CannedBody
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
class Held:
    """What the made-up tables depend on: how many invoices, and whether families see them yet."""

    count: int
    shown: bool


class MemoryCloud(Clients):
    """Clients of a town with a run of `count` invoices, all for families on mail. `calls` counts what is asked.

    Its invoices are prepared until the first of them is shown; from then on all are.
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
        held = Held(self._count, shown="dynamodb.TransactWriteItems" in self.calls)
        made = TABLES.get(operation, lambda asked, held: {})(json.loads(request.body), held)
        return answered(request, json.dumps(made).encode(), "application/x-amz-json-1.0")

    def _bucket(self, request: Any, **_: Any) -> AWSResponse:
        url = urlsplit(request.url)
        if "list-type" in parse_qs(url.query):
            return answered(request, b"<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>")
        path = self._folder / unquote(url.path).strip("/").replace("/", "_")
        if request.method == "PUT":
            body = request.body if isinstance(request.body, bytes) else request.body.read()
            if "factures" not in path.name:
                path.write_bytes(body)
            return answered(request, b"")
        return answered(request, path.read_bytes())

    def _mail(self, request: Any, **_: Any) -> AWSResponse:
        base64.b64decode(json.loads(request.body)["Content"]["Raw"]["Data"])
        return answered(request, b'{"MessageId": "1"}', "application/json")


def answered(request: Any, body: bytes, kind: str = "application/xml") -> AWSResponse:
    return AWSResponse(request.url, 200, {"Content-Type": kind, "Content-Length": str(len(body))}, CannedBody(body))


def a_run(count: int) -> BillingRun:
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


def item(table: str, key: Request, held: Held) -> Request:
    """What the town's tables hold under a key."""
    number, username = (key.get(name, {}).get("S", "") for name in ("number", "username"))
    if table.endswith("-accounts"):
        return item_of(FAMILY.model_copy(update={"username": username}))
    if table.endswith("-deliveries"):
        cents = INVOICE.billed_cents
        return item_of(Delivery(run=RUN, number=number, username="u", cents=cents, outcome=Outcome.SENT, at=NOW))
    state = InvoiceState.ISSUED if held.shown else InvoiceState.PREPARED
    return item_of(INVOICE.model_copy(update={"number": number, "username": username, "state": state}))


def page(asked: Request, held: Held) -> Request:
    """What `Query` answers: a page of a share of the run, from its index or of its deliveries; nobody is on paper."""
    if "FilterExpression" in asked:
        return {"Items": []}
    share = asked["ExpressionAttributeValues"][":share"]
    first = int(share["S"].rpartition(".")[2], SHARDS)
    start = int(asked.get("ExclusiveStartKey", {}).get("number", {}).get("S", first - SHARDS))
    ranks = range(start + SHARDS, min(start + PAGE * SHARDS, held.count - 1) + 1, SHARDS)
    rows = [row(asked, f"{rank:08d}") for rank in ranks]
    return {"Items": rows} | ({"LastEvaluatedKey": row(asked, f"{ranks[-1]:08d}")} if len(rows) == PAGE else {})


def row(asked: Request, number: str) -> Request:
    if asked["TableName"].endswith("-deliveries"):
        return {"number": {"S": number}, "outcome": {"S": Outcome.SENT}, "cents": {"N": str(INVOICE.billed_cents)}}
    return {"number": {"S": number}, "username": {"S": f"u{number}"}}


def together(asked: Request, held: Held) -> Request:
    wanted = asked["RequestItems"].items()
    return {"Responses": {table: [item(table, key, held) for key in one["Keys"]] for table, one in wanted}}


TABLES: dict[str, Callable[[Request, Held], Request]] = {
    "GetItem": lambda asked, held: {"Item": item_of(a_run(held.count))},
    "Query": page,
    "BatchGetItem": together,
    "UpdateItem": lambda asked, held: {
        "Attributes": item_of(a_run(held.count))
        if asked["TableName"].endswith("-runs")
        else item(asked["TableName"], asked["Key"], held)
    },
}
