"""Benchmark of drawing an invoice against reportlab, which draws the same text untagged: `python -m bench.pdf [draws]`.

Both draw alternately in one run, with the same fonts and QR matrix: median CPU times, and growth of memory.
reportlab runs without what we do not use either: flowables, and ASCII85 encoding of streams.
"""

import sys
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO

import segno
from pypdf import PdfReader
from reportlab import rl_config
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from bench.measuring import cpu_medians, peak_kib
from chalicelib.domain.account import Account, Address, Holder
from chalicelib.domain.invoice import Invoice, InvoiceLine
from chalicelib.pdf.format.typeface import FONTS
from chalicelib.pdf.invoice import draw_invoice
from chalicelib.pdf.qr import MASK, dark_runs
from chalicelib.stage_settings import load_town

TOWN = load_town("saint-aubin-les-pins")
URL = "https://portail.saint-aubin-les-pins.example.org/factures/169165/paiement"
DRAWN_AT = datetime(2026, 6, 1, 6, 0, tzinfo=UTC)
ACCOUNT = Account(
    username="100001",
    family="F1",
    holder=Holder(civility="Mme", first_name="Éloïse", last_name="Lefèvre"),
    address=Address(line_1="12 allée des Mûriers", postcode="06990", town="Saint-Aubin-les-Pins"),
)
SERVICES = ("Restauration scolaire", "Garderie du matin", "Étude surveillée", "Accueil de loisirs du mercredi")
SIZES = {4: 30_000, 25: 45_000}
"""Maximum bytes of an invoice, by number of lines."""

Word = tuple[float, float, float, str]
"""Left, baseline (points), size, text."""


def invoice(lines: int) -> Invoice:
    rows = tuple(
        InvoiceLine(
            child="Noé" if rank < lines / 2 else "Zoé",
            service=SERVICES[rank % len(SERVICES)],
            quantity=Decimal(rank + 1),
            unit_price_cents=310,
            amount_cents=(rank + 1) * 310,
        )
        for rank in range(lines)
    )
    return Invoice(
        number="169165",
        username="100001",
        label="Restauration scolaire mai et juin 2026",
        issued_on=date(2026, 6, 1),
        due_on=date(2026, 6, 24),
        billed_cents=sum(row.amount_cents for row in rows),
        lines=rows,
    )


def draw_tagged(asked: Invoice) -> bytes:
    return draw_invoice(asked, ACCOUNT, town=TOWN, payment_url=URL, activation_code=None, drawn_at=DRAWN_AT).content


def words(document: bytes) -> list[list[Word]]:
    """Returns the words of each page of our own PDF with their positions, so that both draw the same."""
    pages: list[list[Word]] = []
    for page in PdfReader(BytesIO(document)).pages:
        found: list[Word] = []

        def keep(
            text: str, _matrix: object, place: list[float], _font: object, size: float, found: list[Word] = found
        ) -> None:
            if text.strip():
                found.append((place[4], place[5], size, text.strip("\n")))

        page.extract_text(visitor_text=keep)
        pages.append(found)
    return pages


def set_up_reportlab() -> None:
    """Give reportlab our fonts, and no ASCII85 encoding of streams."""
    rl_config.useA85 = 0
    pdfmetrics.registerFont(TTFont("Plain", FONTS / "DejaVuSans-Latin.ttf"))
    pdfmetrics.registerFont(TTFont("Bold", FONTS / "DejaVuSans-Bold-Latin.ttf"))


def draw_with_reportlab(pages: list[list[Word]]) -> bytes:
    """Returns a PDF of these words by reportlab's canvas: no flowables, no tags, the QR code as one path."""
    target = BytesIO()
    canvas = Canvas(target, pagesize=A4)
    canvas.setTitle("Facture n° 169165")
    for page in pages:
        for x, y, size, text in page:
            canvas.setFont("Bold" if size > 10 else "Plain", size)
            canvas.drawString(x, y, text)
        canvas.showPage()
    draw_squares(canvas)
    canvas.save()
    return target.getvalue()


def draw_squares(canvas: Canvas) -> None:
    matrix = segno.make_qr(URL, error="m", mask=MASK, boost_error=False).matrix
    side = 27 * mm / len(matrix)
    path = canvas.beginPath()
    for row, modules in enumerate(matrix):
        for column, length in dark_runs(modules):
            path.rect(60 + column * side, 200 - row * side, length * side, side)
    canvas.drawPath(path, stroke=0, fill=1)


def compare(lines: int, draws: int) -> None:
    asked = invoice(lines)
    document = draw_tagged(asked)
    pages = words(document)
    draw_with_reportlab(pages)
    before = peak_kib()
    mine, peer = cpu_medians(lambda: draw_tagged(asked), lambda: draw_with_reportlab(pages), times=draws)
    print(
        f"{lines:2d} lines: {mine:5.2f} ms tagged, reportlab {peer:5.2f} ms untagged, ratio {mine / peer:.2f} (≤ 1); "
        f"{len(document)} bytes (≤ {SIZES[lines]}); peak memory +{peak_kib() - before} KiB over {draws} draws"
    )


def main() -> None:
    draws = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    set_up_reportlab()
    for lines in SIZES:
        compare(lines, draws)


if __name__ == "__main__":
    main()
