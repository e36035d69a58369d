"""Shared by the commands on money: French labels of payments, refusal messages, CSV output."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from chalicelib.domain.payment import Alarm, Attempt, AttemptState, MailState
from chalicelib.errors import MoneyRefused, NotFound
from chalicelib.formats import euros, long_day
from chalicelib.importing.csv_writer import csv_file, csv_text
from chalicelib.wording.guide import typeset
from chalicelib.wording.importing import enumeration
from guichet.console import ExitCode, stop, warn
from guichet.output_file import write_output_file
from guichet.wording.common import pluralized

STATES = {
    AttemptState.STARTED: "commencé",
    AttemptState.REFUSED: "refusé",
    AttemptState.CANCELLED: "annulé par le payeur",
    AttemptState.FAILED: "impossible",
    AttemptState.EXPIRED: "expiré",
    AttemptState.PENDING: "en attente de la banque",
    AttemptState.NEEDS_REVIEW: "à vérifier",
    AttemptState.PAID: "payé",
}
ALARMS = {
    Alarm.AMOUNT_DIFFERS: "la banque annonce un autre montant",
    Alarm.UNKNOWN_SOURCE: "avis venu d'une adresse inconnue",
    Alarm.INCOMPLETE: "avis incomplet, sans transaction ou sans autorisation",
    Alarm.CONFIGURATION: "réglage refusé par la banque",
    Alarm.ALREADY_PAID: "la banque dit que c'est déjà payé",
    Alarm.PAID_TWICE: "payé deux fois",
    Alarm.OVERPAID: "trop-perçu à rendre",
}
MAILS = {
    MailState.CLAIMED: "courriel en cours d'envoi",
    MailState.SENT: "courriel envoyé",
    MailState.NEEDS_REVIEW: "courriel peut-être non parti",
    MailState.UNDELIVERABLE: "courriel refusé par le service d'envoi",
    MailState.DROPPED: "courriel non envoyé",
}
REFUSALS = {
    "day_closed": "La journée du {day} est arrêtée. Donnez un jour ouvert, avec --recu-le.",
    "close_in_future": "La journée du {day} n'est pas encore venue : elle ne peut pas être arrêtée.",
    "close_before_opening": "La caisse est ouverte depuis le {day} : une journée d'avant ne s'arrête plus.",
    "unknown_movement": "Cette facture n'a pas ce mouvement : « guichet paiements voir » les nomme.",
    "card_is_refunded": "Un paiement par carte du portail ne s'annule pas, il se rembourse : "
    "« guichet paiements rembourser ».",
    "not_undoable": "Ce mouvement ne peut pas être annulé.",
    "given_back_already": "Cet argent a déjà été rendu à la famille ou imputé ailleurs : annulez d'abord ce mouvement.",
    "offset_other_account": "Une imputation se fait entre deux factures du même compte.",
    "offset_above_balance": "C'est plus que ce qui reste de l'avoir, ou que ce qui reste à payer.",
    "target_cancelled": "La facture à régler est annulée : imputez sur celle qui la remplace.",
    "unknown_method": "--moyen : cheque, especes, virement, prelevement, cesu, ancv ou autre.",
    "refund_of_another_payment": "Ce numéro d'opération est déjà celui du remboursement d'un autre paiement.",
    "no_credit": "Il ne reste ni avoir ni trop-perçu sur cette facture.",
    "nothing_to_pay": "Il ne reste rien à payer sur la facture à régler.",
    "credit_used": "Une partie de cet avoir est imputée ou rendue : annulez d'abord ce mouvement.",
    "already_cancelled": "Cette facture est déjà annulée.",
    "not_issued": "Cette facture attend sa campagne : annulez la campagne.",
    "wrong_replacement": "La facture de remplacement doit être une autre facture émise du même compte.",
    "refund_above_payment": "Ce paiement ne peut pas être remboursé de ce montant.",
    "return_above_surplus": "Seul un trop-perçu ou un avoir se rend ainsi : il n'en reste pas autant.",
    "returned_by_card": "Ce qui se rend par carte se rend chez la banque : « guichet paiements rembourser ».",
    "returned_before_invoice": "Ce jour précède la facture : vérifiez l'année.",
    "returned_in_future": "Ce jour n'est pas encore venu.",
    "refund_of_which_invoice": "Ce paiement a réglé les factures n° {numbers} : dites laquelle, avec --facture.",
    "refund_of_another_invoice": "Ce paiement n'est pas celui de cette facture : il a réglé n° {numbers}.",
    "refund_without_number": "Le numéro de l'opération chez la banque est obligatoire, tel qu'elle l'écrit.",
    "other_refund": "Cette opération est déjà enregistrée, d'un autre montant.",
}


@contextmanager
def money_refusals(unknown: str) -> Iterator[None]:
    """Ends the command when a movement is refused, with this sentence when its payment or invoice is unknown."""
    try:
        yield
    except NotFound:
        stop(ExitCode.REFUSED, typeset(unknown))
    except MoneyRefused as refused:
        stop(ExitCode.REFUSED, refusal_message(refused))


def refusal_message(refused: MoneyRefused) -> str:
    """Returns the French message of a refused movement, with the amount that is possible or already booked."""
    label = "Montant enregistré" if refused.reason == "other_refund" else "Au plus"
    most = "" if refused.most_cents is None else f" {label} : {euros(refused.most_cents)}."
    day = long_day(refused.day) if refused.day else ""
    numbers = enumeration(refused.numbers) if refused.numbers else ""
    return typeset(REFUSALS[refused.reason].format(day=day, numbers=numbers) + most)


def attempt_description(attempt: Attempt) -> str:
    """« payé ; payé deux fois ; courriel envoyé »."""
    mails = [MAILS[state] for state in (attempt.receipt_mail, attempt.refusal_mail) if state]
    return typeset(" ; ".join([STATES[attempt.state], *(ALARMS[alarm] for alarm in attempt.alarms), *mails]))


def invoices_description(attempt: Attempt) -> str:
    """« facture n° 169165 », or « factures n° 169165 (57,00 €) et n° 169204 (44,00 €) »."""
    if not attempt.shares:
        return f"facture n° {attempt.invoice_number}"
    parts = [f"n° {part.invoice_number} ({euros(part.amount_cents)})" for part in attempt.shares]
    return f"factures {enumeration(parts)}"


def write_table(file: Path | None, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write a CSV to a new file or to standard output. `escape_formulas` guards its cells against CSV injection."""
    if file:
        write_output_file(file, csv_file(header, rows))
    else:
        sys.stdout.write(csv_text([header, *rows], line_end="\n"))


def print_count_and_total(count: int, one: str, many: str, cents: int) -> None:
    """Print « 12 mouvements, 684,00 € » on standard error: standard output may hold the table."""
    warn(typeset(f"{pluralized(count, one, many)}, {euros(cents)}"))
