"""The invoice as a family receives it, on paper or by mail: frozen once drawn, so all that it must say is here."""

from datetime import datetime

from chalicelib.domain.account import Account
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.town_settings import Town
from chalicelib.formats import long_day
from chalicelib.pdf.code_frame import draw_frame
from chalicelib.pdf.format.tagged_pdf import Drawing, TaggedPDF, draw
from chalicelib.pdf.invoice_table import InvoiceTable
from chalicelib.pdf.letterhead import draw_letterhead
from chalicelib.pdf.paper import Paper
from chalicelib.pdf.payment_terms import draw_payment_terms
from chalicelib.pdf.small_print import draw_small_print
from chalicelib.pdf.title import draw_title
from chalicelib.wording import documents as wording
from chalicelib.wording import documents as words


def draw_invoice(
    invoice: Invoice,
    account: Account,
    *,
    town: Town,
    payment_url: str,
    portal_url: str = "",
    activation_code: str | None,
    drawn_at: datetime,
    specimen: bool = False,
) -> Drawing:
    """The invoice as PDF/A-2A and PDF/UA-1; the same bytes for the same arguments.

    `payment_url`: absolute, ASCII; empty when the town takes no card. `activation_code` is printed while the account
    was never opened, and only then, with `portal_url`, the page where it is typed. `drawn_at`: an aware instant.
    `specimen`: each page says that it is worth nothing.
    """

    def compose(document: TaggedPDF) -> None:
        title = words.invoice_title(invoice)
        document.name(f"{title} – {invoice.label}", author=wording.city(town))
        paper = Paper(document, town, running_head=title, specimen=specimen)
        draw_letterhead(paper, account, facts(invoice))
        draw_title(paper, title, words.subtitles(invoice), amount=words.amount_to_know(invoice))
        if activation_code and not account.opened:
            draw_frame(paper, [(wording.ACTIVATION_CODE, activation_code)], words.activation(portal_url))
        InvoiceTable(paper).draw(invoice)
        draw_payment_terms(paper, invoice, payment_url)
        draw_small_print(paper, words.invoice_notices(town))
        paper.close()

    return draw(compose, drawn_at=drawn_at)


def facts(invoice: Invoice) -> list[tuple[str, str]]:
    """The identifiant, which the sign-in page sends the family to look for on its last invoice, and the dates."""
    known = [(wording.USERNAME, invoice.username), (words.ISSUED_ON, long_day(invoice.issued_on))]
    if not invoice.credit_note:
        known.append((words.DUE_ON, long_day(invoice.due_on)))
    return known
