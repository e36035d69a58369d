"""What the portal writes about invoices, to families and to the régie; the words are in templates/mail/<message>/."""

from typing import Any

from chalicelib.domain.invoice import Invoice
from chalicelib.domain.town_settings import Town
from chalicelib.mail.message import Attachment, Message
from chalicelib.mail.messages import Link, compose


def invoice_message(
    invoice: Invoice, to: str, *, town: Town, link: Link, paper_link: str, document: bytes | memoryview
) -> Message:
    """« Facture n° 169165 : 57,00 € à payer avant le 24 juin 2026 », with its PDF.

    `paper_link`: the signed path back to paper.
    """
    attached = Attachment(f"facture-{invoice.number}.pdf", "application/pdf", bytes(document))
    return compose("invoice", to, town=town, link=link, attachments=[attached], invoice=invoice, paper_link=paper_link)


def reminder_message(invoice: Invoice, to: str, *, town: Town, link: Link, paper_link: str, late: bool) -> Message:
    """« Rappel : facture n° 169165, 57,00 € avant le 24 juin 2026 »; `late`: that day is past."""
    return compose("reminder", to, town=town, link=link, invoice=invoice, paper_link=paper_link, late=late)


def run_report_message(to: str, *, town: Town, link: Link, report: dict[str, Any]) -> Message:
    """The report of a run, to the régie. `report`: what `services.mailing.report` makes."""
    return compose("run_report", to, town=town, link=link, **report)
