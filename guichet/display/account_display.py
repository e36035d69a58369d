"""Prints an account: contact details, access, what is due, pending requests, recent journal entries."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from chalicelib.domain.account import Account, Address, DeliveryMode
from chalicelib.domain.country import UNKNOWN
from chalicelib.domain.invoice import InvoiceSummary
from chalicelib.domain.journal import Entry
from chalicelib.domain.request import Request
from chalicelib.formats import day_in_paris, euros, long_day, long_instant, phone
from chalicelib.services.authentication.activation_code import CODE_LASTS, code_expired
from chalicelib.services.authentication.locks import Lock, LockedBy
from chalicelib.wording.account import event_label
from chalicelib.wording.guide import typeset
from guichet.console import say

LOCKED = {
    LockedBy.SIGN_IN: "",
    LockedBy.DEVICE: ", sur un appareil que la famille a déjà utilisé",
    LockedBy.OLD_PASSWORD: ", pour changer de mot de passe seulement",
}
"""What is refused until a lock ends, after its instant."""

MODES = {DeliveryMode.EMAIL: "par courriel", DeliveryMode.PAPER: "par courrier"}


def show_account(account: Account, now: datetime, *, locks: Sequence[Lock]) -> None:
    """Print the account as of today: holder, contact details, access."""
    current = account.as_of(day_in_paris(now))
    say(f"Compte {current.username}, famille {current.family}")
    for label, value in (*_facts(current, now), *_access(current, now, locks)):
        say(typeset(f"{label} : {value}"))


def _facts(account: Account, now: datetime) -> Iterator[tuple[str, str]]:
    yield "Titulaire", account.holder.full_name
    yield "Adresse", _address(account.address)
    if account.next_address and account.moves_on:
        yield f"Adresse à partir du {long_day(account.moves_on)}", _address(account.next_address)
    yield "Courriel", _email(account, now)
    yield "Téléphones", ", ".join(phone(one) for one in (account.mobile, account.landline) if one) or "aucun"
    yield "Factures", MODES[account.delivery_mode] + (", prélevées" if account.direct_debit else "")
    yield "Quotient familial", "inconnu" if account.quotient_cents is None else euros(account.quotient_cents)


def _address(address: Address) -> str:
    return ", ".join((*address.lines, "pays à préciser") if address.country == UNKNOWN else address.lines)


def _email(account: Account, now: datetime) -> str:
    shown_email = account.email or "aucun"
    if account.email_bounced_at:
        shown_email += f", revient depuis le {long_day(day_in_paris(account.email_bounced_at))}"
    awaited = account.awaited_email(now)
    return shown_email + (f", en attente de confirmation : {awaited}" if awaited else "")


def _access(account: Account, now: datetime, locks: Sequence[Lock]) -> Iterator[tuple[str, str]]:
    yield "Accès", _opened(account) if account.opened else _code(account, day_in_paris(now))
    for lock in locks:
        yield "Bloqué jusqu'au", long_instant(lock.until) + LOCKED[lock.by]
    alive = sum(1 for ends_at in account.sessions.values() if ends_at > now)
    yield "Sessions ouvertes, au plus", str(alive)


def _opened(account: Account) -> str:
    since = account.password_set_at
    return f"ouvert, mot de passe choisi le {long_instant(since)}" if since else "ouvert"


def _code(account: Account, today: date) -> str:
    printed_on = account.activation_printed_on
    if printed_on is None:
        return "jamais ouvert, code d'activation jamais imprimé"
    state = "périmé" if code_expired(account, today) else f"valable jusqu'au {long_day(printed_on + CODE_LASTS)}"
    return f"jamais ouvert, code d'activation imprimé le {long_day(printed_on)}, {state}"


def show_due(rows: Sequence[InvoiceSummary]) -> None:
    due = [row for row in rows if row.due]
    total = euros(sum(row.balance_cents for row in due))
    say(typeset(f"À payer : {', '.join(row.number for row in due)}, {total}" if due else "À payer : rien"))
    for row in rows:
        if row.credit_cents:
            say(typeset(f"En faveur de la famille : {euros(row.credit_cents)}, n° {row.number}"))


def show_pending_requests(requests: Sequence[Request]) -> None:
    for one in requests:
        if one.pending:
            say(typeset(f"Demande en attente : {one.id}, du {long_instant(one.asked_at)}"))


def show_journal(entries: Sequence[Entry]) -> None:
    """Print the last journal entries of the account, with the agent's name for those of the office."""
    for entry in entries:
        detail = f" ({entry.detail})" if entry.detail else ""
        say(typeset(f"{long_instant(entry.at)} : {event_label(entry.event)}{detail}, {entry.by}"))
