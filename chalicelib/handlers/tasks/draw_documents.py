"""The Lambda task that draws documents, apart from the web function: half a second of fpdf2 is loaded here only."""

from typing import Any

from chalicelib import portal as portals
from chalicelib.services.billing.documents import draw_documents


def draw(event: dict[str, Any]) -> dict[str, int]:
    """`{"invoices": [[username, number], …]}` → how many of them have their document now. Safe to repeat."""
    portal = portals.current()
    pairs = [(username, number) for username, number in event["invoices"]]
    drawn = draw_documents(pairs, draw=portal.draw_invoice, stores=portal.stores, clock=portal.clock)
    return {"drawn": len(drawn)}
