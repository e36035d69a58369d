"""The receipt of a payment by card: what the régie received, for which invoice, and how to find it again."""

from datetime import datetime

from chalicelib.domain.receipt import Receipt
from chalicelib.domain.town_settings import Town
from chalicelib.formats import euros, long_instant
from chalicelib.pdf.format.pen import Pen
from chalicelib.pdf.format.tagged_pdf import Drawing, TaggedPDF, draw
from chalicelib.pdf.key_value_table import draw_key_values
from chalicelib.pdf.letterhead import BODY_TOP, draw_sender
from chalicelib.pdf.paper import Paper
from chalicelib.pdf.small_print import draw_small_print
from chalicelib.pdf.title import draw_title
from chalicelib.wording import documents as wording
from chalicelib.wording import documents as words

STATEMENT = Pen(10)


def draw_receipt(receipt: Receipt, *, town: Town, drawn_at: datetime) -> Drawing:
    """The receipt as PDF/A-2A and PDF/UA-1; the same bytes for the same arguments. `drawn_at`: an aware instant."""

    def compose(document: TaggedPDF) -> None:
        title = words.receipt_title(receipt)
        document.name(title, author=wording.city(town))
        paper = Paper(document, town, running_head=title)
        draw_sender(paper)
        paper.y = max(BODY_TOP - 30, paper.y + 8)
        draw_title(paper, title, (words.invoice_named(receipt),), amount=(words.PAID, receipt.paid_cents))
        paper.paragraph(words.received(receipt, town), STATEMENT)
        paper.y += 5
        draw_key_values(paper, pairs(receipt))
        draw_small_print(paper, words.receipt_notices(town))
        paper.close()

    return draw(compose, drawn_at=drawn_at)


def pairs(receipt: Receipt) -> list[tuple[str, str]]:
    """Everything the payer, the régie and the bank need to find this payment again."""
    return [
        (words.INVOICE, f"{wording.numbered(receipt.invoice_number)} – {receipt.invoice_label}"),
        (words.ACCOUNT, f"{receipt.username} – {receipt.holder}"),
        (words.BILLED, euros(receipt.billed_cents)),
        (words.PAID_NOW, euros(receipt.paid_cents)),
        (words.BALANCE_AFTER, euros(receipt.balance_cents)),
        (words.PAID_AT, long_instant(receipt.paid_at)),
        (words.MEANS, words.card(receipt.card_ending)),
        (words.AUTHORISATION, receipt.authorisation),
        (words.TRANSACTION, receipt.transaction),
        (words.REFERENCE, receipt.reference),
    ]
