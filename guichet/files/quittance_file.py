"""Books a settlement typed at the counter, says what became of it, and writes the PDF of its quittance."""

from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from chalicelib.domain.ledger import LedgerEntry
from chalicelib.domain.payment_method import PaymentMethod, method_of
from chalicelib.domain.settlement import Settlement
from chalicelib.formats import day_in_paris, euros, short_day
from chalicelib.importing import cells
from chalicelib.importing.settlements import plausible_day
from chalicelib.portal import Portal
from chalicelib.services.payments.quittances import keep_quittance, quittance_of
from chalicelib.services.payments.settle_at_counter import AtCounter, settle_at_counter
from chalicelib.services.payments.settlement_outcome import FREED_BY_ANYWAY, HELD, REFUSALS, LineOutcome
from chalicelib.services.payments.undo_movement import movement_id
from chalicelib.wording.guide import typeset
from guichet import agent
from guichet.console import ExitCode, say, stop, warn
from guichet.display.money import money_refusals
from guichet.display.payment_display import show_invoice_amounts
from guichet.failures import open_portal
from guichet.files.settlement_file import REASONS, remarks_on
from guichet.options import parsed_option
from guichet.output_file import WriteContent, new_output_file
from guichet.work import journal_entry

DRY_RUN = typeset("Essai : rien n'a été écrit.")


@dataclass(frozen=True)
class TypedSettlement:
    """What the agent typed. `received_on`: a day as typed, empty for today."""

    number: str
    amount_cents: int
    method: str
    reference: str
    payer: str
    received_on: str
    anyway: bool = False
    dry_run: bool = False


def settle_typed(typed: TypedSettlement, pdf: Path | None) -> ExitCode:
    """Book it, and write its quittance to `pdf`. Returns the exit code: PARTLY when it is held back."""
    portal = open_portal()
    settlement = _settlement(typed, day_in_paris(portal.clock()))
    # The file is opened first: money is not booked for a quittance that cannot be written.
    with new_output_file(pdf) if pdf and not typed.dry_run else nullcontext() as write:
        with money_refusals("Aucune facture n'a ce numéro."):
            done = settle_at_counter(
                settlement, stores=portal.stores, clock=portal.clock, agent=agent.acting(),
                anyway=typed.anyway, dry_run=typed.dry_run,
            )  # fmt: skip
        return _show(done, portal, dry_run=typed.dry_run, write=write)


def _settlement(typed: TypedSettlement, today: date) -> Settlement:
    method = method_of(typed.method)
    if method is None:
        known = ", ".join(PaymentMethod)
        stop(ExitCode.MISUSE, typeset(f"--moyen : l'un de ces moyens est attendu : {known}."))
    return Settlement(
        received_on=parsed_option("--recu-le", day, plausible_day) if (day := typed.received_on.strip()) else today,
        number=parsed_option("NUMÉRO", typed.number, cells.invoice_number),
        amount_cents=typed.amount_cents,
        means=method.value,
        reference=parsed_option("--reference", typed.reference, cells.text),
        payer=parsed_option("--emetteur", " ".join(typed.payer.split()), cells.text),
    )


def _show(done: AtCounter, portal: Portal, *, dry_run: bool, write: WriteContent | None) -> ExitCode:
    line = done.line
    if line.outcome in REFUSALS:
        stop(ExitCode.REFUSED, typeset(f"Facture n° {line.settlement.number} : {REASONS[line.outcome]}."))
    for remark in remarks_on(line):
        warn(typeset(f"Facture n° {line.settlement.number} : {remark}"))
    if line.outcome in HELD:
        advice = " : --quand-meme l'enregistre" if line.outcome in FREED_BY_ANYWAY else ""
        stop(ExitCode.PARTLY, typeset(f"Ce règlement est retenu{advice}."))
    if dry_run:
        say(DRY_RUN)
        return ExitCode.DONE
    if line.outcome is LineOutcome.BOOKED and line.entry:
        _show_booked(line.entry, portal)
    if line.entry and line.entry.quittance:
        _show_quittance(line.entry, portal, undone=line.undone, write=write)
    else:
        say(typeset("Rien n'a été enregistré, aucune quittance n'est donnée."))
    if line.invoice:
        found = portal.stores.invoices.find_by_number(line.invoice.number)
        show_invoice_amounts(found or line.invoice)
    return _advice_once_undone() if line.undone else ExitCode.DONE


def _advice_once_undone() -> ExitCode:
    how = "annulez l'annulation (« paiements voir » la nomme), ou donnez un autre numéro par --reference"
    warn(typeset(f"Ce règlement a été annulé : s'il est reçu de nouveau, {how}."))
    return ExitCode.PARTLY


def _show_booked(entry: LedgerEntry, portal: Portal) -> None:
    journal_entry(portal, entry.username, "settlement_received", entry.invoice_number)
    on = f"reçu le {short_day(entry.day)}, mouvement {movement_id(entry)}"
    say(typeset(f"Règlement de {euros(entry.amount_cents)} enregistré, {on}."))


def _show_quittance(entry: LedgerEntry, portal: Portal, *, undone: bool, write: WriteContent | None) -> None:
    """Draw the quittance for good; once it was drawn, what is written is a duplicate."""
    quittance = quittance_of(entry, stores=portal.stores)
    content, first = keep_quittance(quittance, draw=portal.draw_quittance, documents=portal.stores.documents)
    say(typeset(f"Quittance n° {quittance.number}{'' if first else ', déjà donnée'}."))
    if write:
        write(content if first else portal.draw_quittance(quittance, duplicate=True, undone=undone))
        if not first:
            say(typeset("Le PDF écrit est un duplicata."))
