"""What the portal writes about payments by card; the words of each mail are in templates/mail/<message>/."""

from chalicelib.domain.payment import Attempt
from chalicelib.domain.receipt import Receipt
from chalicelib.domain.town_settings import Town
from chalicelib.mail.message import Attachment, Message
from chalicelib.mail.messages import Link, compose


def receipt(attempt: Attempt, stated: Receipt, *, document: bytes, town: Town, link: Link) -> Message:
    """« Reçu de votre paiement de 57,00 € », with its PDF, to the address typed by the payer."""
    attached = Attachment(f"recu-{stated.number}.pdf", "application/pdf", document)
    facts = {"receipt": stated, "surplus_cents": attempt.surplus_cents}
    return compose("receipt", attempt.receipt_email, town=town, link=link, attachments=[attached], **facts)


def payment_refused(attempt: Attempt, label: str, *, town: Town, link: Link) -> Message:
    """« Votre paiement n’a pas abouti »: nothing was debited, and what to do. `label` is the invoice's."""
    return compose("payment_refused", attempt.receipt_email, town=town, link=link, attempt=attempt, label=label)
