"""The invoice as a family receives it, on paper or by mail: frozen once drawn, so all that it must say is here."""

from datetime import datetime

from chalicelib.domain.account import Account
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.town import Town
from chalicelib.formats import euros, long_day
from chalicelib.pdf import wording
from chalicelib.pdf.drawing import Drawing
from chalicelib.pdf.ink import Pen
from chalicelib.pdf.ledger import Ledger
from chalicelib.pdf.letterhead import draw_letterhead
from chalicelib.pdf.paper import LEFT, RIGHT, WIDTH, Paper
from chalicelib.pdf.payment_terms import draw_payment_terms
from chalicelib.pdf.small_print import draw_small_print
from chalicelib.pdf.tagged import TaggedPDF, draw
from chalicelib.pdf.typeface import Style

LABEL = Pen(8.5)
VALUE = Pen(8.5, Style.BOLD)
REFERENCE = Pen(11, Style.BOLD)
PLAIN = Pen(9)
AMOUNT_WIDTH = 52.0
CODE = Pen(13, Style.BOLD)


def draw_invoice(
    invoice: Invoice,
    account: Account,
    *,
    town: Town,
    payment_url: str,
    activation_code: str | None,
    drawn_at: datetime,
    specimen: bool = False,
) -> Drawing:
    """The invoice as PDF/A-2A and PDF/UA-1; the same bytes for the same arguments.

    `payment_url`: absolute, ASCII; empty when the town takes no card. `activation_code` is printed while the account
    was never opened, and only then. `drawn_at`: an aware instant. `specimen`: each page says that it is worth nothing.
    """

    def compose(document: TaggedPDF) -> None:
        title = wording.invoice_title(invoice)
        document.name(f"{title} – {invoice.label}", author=wording.city(town))
        paper = Paper(document, town, running_head=title, specimen=specimen)
        draw_letterhead(paper, account, facts(invoice))
        draw_title(paper, invoice)
        if activation_code and not account.opened:
            draw_activation(paper, activation_code)
        Ledger(paper).draw(invoice)
        draw_payment_terms(paper, invoice, payment_url)
        draw_small_print(paper)
        paper.close()

    return draw(compose, drawn_at=drawn_at)


def facts(invoice: Invoice) -> list[tuple[str, str]]:
    """The identifiant, which the sign-in page sends the family to look for on its last invoice, and the dates."""
    known = [(wording.USERNAME, invoice.username), (wording.ISSUED_ON, long_day(invoice.issued_on))]
    if not invoice.credit_note:
        known.append((wording.DUE_ON, long_day(invoice.due_on)))
    return known


def draw_title(paper: Paper, invoice: Invoice) -> None:
    top = paper.y
    draw_amount(paper, invoice)
    paper.y = top
    width = WIDTH - AMOUNT_WIDTH - 6
    if paper.specimen:
        paper.paragraph(wording.SPECIMEN, VALUE, width=width)
    title = wording.invoice_title(invoice)
    paper.paragraph(title, paper.fitting([title], Pen(18, Style.BOLD, paper.accent), width), kind="H1", width=width)
    paper.paragraph(invoice.label, REFERENCE, width=width)
    if invoice.period:
        paper.paragraph(wording.period(invoice.period), PLAIN, width=width)
    paper.y += 4


def draw_amount(paper: Paper, invoice: Invoice) -> None:
    """What one looks for first, at the right of the title."""
    label, cents = wording.amount_to_know(invoice)
    left, width = RIGHT - AMOUNT_WIDTH + 3, AMOUNT_WIDTH - 6
    paper.tinted(16, left=RIGHT - AMOUNT_WIDTH, width=AMOUNT_WIDTH)
    amount = Pen(17, Style.BOLD, paper.accent)
    with paper.document.mark("P"):
        paper.y += 2
        paper.stack([label], LABEL, x=left, width=width, right=True)
        paper.stack([euros(cents)], amount, x=left, width=width, right=True)


def draw_activation(paper: Paper, code: str) -> None:
    """The code, and how it is used, in one frame."""
    sentence = wording.activation(paper.town)
    top, left = paper.y, LEFT + 52
    height = max(13.0, paper.height(LABEL, len(paper.wrap(sentence, LABEL, RIGHT - left - 4))) + 5)
    paper.tinted(height)
    paper.y = top + 2.5
    with paper.document.mark("P"):
        paper.stack([wording.ACTIVATION_CODE], LABEL, x=LEFT + 4)
        paper.stack([paper.document.settle(code)], CODE, x=LEFT + 4)
    paper.y = top + 2.5
    paper.paragraph(sentence, LABEL, x=left, width=RIGHT - left - 4)
    paper.y = top + height + 4
