"""Papers to look at: drawn for our three people at a stopped instant, and what a reader finds in them."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from io import BytesIO
from typing import Any

from pypdf import PdfReader

from chalicelib.domain.account import Account
from chalicelib.domain.invoice import Invoice, InvoiceLine
from chalicelib.pdf.format.tagged_pdf import Drawing
from chalicelib.pdf.invoice import draw_invoice
from chalicelib.stage_settings import load_town
from tests.support.people import DUPONT, invoice

TOWN = load_town("saint-aubin-les-pins")
DRAWN_AT = datetime(2026, 6, 1, 6, 0, tzinfo=UTC)
PAYMENT_URL = "https://portail.example.org/factures/169165/paiement"
CODE = "K7PM-4QXR-ABCD"
POINTS = 72 / 25.4
PAGE_HEIGHT = 297


def draw(asked: Invoice | None = None, account: Account = DUPONT, **changes: Any) -> Drawing:
    """An invoice with everything at its simplest; `changes` to what draw_invoice takes."""
    facts: dict[str, Any] = {"town": TOWN, "payment_url": PAYMENT_URL, "activation_code": None, "drawn_at": DRAWN_AT}
    return draw_invoice(asked or invoice(), account, **(facts | changes))


def invoice_of(lines: int) -> Invoice:
    """An invoice of so many lines for two children; every service is worded differently."""
    rows = tuple(
        InvoiceLine(
            child="Noé" if rank < lines / 2 else "Zoé",
            service=f"Prestation numéro {rank + 1}",
            quantity=Decimal(rank + 1),
            unit_price_cents=310,
            amount_cents=(rank + 1) * 310,
        )
        for rank in range(lines)
    )
    return invoice(lines=rows, billed_cents=sum(row.amount_cents for row in rows))


def reader(paper: Drawing) -> PdfReader:
    return PdfReader(BytesIO(paper.content), strict=True)


@cache
def page_texts(paper: Drawing) -> tuple[str, ...]:
    """What each page says in its own order, any space or line break as one space."""
    return tuple(re.sub(r"\s+", " ", page.extract_text()) for page in reader(paper).pages)


def text(paper: Drawing) -> str:
    return " ".join(page_texts(paper))


def placed(paper: Drawing, page: int = 0) -> list[tuple[float, float, str]]:
    """Pieces of text with their left end and baseline, millimetres from the page's top left corner."""
    found: list[tuple[float, float, str]] = []

    def keep(said: str, _: Any, matrix: list[float], *__: Any) -> None:
        if said.strip():
            found.append((matrix[4] / POINTS, PAGE_HEIGHT - matrix[5] / POINTS, said.strip()))

    reader(paper).pages[page].extract_text(visitor_text=keep)
    return found


def elements(paper: Drawing) -> Iterator[tuple[int, dict[str, Any]]]:
    """The elements of the structure tree, each with its depth."""
    root: Any = reader(paper).trailer["/Root"]
    return walk(root["/StructTreeRoot"]["/K"], 0)


def walk(element: Any, depth: int) -> Iterator[tuple[int, dict[str, Any]]]:
    yield depth, element
    for kid in element["/K"]:
        kid = kid.get_object()
        if isinstance(kid, dict) and "/S" in kid:
            yield from walk(kid, depth + 1)


def outline(paper: Drawing) -> str:
    """The structure as an indented list of kinds, a run of equal lines written once with its count."""
    lines: list[list[Any]] = []
    for depth, element in elements(paper):
        line = "  " * depth + element["/S"].removeprefix("/")
        if lines and lines[-1][0] == line:
            lines[-1][1] += 1
        else:
            lines.append([line, 1])
    return "\n".join(line if count == 1 else f"{line} × {count}" for line, count in lines)
