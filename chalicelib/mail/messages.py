"""The e-mails of the portal, one function per mail; their texts are in templates/mail/<name>/."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from chalicelib.domain.account import Account
from chalicelib.domain.account_mail import AccountMail
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.payment import Attempt
from chalicelib.domain.receipt import Receipt
from chalicelib.domain.town_settings import Town
from chalicelib.mail.message import Attachment, Message
from chalicelib.rendering import render

Link = Callable[[str], str]
"""Path of the portal → absolute public URL (`Settings.link`)."""


def compose(
    name: str, to: str, *, town: Town, link: Link, attachments: Sequence[Attachment] = (), **context: Any
) -> Message:
    """Returns a mail made of its three templates (subject, text, HTML) with `town`, `link` and the mail's own context.

    Raises jinja2.UndefinedError when a template uses a name that the context lacks.
    """
    values = {"town": town, "link": link, **context}
    subject = render(f"mail/{name}/subject.txt", **values).strip()
    text = render(f"mail/{name}/body.txt", **values) + "\n"
    html = render(f"mail/{name}/body.html", subject=subject, **values) + "\n"
    return Message(to, subject, text, html, tuple(attachments))


def your_credentials(
    to: str, *, town: Town, link: Link, links: Sequence[tuple[Account, str]], ends_at: datetime
) -> Message:
    """« Vos identifiants »: each account with this e-mail, with the path of its link, valid until `ends_at`."""
    return compose("your_credentials", to, town=town, link=link, links=links, ends_at=ends_at)


def account_mail(mail: AccountMail, *, town: Town, link: Link) -> Message:
    """Returns the message of an account mail. Raises jinja2.UndefinedError when its template names what it lacks."""
    facts = {name: getattr(mail, name) for name in type(mail).model_fields}
    name, to = facts.pop("message"), facts.pop("to")
    return compose(name, to, town=town, link=link, **facts)


def specimen(to: str, *, town: Town, link: Link, username: str, document: bytes) -> Message:
    """The mail of *Formulaire de test de mode de réception*, with the PDF of a specimen invoice."""
    attached = Attachment("facture-de-test.pdf", "application/pdf", document)
    return compose("specimen", to, town=town, link=link, attachments=[attached], username=username)


def invoice_message(
    invoices: Sequence[Invoice],
    to: str,
    *,
    town: Town,
    link: Link,
    paper_link: str,
    payment_link: str,
    documents: Sequence[bytes | memoryview],
) -> Message:
    """« Facture n° 169165 : 57,00 € à payer avant le 24 juin 2026 », with its PDF; « Vos 2 factures : … », with both.

    `invoices` are of one account, by due date, `documents` in their order. `paper_link`: the signed path that switches
    back to paper; `payment_link`: the one that pays a single invoice without signing in.
    """
    attachments = [
        Attachment(f"facture-{invoice.number}.pdf", "application/pdf", bytes(document))
        for invoice, document in zip(invoices, documents, strict=True)
    ]
    mail: dict[str, Any] = {"town": town, "link": link, "attachments": attachments, "paper_link": paper_link}
    if len(invoices) == 1:
        return compose("invoice", to, invoice=invoices[0], payment_link=payment_link, **mail)
    payable = [one for one in invoices if one.balance_cents and not one.direct_debit]
    return compose("invoices", to, invoices=invoices, payable=payable, **mail)


def reminder_message(
    invoice: Invoice, to: str, *, town: Town, link: Link, paper_link: str, payment_link: str, late: bool
) -> Message:
    """« Rappel : facture n° 169165, 57,00 € avant le 24 juin 2026 »; `late`: that day is past."""
    return compose(
        "reminder", to, town=town, link=link,
        invoice=invoice, paper_link=paper_link, payment_link=payment_link, late=late,
    )  # fmt: skip


def run_report_message(to: str, *, town: Town, link: Link, report: dict[str, Any]) -> Message:
    """The report of a run, to the régie. `report`: what `services.mailing.report` makes."""
    return compose("run_report", to, town=town, link=link, **report)


def receipt(attempt: Attempt, stated: Receipt, *, document: bytes, town: Town, link: Link) -> Message:
    """« Reçu de votre paiement de 57,00 € », with its PDF, to the address entered by the payer."""
    attached = Attachment(f"recu-{stated.number}.pdf", "application/pdf", document)
    facts = {"receipt": stated, "surplus_cents": attempt.surplus_cents}
    return compose("receipt", attempt.receipt_email, town=town, link=link, attachments=[attached], **facts)


def payment_refused(attempt: Attempt, invoices: Sequence[tuple[str, str]], *, town: Town, link: Link) -> Message:
    """« Votre paiement n’a pas abouti »: nothing was debited, and what to do. `invoices`: number and label of each."""
    return compose("payment_refused", attempt.receipt_email, town=town, link=link, attempt=attempt, invoices=invoices)
