"""The PDF of an invoice, on paper or by mail. It is never redrawn once sent: all that it must say is here."""

from datetime import datetime

from chalicelib.domain.account import Account
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.town_settings import Town
from chalicelib.formats import long_day
from chalicelib.pdf.code_frame import draw_code_frame
from chalicelib.pdf.format.tagged_pdf import Drawing, TaggedPDF, draw
from chalicelib.pdf.invoice_table import draw_invoice_table
from chalicelib.pdf.letterhead import draw_letterhead
from chalicelib.pdf.paper import PageLayout
from chalicelib.pdf.payment_terms import draw_payment_terms
from chalicelib.pdf.small_print import draw_small_print
from chalicelib.pdf.title import draw_title
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
    """Returns the invoice as PDF/A-2A and PDF/UA-1; the same bytes for the same arguments.

    `payment_url`: absolute, ASCII; empty when the town takes no card. `portal_url`: the page to type, to sign in and,
    as long as the account was never opened, for `activation_code`, printed until then only. `drawn_at`: an aware
    instant. `specimen`: each page carries a watermark.
    """

    def compose(document: TaggedPDF) -> None:
        title = words.invoice_title(invoice)
        document.set_title(f"{title} – {invoice.label}", author=words.city(town))
        layout = PageLayout(document, town, running_head=title, specimen=specimen)
        draw_letterhead(layout, account, facts(invoice))
        draw_title(layout, title, words.subtitles(invoice), amount=words.headline_amount(invoice))
        if activation_code and not account.opened:
            draw_code_frame(layout, [(words.ACTIVATION_CODE, activation_code)], words.activation_sentence(portal_url))
        draw_invoice_table(layout, invoice)
        draw_payment_terms(layout, invoice, payment_url, portal_url)
        draw_small_print(layout, words.invoice_small_print(town))
        layout.draw_footers()

    return draw(compose, drawn_at=drawn_at)


def facts(invoice: Invoice) -> list[tuple[str, str]]:
    """Returns (label, value): the identifiant, which the sign-in page says is printed here, and the dates."""
    rows = [(words.USERNAME, invoice.username), (words.ISSUED_ON, long_day(invoice.issued_on))]
    if not invoice.credit_note:
        rows.append((words.DUE_ON, long_day(invoice.due_on)))
    return rows
