"""Lambda task that draws invoices' PDFs. Apart from the web function, so that only this one loads fpdf2 (0.5 s)."""

from typing import Any

from chalicelib import portal as portals
from chalicelib.services.billing.documents import draw_documents


def draw(event: dict[str, Any]) -> dict[str, int]:
    """`{"invoices": [[username, number], …]}` → `{"drawn"}`, how many have their document now. Safe to repeat."""
    portal = portals.current()
    invoices = [(username, number) for username, number in event["invoices"]]
    drawn = draw_documents(invoices, draw=portal.draw_invoice, stores=portal.stores, clock=portal.clock)
    return {"drawn": len(drawn)}
