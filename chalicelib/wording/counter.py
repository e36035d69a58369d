"""French texts of the counter's PDF documents: quittance, closing, cheque deposit slip, statement."""

from datetime import date

from chalicelib.domain.cash_desk.closing import Closing, DayTotals
from chalicelib.domain.cash_desk.quittance import Quittance
from chalicelib.domain.cash_desk.statement import Statement
from chalicelib.domain.payment_method import PaymentMethod
from chalicelib.domain.town_settings import Town
from chalicelib.formats import NBSP, euros, long_day, long_instant
from chalicelib.wording.documents import (
    ACCOUNT,
    COMPLAINT,
    DATA_PROTECTION,
    INVOICE,
    PAYMENT_METHOD,
    SmallPrint,
    contact,
    numbered,
)
from chalicelib.wording.payment import method_name

# Words of the quittance.
RECEIVED = "Reçu"
DUPLICATE = "DUPLICATA"
UNDONE = "ANNULÉE"
PAYER = "Reçu de"
AMOUNT = "Somme reçue"
SURPLUS = "dont trop-perçu, à rendre ou à imputer"
LEFT = "Reste à payer après ce règlement"
RECEIVED_ON = "Reçu le"
METHOD_REFERENCE = "Référence"

# Words of the closing.
CLOSING_COLUMNS = (PAYMENT_METHOD, "Nombre", "Encaissé", "Rendu", "Annulé", "Net")
NET = "Net du jour"
TOTAL = "Total"
CASH_EXPECTED = "Espèces attendues"
CASH_COUNTED = "Espèces comptées"
CASH_DIFFERENCE = "Différence"
NOT_COUNTED = "non comptées"
LATE = "dont comptés ce jour pour des journées arrêtées"
SURPLUS_OF_DAY = "Trop-perçus du jour"
OBSERVATIONS = "Observations"
CLOSED_AT = "Arrêté le"
CLOSED_BY = "Par"

# Words of the deposit slip.
SLIP_COLUMNS = ("Rang", "Émetteur", "Numéro du chèque", "Facture", "Montant")
DEPOSITED = "À remettre"
NO_CHEQUE = "Aucun chèque n’a été compté ce jour."

# Words of the statement.
SERVICE_COLUMNS = ("Prestation", "Montant")
SURPLUSES = "Trop-perçus, ni rendus ni imputés"
UNDETAILED = "Factures sans détail"
RECEIVED_NET = "Encaissé net"
BY_SERVICE = "Par prestation"
BY_METHOD = "Par moyen de paiement"
HOW_SHARED = (
    f"Chaque règlement est réparti entre les prestations de sa facture, en proportion de leurs montants, au centime"
    f"{NBSP}: les centimes que l’arrondi laisse vont aux plus forts restes, dans l’ordre de la facture. Une annulation "
    "ou une imputation passe d’une ligne à l’autre, et ne change pas le total."
)


def quittance_title(quittance: Quittance) -> str:
    return f"Quittance {numbered(quittance.number)}"


def quittance_invoice(quittance: Quittance) -> str:
    return f"{INVOICE} {numbered(quittance.invoice_number)} – {quittance.invoice_label}"


def quittance_marks(*, duplicate: bool, undone: bool) -> str:
    """Returns « DUPLICATA – ANNULÉE », or less; empty for the first drawing."""
    return " – ".join(mark for mark, told in ((DUPLICATE, duplicate), (UNDONE, undone)) if told)


def quittance_statement(quittance: Quittance, town: Town) -> str:
    regie = town.regie
    return (
        f"{regie.name} ({regie.quality}) a reçu de {quittance.payer} la somme de {euros(quittance.amount_cents)} par "
        f"{method_name(quittance.method, town.payment_methods)}. Conservez cette quittance{NBSP}: elle justifie votre "
        "règlement."
    )


def quittance_undone(quittance: Quittance) -> str:
    return (
        f"Ce règlement a été annulé depuis{NBSP}: la facture {numbered(quittance.invoice_number)} redevient à payer "
        "d’autant, et cette quittance ne justifie plus rien."
    )


def quittance_rows(quittance: Quittance, town: Town) -> list[tuple[str, str]]:
    """Returns (name, value) of all that the payer and the régie need to find this settlement."""
    rows = [
        (INVOICE, f"{numbered(quittance.invoice_number)} – {quittance.invoice_label}"),
        (ACCOUNT, quittance.username),
        (PAYER, quittance.payer),
        (RECEIVED_ON, long_day(quittance.received_on)),
        (PAYMENT_METHOD, method_name(quittance.method, town.payment_methods)),
        (METHOD_REFERENCE, quittance.reference),
        (AMOUNT, euros(quittance.amount_cents)),
        (SURPLUS, euros(quittance.surplus_cents) if quittance.surplus_cents else ""),
        (LEFT, euros(quittance.balance_cents)),
    ]
    return [(name, value) for name, value in rows if value]


def quittance_small_print(town: Town) -> SmallPrint:
    """Returns how to complain, and the data protection text."""
    complaint = f"{contact(town)} Indiquez le numéro de la quittance. Régie{NBSP}: {town.regie.email}."
    return [(COMPLAINT, complaint), (DATA_PROTECTION, town.data_protection)]


def closing_title(closing: Closing) -> str:
    return f"Arrêté de caisse {numbered(closing.number)}"


def of_day(day: date) -> str:
    return f"Journée du {long_day(day)}"


def closing_rows(closing: Closing, totals: DayTotals) -> list[tuple[str, str]]:
    """Returns (name, value) of the cash, and of who closed the day."""
    counted, difference = closing.counted_cash_cents, closing.cash_difference_cents
    late = f"{totals.late_count}, {euros(totals.late_cents)}"
    rows = [
        (CASH_EXPECTED, euros(totals.net_of(PaymentMethod.CASH))),
        (CASH_COUNTED, NOT_COUNTED if counted is None else euros(counted)),
        (CASH_DIFFERENCE, "" if difference is None else euros(difference)),
        (SURPLUS_OF_DAY, euros(sum(one.surplus_cents for one in totals.methods))),
        (LATE, late if totals.late_count else ""),
        (OBSERVATIONS, closing.observations),
        (CLOSED_AT, long_instant(closing.closed_at)),
        (CLOSED_BY, closing.agent),
    ]
    return [(name, value) for name, value in rows if value]


def slip_title() -> str:
    return "Bordereau de remise de chèques"


def cheque_count(count: int) -> str:
    return f"{TOTAL}{NBSP}: {count} {'chèque' if count < 2 else 'chèques'}"


def statement_title() -> str:
    return "État des encaissements"


def of_period(first: date, last: date) -> str:
    return f"Du {long_day(first)} au {long_day(last)}"


def service_rows(stated: Statement) -> list[tuple[str, int]]:
    """Returns (label, cents) of each service, then of what belongs to none."""
    others = [(UNDETAILED, stated.undetailed_cents), (SURPLUSES, stated.surplus_cents)]
    return [*stated.services, *((label, cents) for label, cents in others if cents)]


def regie_small_print(town: Town) -> SmallPrint:
    return [("Régie", f"{town.regie.name}, {town.regie.quality}. {town.regie.email}.")]
