"""Benchmark of the invoices page: CPU against a bare boto3 read and the same template, round trips, bytes.

The peer, Noethysweb 1.3.3.8, is not in this tree: 25 ms of CPU, 13 SQL queries and 185 kB for the same page.
"""

from datetime import UTC, date, datetime, timedelta
from math import ceil
from typing import Any

from bench.canned import canned_portal
from bench.costs.capacity import READ, item_bytes
from bench.measuring import cpu_medians
from chalicelib import portal as portals
from chalicelib.domain.invoice import InvoiceSummary, list_history
from chalicelib.domain.session import Session
from chalicelib.handlers.http.responses import common_context
from chalicelib.portal import Portal
from chalicelib.rendering import render
from chalicelib.services.authentication.hashing import digest
from chalicelib.store.table import item_of
from tests.support.gateway import Call, send

ROWS = 60
PEER_MS = 25.0
TOKEN = "A" * 43
TODAY = datetime.now(UTC)


def main() -> None:
    answers: dict[str, Any] = {}
    portal, clients = canned_portal(answers)
    setattr(portals, "current", lambda: portal)  # noqa: B010 - the app calls this function
    stored = store_history(portal)
    answers["BatchGetItem"] = lambda request: stored
    page = Call("GET", "/factures/historique", {"Cookie": f"__Host-session=100001~{TOKEN}"})
    answer = send(page)
    assert answer.text.count("<tr") >= ROWS, answer.status  # noqa: S101 - what is measured must be the real page
    clients.calls.clear()
    ours, floor = cpu_medians(lambda: send(page), lambda: floor_page(portal), times=200)
    trips = clients.calls["BatchGetItem"] / 402
    print(f"invoices page, {ROWS} rows: {ours:.2f} ms of CPU; floor {floor:.2f} ms; ratio {ours / floor:.2f} (≤ 1.5)")
    print(f"peer's recorded {PEER_MS} ms / ours = {PEER_MS / ours:.0f} (≥ 12)")
    print(f"{trips:.0f} round trip a page; HTML {len(answer.body)} bytes (≤ 15,000)")
    print(f"{read_units(stored)} read units (≤ 2)")


def store_history(portal: Portal) -> dict[str, Any]:
    """Returns BatchGetItem's response for this page: the session, and sixty rows in one item."""
    session = Session(username="100001", opened_at=TODAY, seen_at=TODAY, ends_at=TODAY + timedelta(hours=12))
    rows = [row(n) for n in range(ROWS)]
    assigned = portal.stores.summaries.assignment(rows)
    summary = {assigned["names"][f"#n{n}"]: {"S": assigned["values"][f":n{n}"]} for n in range(ROWS)}
    table = portal.settings.table
    return {
        "Responses": {
            table("sessions"): [item_of(session) | {"token_hash": {"S": digest(TOKEN)}}],
            table("summaries"): [summary | {"username": {"S": "100001"}}],
        },
        "UnprocessedKeys": {},
    }


def row(rank: int) -> InvoiceSummary:
    issued_on = date(TODAY.year, TODAY.month, 1) - timedelta(days=30 * rank)
    return InvoiceSummary(
        number=str(160000 + rank), label="Restauration scolaire et garderie", issued_on=issued_on,
        due_on=issued_on + timedelta(days=24), billed_cents=5700 + rank, paid_cents=5700 + rank, size_bytes=27_000,
    )  # fmt: skip


def floor_page(portal: Portal) -> bytes:
    """Returns the floor's page: one boto3 call, and the same template over the same rows."""
    table = portal.settings.table
    request = {
        table("sessions"): {"Keys": [{"token_hash": {"S": digest(TOKEN)}}], "ConsistentRead": True},
        table("summaries"): {"Keys": [{"username": {"S": "100001"}}], "ConsistentRead": False},
    }
    found = portal.clients.dynamodb.batch_get_item(RequestItems=request)["Responses"]
    years = list_history(portal.stores.summaries.read(found[table("summaries")][0]), TODAY.date())
    context = common_context(portal, path="/factures/historique") | {"signed_in": True, "csrf": "x", "flash": None}
    return render("pages/invoice_history.html", years=years, today=TODAY.date(), **context).encode()


def read_units(stored: dict[str, Any]) -> float:
    """Returns read units: one per 4 kB for a consistent read (the session), half otherwise (the rows)."""
    session, summary = (items[0] for items in stored["Responses"].values())
    return ceil(item_bytes(session) / READ) + ceil(item_bytes(summary) / READ) / 2


if __name__ == "__main__":
    main()
