"""Composition root (dependency injection): builds `Portal` from the environment, settings and AWS clients."""

import functools
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from email.utils import formataddr
from typing import TYPE_CHECKING, Any, BinaryIO

from chalicelib.captcha.challenge import Captcha
from chalicelib.clients import Clients, LazyClient
from chalicelib.clock import Clock, system_clock
from chalicelib.domain.account import Account
from chalicelib.domain.cash_desk.closing import Closing
from chalicelib.domain.cash_desk.quittance import Quittance
from chalicelib.domain.cash_desk.statement import Statement
from chalicelib.domain.invoice import Invoice, PaymentTerms
from chalicelib.domain.ledger import LedgerEntry
from chalicelib.domain.receipt import Receipt
from chalicelib.domain.town_settings import Town
from chalicelib.formats import day_in_paris
from chalicelib.payment.notice import Bank
from chalicelib.services.authentication.access_letters import LetterContent
from chalicelib.services.authentication.activation_code import activation_code
from chalicelib.services.authentication.counts import count_hashes
from chalicelib.services.authentication.hashing import PasswordHashing
from chalicelib.stage import bank_of, read_secrets, stage_clock
from chalicelib.stage_settings import Secrets, Settings, load_town
from chalicelib.stores import Stores, build_stores
from chalicelib.tasks import LambdaTasks, Tasks

if TYPE_CHECKING:
    from chalicelib.mail.mailer import Mailer
    from chalicelib.pdf.format.merger import PDFMerger
    from chalicelib.pdf.format.tagged_pdf import Drawing
    from chalicelib.services.mailing.context import MailingContext


@dataclass(frozen=True)
class Portal:
    """Everything a handler, a task or the command `guichet` may need, built once."""

    settings: Settings
    secrets: Secrets
    town: Town
    clock: Clock
    clients: Clients
    tasks: Tasks
    captcha: Captcha
    stores: Stores
    not_drawn: set[str] = field(default_factory=set)
    """Characters that documents drawn here show as « � », until somebody is told."""

    @functools.cached_property
    def base_path(self) -> str:
        """The path prefix of the public address: empty, or « /portail »."""
        return self.settings.base_path

    @functools.cached_property
    def origins(self) -> tuple[str, ...]:
        """Origins whose forms are accepted."""
        return self.settings.origins

    @functools.cached_property
    def payment_terms(self) -> PaymentTerms:
        """When an invoice may be paid by card."""
        return self.settings.payment_terms

    @functools.cached_property
    def hashing(self) -> PasswordHashing:
        """How passwords are hashed."""
        return PasswordHashing(self.secrets.pepper, self.settings.bcrypt_cost)

    @functools.cached_property
    def bank(self) -> Bank:
        """The town's contract with its bank."""
        return bank_of(self.settings, self.secrets)

    @functools.cached_property
    def mailer(self) -> "Mailer":
        """Sends mails; its client is created only by the functions that mail."""
        from chalicelib.mail.mailer import Mailer  # imported by the tasks that send mails only

        town = self.town
        return Mailer(
            self.clients.ses,
            sender=formataddr((f"{town.portal_name} {town.of_name}", town.mail_from)),
            reply_to=formataddr((town.desk.name, town.desk.email)),
            configuration_set=self.settings.mail_configuration_set,
            clock=self.clock,
        )

    @functools.cached_property
    def mailing(self) -> "MailingContext":
        """The context of the tasks that mail runs and reminders."""
        from chalicelib.services.account.delivery_mode import paper_link
        from chalicelib.services.mailing.context import MailingContext, Policy
        from chalicelib.services.payments.payment_link import payment_path

        settings, key = self.settings, self.secrets.links[0]
        return MailingContext(
            stores=self.stores,
            clock=self.clock,
            policy=Policy(rate=settings.mail_rate, portal_only=settings.portal_only, reminders=settings.reminders),
            town=self.town,
            link=settings.link,
            draw=self.drawing,
            bind=self.pdf_merger,
            send=lambda message, tag="": self.mailer.send(message, tag=tag),
            paper_link=lambda account: paper_link(account, key=key, today=day_in_paris(self.clock())),
            payment_link=lambda invoice: payment_path(invoice, key=key),
        )

    def pdf_merger(self, out: BinaryIO) -> "PDFMerger":
        """Returns what joins documents of ours into one PDF, written to this stream."""
        from chalicelib.pdf.format.merger import PDFMerger

        return PDFMerger(out)

    def draw_invoice(self, invoice: Invoice, account: Account) -> bytes:
        """Returns the PDF of an invoice, to be stored unchanged, with the address of this day."""
        return self._noted(self.drawing(invoice, account)).content

    def drawing(self, invoice: Invoice, account: Account) -> "Drawing":
        """Returns the same PDF, with the characters that could not be drawn: a mailing tells them of each invoice."""
        from chalicelib.services.payments.payment_link import payment_path

        code = None if account.opened else activation_code(account, key=self.secrets.activation[0])
        pay = self.settings.link(payment_path(invoice, key=self.secrets.links[0]))
        enter = self.settings.link("/connexion")
        return self._drawn(invoice, account, payment_url=pay, portal_url=enter, activation_code=code)

    def draw_specimen(self, invoice: Invoice, account: Account) -> bytes:
        """Returns the PDF of a specimen, marked as such; nothing secret is printed on it."""
        return self._drawn(invoice, account, payment_url="", activation_code=None, specimen=True).content

    def _drawn(self, invoice: Invoice, account: Account, **printed: Any) -> "Drawing":
        from chalicelib.pdf.invoice import draw_invoice  # fpdf2 takes half a second: for the drawing task only

        now = self.clock()
        return draw_invoice(invoice, account.as_of(day_in_paris(now)), town=self.town, drawn_at=now, **printed)

    def _noted(self, drawing: "Drawing") -> "Drawing":
        self.not_drawn.update(drawing.missing_characters)
        return drawing

    def draw_letters(self, letters: Sequence[LetterContent]) -> bytes:
        """Returns access letters, one per page, in one PDF. Raises ValueError when there is none."""
        from chalicelib.pdf.letter import AccessLetter, draw_access_letters

        pages = [AccessLetter(one.account, one.code, one.valid_until) for one in letters]
        url = self.settings.link("/connexion")
        return self._noted(draw_access_letters(pages, town=self.town, portal_url=url, drawn_at=self.clock())).content

    def mail_specimen(self, to: str, username: str, document: bytes) -> None:
        """Send the specimen. Raises Unavailable."""
        from chalicelib.mail.messages import specimen

        written = specimen(to, town=self.town, link=self.settings.link, username=username, document=document)
        self.mailer.send(written)

    def draw_receipt(self, receipt: Receipt) -> bytes:
        """Returns the PDF of a receipt, to be stored unchanged."""
        from chalicelib.pdf.receipt import draw_receipt

        return self._noted(draw_receipt(receipt, town=self.town, drawn_at=self.clock())).content

    def draw_quittance(self, quittance: Quittance, *, duplicate: bool = False, undone: bool = False) -> bytes:
        """Returns the PDF of a quittance, to be stored unchanged; or a duplicate of it, which says if it was undone."""
        from chalicelib.pdf.quittance import draw_quittance

        marks = {"duplicate": duplicate, "undone": undone}
        return self._noted(draw_quittance(quittance, town=self.town, drawn_at=self.clock(), **marks)).content

    def draw_closing(self, closing: Closing) -> bytes:
        """Returns the PDF of a closing with its totals, to be stored unchanged: the same bytes at any instant."""
        from chalicelib.pdf.closing import draw_closing

        return self._noted(draw_closing(closing, town=self.town)).content

    def draw_deposit_slip(self, day: date, cheques: Sequence[LedgerEntry]) -> bytes:
        """Returns the PDF that goes to the bank with a day's cheques."""
        from chalicelib.pdf.deposit_slip import draw_deposit_slip

        return self._noted(draw_deposit_slip(day, cheques, town=self.town, drawn_at=self.clock())).content

    def draw_statement(self, stated: Statement) -> bytes:
        """Returns the PDF of the statement of a period."""
        from chalicelib.pdf.statement import draw_statement

        return self._noted(draw_statement(stated, town=self.town, drawn_at=self.clock())).content


def build(
    settings: Settings,
    secrets: Secrets,
    *,
    clock: Clock = system_clock,
    clients: Clients | None = None,
    tasks: Tasks | None = None,
) -> Portal:
    """Returns a portal of these settings. Makes no network call."""
    clients = clients or Clients()
    return Portal(
        settings=settings,
        secrets=secrets,
        town=load_town(settings.town_file),
        clock=clock,
        clients=clients,
        tasks=tasks or LambdaTasks(LazyClient(clients, "functions"), settings.function),
        captcha=Captcha(fixed=settings.captcha_answer),
        stores=build_stores(clients, settings, attempt_names=count_hashes(secrets.counting)),
    )


@functools.cache
def current() -> Portal:
    """Returns this process's portal, built on its first request, never at import."""
    settings, clients = Settings.from_mapping(os.environ), Clients()
    secrets = read_secrets(settings, clients, os.environ)
    return build(settings, secrets, clock=stage_clock(settings), clients=clients)
