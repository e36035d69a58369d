"""French texts of the PDF documents: invoice, access letter, receipt."""

from datetime import date, datetime

from chalicelib.domain.invoice import Invoice
from chalicelib.domain.receipt import Receipt, ReceiptLine
from chalicelib.domain.town_settings import Town
from chalicelib.formats import NBSP, day_in_paris, euros, long_day

# Words of several documents.
SPECIMEN = "SPÉCIMEN – sans valeur"
USERNAME = "Identifiant"
ACTIVATION_CODE = "Code d’activation"
CONTACT = f"Une question{NBSP}?"
DATA_PROTECTION = "Vos données"

# Words of the invoice.
COLUMNS = ("Prestation", "Quantité", "Prix unitaire", "Montant")
FAMILY = "Famille"
ISSUED_ON = "Date d’émission"
DUE_ON = "Date d’échéance"
ALREADY_PAID = "Déjà réglé"
LEFT_TO_PAY = "Reste à payer"
ONLINE = "En ligne, par carte bancaire"
ONLINE_HOW = f"Gratuit et sécurisé. Photographiez le code ci-contre, ou suivez cette adresse{NBSP}:"
PAY_ONLINE = "Payer cette facture en ligne"
BY_CHEQUE = "Par chèque"
AT_THE_OFFICE = "Au guichet"
APPEAL = "Voies de recours"
ACTIVATION_DAYS = 90

# Words of the access letter.
SALUTATION = "Madame, Monsieur,"
FIRST_TIME = f"Pour votre première connexion, photographiez le code ci-contre ou allez à cette adresse{NBSP}:"
FIRST_STEPS = (
    "Saisissez votre identifiant.",
    "À la place du mot de passe, saisissez votre code d’activation.",
    "Choisissez votre mot de passe, que vous serez seul à connaître.",
)
OPEN_PORTAL = "Ouvrir le portail"

# Words of the receipt.
PAID = "Payé"
COMPLAINT = f"Une réclamation{NBSP}?"
INVOICE = "Facture"
ACCOUNT = "Compte famille"
BILLED = "Montant facturé"
PAID_NOW = "Réglé par ce paiement"
BALANCE_AFTER = "Reste à payer après ce paiement"
PAID_AT = "Date et heure (Paris)"
PAYMENT_METHOD = "Moyen de paiement"
AUTHORISATION = "Numéro d’autorisation"
TRANSACTION = "Transaction Paybox"
REFERENCE = "Référence du portail"
RECEIPT_COLUMNS = (INVOICE, "Libellé", BILLED, PAID_NOW, BALANCE_AFTER)
RECEIPT_TOTAL = "Total"

SmallPrint = list[tuple[str, str]]
"""(title, text) entries."""


def city(town: Town) -> str:
    return f"Ville {town.of_name}"


def numbered(number: str | int) -> str:
    return f"n°{NBSP}{number}"


def quoted(text: str) -> str:
    return f"«{NBSP}{text}{NBSP}»"


def page_number(number: int, count: int) -> str:
    return f"page{NBSP}{number} sur{NBSP}{count}"


def contact(town: Town) -> str:
    """Returns « Guichet unique : 04 00 00 00 10, guichet-unique@…, du lundi au vendredi… »"""
    desk = town.desk
    return f"{desk.name}{NBSP}: {desk.phone}, {desk.email}, {desk.hours}."


def invoice_title(invoice: Invoice) -> str:
    return f"{'Avoir' if invoice.credit_note else 'Facture'} {numbered(invoice.number)}"


def subtitles(invoice: Invoice) -> list[str]:
    return [invoice.label, f"Période{NBSP}: {invoice.period}"] if invoice.period else [invoice.label]


def left_to_pay(invoice: Invoice) -> int:
    """Returns cents still due. Ignores the invoice's state: the document is drawn before it is issued."""
    return max(0, invoice.billed_cents - invoice.paid_cents)


def headline_amount(invoice: Invoice) -> tuple[str, int]:
    """Returns the label and the cents of the amount shown in large type."""
    if invoice.credit_note:
        return "En votre faveur", -invoice.billed_cents
    if invoice.direct_debit and left_to_pay(invoice):
        return f"Prélevé le {long_day(invoice.due_on)}", left_to_pay(invoice)
    return LEFT_TO_PAY, left_to_pay(invoice)


def subtotal(child: str) -> str:
    return f"Sous-total {child}"


def total(invoice: Invoice) -> str:
    return "Total de l’avoir" if invoice.credit_note else "Total de la facture"


def nothing_to_pay(invoice: Invoice) -> tuple[str, str]:
    """Returns a heading and a sentence for an invoice with nothing to pay."""
    nothing = f"{NBSP}: vous n’avez rien à payer."
    if invoice.credit_note:
        return "Avoir", f"Cet avoir de {euros(-invoice.billed_cents)} est en votre faveur{nothing}"
    if invoice.billed_cents == 0:
        return "Rien à payer", f"Le montant de cette facture est nul{nothing}"
    return "Rien à payer", f"Cette facture est entièrement réglée{nothing}"


def direct_debit(invoice: Invoice) -> tuple[str, str]:
    """Returns a heading and a sentence for an invoice paid by direct debit."""
    amount, day = euros(left_to_pay(invoice)), long_day(invoice.due_on)
    return (
        "Prélèvement automatique",
        f"{amount} seront prélevés sur votre compte bancaire à l’échéance, le {day}. Vous n’avez rien à faire.",
    )


def how_to_pay(invoice: Invoice) -> str:
    return f"Comment payer {euros(left_to_pay(invoice))} au plus tard le {long_day(invoice.due_on)}"


def pay_by_cheque(town: Town, number: str) -> str:
    regie = town.regie
    address = ", ".join((regie.name, *regie.address))
    back = f"Inscrivez au dos{NBSP}: facture {numbered(number)}."
    return f"À l’ordre de {quoted(regie.cheque_to)}, envoyé à{NBSP}: {address}. {back}"


def pay_at_office(town: Town) -> str:
    desk = town.desk
    return f"{desk.name}, {', '.join(desk.address)}, {desk.hours}."


def payment_qr_alternative(url: str) -> str:
    return f"Code QR{NBSP}: payer cette facture en ligne, {url}"


def activation_sentence(portal_url: str) -> str:
    """Returns how a family that never signed in uses the activation code."""
    where = f" sur {portal_url.removeprefix('https://')}," if portal_url else ""
    return (
        f"Pour votre première connexion,{where} saisissez votre identifiant, puis ce code à la place du "
        f"mot de passe. Il est valable {ACTIVATION_DAYS}{NBSP}jours."
    )


def invoice_small_print(town: Town) -> SmallPrint:
    return [(CONTACT, contact(town)), (APPEAL, town.appeal), (DATA_PROTECTION, town.data_protection)]


def letter_title(town: Town) -> str:
    return f"Votre accès {town.to_the_portal}"


def letter_facts(drawn_at: datetime) -> list[tuple[str, str]]:
    return [("Date", long_day(day_in_paris(drawn_at)))]


def letter_opening(town: Town) -> str:
    portal = f"{town.the_portal[0].upper()}{town.the_portal[1:]}"
    return (
        f"{portal} de la {city(town)} vous permet de consulter et de payer vos factures, de tenir à jour "
        "votre dossier famille et de choisir de recevoir vos factures par courriel. Voici de quoi y entrer."
    )


def valid_until(day: date) -> str:
    return f"Ce code est valable jusqu’au {long_day(day)}."


def letter_warning(town: Town) -> str:
    return (
        f"Ce code ne sert qu’une fois{NBSP}: ne le communiquez à personne, la mairie ne vous le demandera jamais. S’il "
        f"a expiré ou si vous l’avez perdu, demandez-en un nouveau ({town.desk.name}, {town.desk.phone})."
    )


def portal_qr_alternative(url: str) -> str:
    return f"Code QR{NBSP}: ouvrir le portail, {url}"


def letter_small_print(town: Town) -> SmallPrint:
    return [(CONTACT, contact(town)), (DATA_PROTECTION, town.data_protection)]


def receipt_title(receipt: Receipt) -> str:
    return f"Reçu de paiement {numbered(receipt.number)}"


def invoice_named(receipt: Receipt) -> str:
    """Returns « Facture n° 169165 – Restauration mai 2026 », or « 2 factures »."""
    if receipt.several:
        return f"{len(receipt.lines)}{NBSP}factures"
    return f"{INVOICE} {line_named(receipt.lines[0])}"


def line_named(line: ReceiptLine) -> str:
    return f"{numbered(line.invoice_number)} – {line.invoice_label}"


def card_label(ending: str) -> str:
    """Returns « Carte bancaire ** 44 », as on the bank's own receipts; the digits may be unknown."""
    return f"Carte bancaire **{NBSP}{ending}" if ending else "Carte bancaire"


def receipt_statement(receipt: Receipt, town: Town) -> str:
    regie = town.regie
    return (
        f"{regie.name} ({regie.quality}) a reçu de {receipt.holder} la somme de {euros(receipt.paid_cents)} par carte "
        f"bancaire. Conservez ce reçu{NBSP}: il justifie votre paiement."
    )


def receipt_small_print(town: Town) -> SmallPrint:
    """Returns how to complain, and the data protection text."""
    complaint = f"{contact(town)} Indiquez la référence du portail. Régie{NBSP}: {town.regie.email}."
    if town.mediator:
        complaint += f" Sans réponse satisfaisante{NBSP}: {town.mediator}"
    return [(COMPLAINT, complaint), (DATA_PROTECTION, town.data_protection)]
