"""The French of an invoice."""

from chalicelib.domain.invoice import Invoice
from chalicelib.domain.town_settings import Town
from chalicelib.formats import NBSP, euros, long_day
from chalicelib.pdf.wording import CONTACT, DATA_PROTECTION, Notices, contact, numbered, quoted

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
AT_THE_COUNTER = "Au guichet"
APPEAL = "Voies de recours"
ACTIVATION_DAYS = 90


def left_to_pay(invoice: Invoice) -> int:
    """Cents still due as this document is drawn, which is before the invoice is issued: its state does not count."""
    return max(0, invoice.billed_cents - invoice.paid_cents)


def invoice_title(invoice: Invoice) -> str:
    return f"{'Avoir' if invoice.credit_note else 'Facture'} {numbered(invoice.number)}"


def subtitles(invoice: Invoice) -> list[str]:
    return [invoice.label, f"Période{NBSP}: {invoice.period}"] if invoice.period else [invoice.label]


def amount_to_know(invoice: Invoice) -> tuple[str, int]:
    """What the paper says in large: a few words, and cents."""
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
    """A heading and a sentence for an invoice that asks for no payment."""
    nothing = f"{NBSP}: vous n’avez rien à payer."
    if invoice.credit_note:
        return "Avoir", f"Cet avoir de {euros(-invoice.billed_cents)} est en votre faveur{nothing}"
    if invoice.billed_cents == 0:
        return "Rien à payer", f"Le montant de cette facture est nul{nothing}"
    return "Rien à payer", f"Cette facture est entièrement réglée{nothing}"


def direct_debit(invoice: Invoice) -> tuple[str, str]:
    """A heading and a sentence for an invoice that the bank will settle."""
    amount, day = euros(left_to_pay(invoice)), long_day(invoice.due_on)
    return (
        "Prélèvement automatique",
        f"{amount} seront prélevés sur votre compte bancaire à l’échéance, le {day}. Vous n’avez rien à faire.",
    )


def how_to_pay(invoice: Invoice) -> str:
    return f"Comment payer {euros(left_to_pay(invoice))} au plus tard le {long_day(invoice.due_on)}"


def cheque(town: Town, number: str) -> str:
    regie = town.regie
    address = ", ".join((regie.name, *regie.address))
    back = f"Inscrivez au dos{NBSP}: facture {numbered(number)}."
    return f"À l’ordre de {quoted(regie.cheque_to)}, envoyé à{NBSP}: {address}. {back}"


def counter(town: Town) -> str:
    desk = town.desk
    return f"{desk.name}, {', '.join(desk.address)}, {desk.hours}."


def payment_code(url: str) -> str:
    return f"Code QR{NBSP}: payer cette facture en ligne, {url}"


def activation(portal_url: str) -> str:
    """What a family that never signed in does with the code beside this sentence."""
    where = f" sur {portal_url.removeprefix('https://')}," if portal_url else ""
    return (
        f"Pour votre première connexion,{where} saisissez votre identifiant, puis ce code à la place du "
        f"mot de passe. Il est valable {ACTIVATION_DAYS}{NBSP}jours."
    )


def invoice_notices(town: Town) -> Notices:
    return [(CONTACT, contact(town)), (APPEAL, town.appeal), (DATA_PROTECTION, town.data_protection)]
