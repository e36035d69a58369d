"""*Mes données*: personal data export of an account, as a file its family can read (GDPR, articles 15 and 20)."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from chalicelib.concurrency import in_threads
from chalicelib.domain.account import Account, Address, DeliveryMode
from chalicelib.domain.country import country_name
from chalicelib.domain.family import Child
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.journal import Entry
from chalicelib.domain.payment import Attempt
from chalicelib.domain.request import Request
from chalicelib.domain.session import Session
from chalicelib.formats import iso_instant, plain_euros, plain_price
from chalicelib.store.payments import PaymentStore
from chalicelib.wording.account import PAYMENT_STATES, STATES, event_label

MODES = {DeliveryMode.EMAIL: "courriel", DeliveryMode.PAPER: "courrier"}
FIELDS = {
    "address": "adresse",
    "delivery_mode": "mode_de_reception",
    "email": "courriel",
    "landline": "telephone_fixe",
    "mobile": "telephone_mobile",
}
"""Fields that a family may change → their French name in files."""


def personal_data(
    account: Account,
    *,
    children: Iterable[Child],
    invoices: Iterable[Invoice],
    payments: Iterable[Attempt],
    requests: Iterable[Request],
    sessions: Iterable[Session],
    journal: Iterable[Entry],
    at: datetime,
) -> dict[str, Any]:
    """Returns what the portal stores, under French names; amounts « 57,00 », ISO 8601 days and instants (Europe/Paris).

    Of credentials, only their dates: when a password was chosen, never its hash.
    """
    return {
        "fichier_etabli_le": iso_instant(at),
        "compte": account_data(account),
        "enfants": [child_data(child) for child in children],
        "factures": [invoice_data(invoice) for invoice in invoices if invoice.visible],
        "paiements": [payment_data(payment) for payment in payments],
        "demandes": [request_data(request) for request in requests],
        "sessions_ouvertes": [session_data(session) for session in sessions],
        "activite": [entry_data(entry) for entry in journal],
    }


def payments_of(username: str, invoices: Sequence[Invoice], *, payments: PaymentStore) -> list[Attempt]:
    """Returns every card payment attempt of the account on its invoices, one of several invoices once."""
    found = in_threads(payments.of_invoice, [invoice.number for invoice in invoices])
    mine = {one.reference: one for attempts in found for one in attempts if one.username == username}
    return [*mine.values()]


def account_data(account: Account) -> dict[str, Any]:
    return {
        "identifiant": account.username,
        "famille": account.family,
        "civilite": account.holder.civility,
        "nom": account.holder.last_name,
        "prenom": account.holder.first_name,
        "adresse": address_data(account.address),
        "adresse_a_venir": address_data(account.next_address) if account.next_address else None,
        "adresse_a_venir_le": day(account.moves_on) if account.next_address else None,
        "courriel": account.email,
        "courriel_a_confirmer": account.email_pending,
        "courriels_quittes": {email: instant(left_at) for email, left_at in (account.left_emails or {}).items()},
        "courriel_refuse_le": instant(account.email_bounced_at),
        "telephone_mobile": account.mobile,
        "telephone_fixe": account.landline,
        "mode_de_reception": MODES[account.delivery_mode],
        "quotient_familial": None if account.quotient_cents is None else plain_euros(account.quotient_cents),
        "prelevement": account.direct_debit,
        "mot_de_passe_choisi_le": instant(account.password_set_at),
        "code_d_activation_imprime_le": day(account.activation_printed_on),
        "champs_modifies_sur_le_portail": [FIELDS[name] for name in account.changed_by_parent],
        "derniere_modification_le": instant(account.changed_at),
    }


def address_data(address: Address) -> dict[str, str | None]:
    return {
        "ligne_1": address.line_1,
        "ligne_2": address.line_2,
        "code_postal": address.postcode,
        "commune": address.town,
        "pays": country_name(address.country) or None,
    }


def child_data(child: Child) -> dict[str, Any]:
    return {
        "nom": child.last_name,
        "prenom": child.first_name,
        "date_naissance": day(child.born_on),
        "ecole": child.school,
        "classe": child.class_name,
        "activites": list(child.activities),
    }


def invoice_data(invoice: Invoice) -> dict[str, Any]:
    return {
        "numero": invoice.number,
        "libelle": invoice.label,
        "periode": invoice.period,
        "date_emission": day(invoice.issued_on),
        "date_echeance": day(invoice.due_on),
        "montant_facture": plain_euros(invoice.billed_cents),
        "montant_regle": plain_euros(invoice.paid_cents),
        "annulee": invoice.cancelled_for or None,
        "prestations": [
            {
                "enfant": line.child,
                "prestation": line.service,
                "quantite": str(line.quantity),
                "prix_unitaire": plain_price(line.price),
                "montant": plain_euros(line.amount_cents),
            }
            for line in invoice.lines
        ],
    }


def payment_data(payment: Attempt) -> dict[str, Any]:
    """Returns a card payment; of the card, only what the bank shows on the receipt."""
    return {
        "reference": payment.reference,
        "facture": ", ".join(payment.invoice_numbers),
        "montant": plain_euros(payment.amount_cents),
        "etat": PAYMENT_STATES[payment.state],
        "demande_le": instant(payment.created_at),
        "paye_le": instant(payment.paid_at),
        "rembourse": plain_euros(payment.refunded_cents),
        "courriel_du_recu": payment.receipt_email,
        "numero_du_recu": payment.receipt_number,
        "carte_finissant_par": payment.notice.card_ending or None if payment.notice else None,
    }


def request_data(request: Request) -> dict[str, Any]:
    proof = request.proof
    return {
        "reference": request.id,
        "demande_le": instant(request.asked_at),
        "etat": STATES[request.state],
        "adresse": address_data(request.address) if request.address else None,
        "a_partir_du": day(request.effective_on),
        "justificatif": {"nom": proof.filename, "octets": proof.size_bytes, "sha256": proof.sha256} if proof else None,
        "objet": request.about or None,
        "message": request.message or None,
        "reponse": request.answer or None,
        "traitee_le": instant(request.decided_at),
    }


def session_data(session: Session) -> dict[str, Any]:
    return {
        "ouverte_le": instant(session.opened_at),
        "vue_le": instant(session.seen_at),
        "mot_de_passe_saisi_le": instant(session.proved_at),
        "navigateur": session.browser or None,
    }


def entry_data(entry: Entry) -> dict[str, Any]:
    return {"le": instant(entry.at), "action": event_label(entry.event), "sur": entry.detail or None, "par": entry.by}


def day(value: date | None) -> str | None:
    return value.isoformat() if value else None


def instant(value: datetime | None) -> str | None:
    return iso_instant(value) if value else None
