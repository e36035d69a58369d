"""What tests of a closed run do to it and read from it: invoices, outcomes, mails that left, paper that waits."""

from collections import Counter
from typing import Any

from chalicelib.domain.delivery import Delivery, Outcome, delivery_of, mail_tag
from chalicelib.domain.invoice import Document
from chalicelib.store.documents import invoice_key
from tests.support.fakes.stores import NOW

RUN = "2026-06-x"


def sent(context: Any) -> Counter[str]:
    """How often each invoice left by mail, by the tag that it has when it leaves alone."""
    names = (one.filename for mail in context.send.__self__.mails for one in mail.attachments)
    return Counter(mail_tag(RUN, name.removeprefix("facture-").removesuffix(".pdf")) for name in names)


def shown(context: Any, *numbers: str, drawn: bool = True) -> None:
    """Issue them, with their document when drawn."""
    for number in numbers:
        owner = context.stores.invoices.owner(number)
        context.stores.invoices.issue(owner, number, run=RUN)
        if drawn:
            key = invoice_key(number)
            context.stores.documents.items[key] = b"%PDF"
            document = Document(key=key, sha256="0" * 64, size_bytes=4, drawn_at=NOW)
            context.stores.invoices.attach_document(owner, number, document)


def ended(context: Any, number: str, outcome: Outcome, **more: Any) -> Delivery:
    """Write the outcome of an invoice."""
    found = context.stores.invoices.find_by_number(number)
    stored: Delivery = context.stores.deliveries.put_first(delivery_of(RUN, found, outcome, NOW, **more))
    return stored


def outcomes(context: Any) -> dict[str, Outcome]:
    return {one.number: one.outcome for one in context.stores.deliveries.of(RUN)}


def waiting_for_paper(context: Any) -> list[str]:
    """The numbers that the next run takes."""
    return [one.number for one in context.stores.deliveries.take_paper("july")]
