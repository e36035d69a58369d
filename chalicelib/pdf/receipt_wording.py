"""The French of a receipt."""

from chalicelib.domain.receipt import Receipt
from chalicelib.domain.town_settings import Town
from chalicelib.formats import NBSP, euros
from chalicelib.pdf.wording import DATA_PROTECTION, Notices, contact, numbered

PAID = "Payé"
COMPLAINT = f"Une réclamation{NBSP}?"
INVOICE = "Facture"
ACCOUNT = "Compte famille"
BILLED = "Montant facturé"
PAID_NOW = "Réglé par ce paiement"
BALANCE_AFTER = "Reste à payer après ce paiement"
PAID_AT = "Date et heure (Paris)"
MEANS = "Moyen de paiement"
AUTHORISATION = "Numéro d’autorisation"
TRANSACTION = "Transaction Paybox"
REFERENCE = "Référence du portail"


def receipt_title(receipt: Receipt) -> str:
    return f"Reçu de paiement {numbered(receipt.number)}"


def invoice_named(receipt: Receipt) -> str:
    return f"{INVOICE} {numbered(receipt.invoice_number)} – {receipt.invoice_label}"


def card(ending: str) -> str:
    """« Carte bancaire ** 44 », as the bank's own slips show a card; its digits may be unknown."""
    return f"Carte bancaire **{NBSP}{ending}" if ending else "Carte bancaire"


def received(receipt: Receipt, town: Town) -> str:
    regie = town.regie
    return (
        f"{regie.name} ({regie.quality}) a reçu de {receipt.holder} la somme de {euros(receipt.paid_cents)} par carte "
        f"bancaire. Conservez ce reçu{NBSP}: il justifie votre paiement."
    )


def receipt_notices(town: Town) -> Notices:
    """How to complain, and what becomes of one's data."""
    complaint = f"{contact(town)} Indiquez la référence du portail. Régie{NBSP}: {town.regie.email}."
    if town.mediator:
        complaint += f" Sans réponse satisfaisante{NBSP}: {town.mediator}"
    return [(COMPLAINT, complaint), (DATA_PROTECTION, town.data_protection)]
