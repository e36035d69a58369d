"""*Payer mes factures*: /paiement, all that the account may pay by card now, in one payment."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from chalice.app import Response

from chalicelib.domain.card_payment.share import MOST_INVOICES
from chalicelib.domain.invoice import NUMBER, InvoiceSummary
from chalicelib.handlers.family.payments import (
    EMAIL,
    account_payer,
    bank_redirect_page,
    has_unseen_payment,
    other_payments,
    read_recap_form,
    recap_page,
    start_once,
)
from chalicelib.handlers.http.forms import raw_field
from chalicelib.handlers.http.responses import page
from chalicelib.handlers.http.routing import Pages
from chalicelib.handlers.http.visit import Visit
from chalicelib.services.payments.start_payment import ChosenInvoices, choose_invoices, list_payable, start_payment
from chalicelib.wording import payment as words

pages = Pages(__name__)

PATH = "/paiement"
SHOWN, SHOWN_CENTS = "factures", "reste_affiche"
"""Hidden fields: the numbers that the page shows, between commas, and the sum of their balances (cents)."""


@pages.get(PATH, reads=("account", "summary"))
def show_recap_of_several(visit: Visit) -> Response:
    payable = list_payable(visit.summary, terms=visit.portal.payment_terms, today=visit.today)
    return several_page(visit, payable, values={EMAIL: visit.account.email or ""})


@pages.post(PATH, reads=("account", "summary"))
def submit_recap_of_several(visit: Visit) -> Response:
    """Pays what the page showed, read again now; when anything of it changed, the page comes back and says what."""
    portal, terms = visit.portal, visit.portal.payment_terms
    shown = shown_numbers(visit)
    chosen = choose_invoices(shown, visit.username, terms=terms, invoices=portal.stores.invoices, today=visit.today)
    email, errors = read_recap_form(visit)
    changes = changes_since(visit, shown, chosen)
    others = other_payments(visit, [invoice.number for invoice in chosen.payable])
    if changes or errors or has_unseen_payment(visit, others):
        status = HTTPStatus.UNPROCESSABLE_ENTITY if errors and not changes else HTTPStatus.CONFLICT
        return several_page(visit, payable_now(visit, chosen), status=status, errors=errors, changes=changes)
    payments, clock = portal.stores.payments, portal.clock
    attempt = start_once(
        visit, lambda: start_payment(chosen.payable, email, terms=terms, payments=payments, clock=clock)
    )
    return bank_redirect_page(visit, attempt, account_payer(visit, attempt))


def shown_numbers(visit: Visit) -> list[str]:
    """Returns the numbers that the page showed, each once; one more than it may show at most."""
    typed = (number.strip() for number in raw_field(visit.form, SHOWN).split(","))
    return list(dict.fromkeys(number for number in typed if NUMBER.fullmatch(number)))[: MOST_INVOICES + 1]


def changes_since(visit: Visit, shown: Sequence[str], chosen: ChosenInvoices) -> list[str]:
    """Returns what changed since the page was shown, as sentences; none when it may be paid as it was shown."""
    left_out = [words.left_out(number, obstacle) for number, obstacle in chosen.left_out.items()]
    if not chosen.payable or len(chosen.payable) < len(shown) or len(shown) > MOST_INVOICES:
        return left_out or [words.LIST_CHANGED]
    shown_cents = raw_field(visit.form, SHOWN_CENTS)
    return [words.BALANCE_CHANGED] if shown_cents not in ("", str(chosen.total_cents)) else []


def payable_now(visit: Visit, chosen: ChosenInvoices) -> list[InvoiceSummary]:
    """Returns the payable rows of the account's list, which may lag, with what was just read in place of it."""
    rows = {row.number: row for row in visit.summary if row.number not in chosen.left_out}
    rows |= {invoice.number: invoice.summary for invoice in chosen.payable}
    return list_payable(rows.values(), terms=visit.portal.payment_terms, today=visit.today)


def several_page(visit: Visit, payable: Sequence[InvoiceSummary], **context: Any) -> Response:
    """Shows the oldest payable invoices with their total; those beyond MOST_INVOICES are only counted."""
    shown = payable[:MOST_INVOICES]
    if not shown:
        status = context.get("status", HTTPStatus.OK)
        return page(visit, "nothing_payable", status=status, changes=context.get("changes", []))
    others = other_payments(visit, [row.number for row in shown])
    return recap_page(visit, PATH, shown, others, later=len(payable) - len(shown), **context)
