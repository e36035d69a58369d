"""Prints a billing run: totals, comparison with the previous run, errors and oddities of its file."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

from chalicelib.domain.billing_run import BillingRun, Comparison, Figures
from chalicelib.domain.run_report import Finding, FindingKind, parse_field
from chalicelib.formats import euros, in_paris, long_instant, short_day, thousands
from chalicelib.importing.rows import BadLine
from chalicelib.services.account.family_import import Difference
from chalicelib.services.billing.invoice_import import Reason, Refusal
from chalicelib.wording.guide import typeset
from guichet.console import say, show_bad_lines, show_totals, warn
from guichet.files.invoice_file import bad_line
from guichet.wording.runs import agent_of, event_of, state_of

FEW = 10
"""How many accounts, or oddities, are listed without --tout."""


def show_run(run: BillingRun, *, preview: bool = False) -> None:
    """Print the figures of a run; `preview`: of the run that a file would become."""
    say(f"Campagne {run.run}, {'si ce fichier est déposé' if preview else state_of(run)}")
    deposited = f", déposé le {long_instant(run.deposited_at)} par {agent_of(run.deposited_by)}"
    say(typeset(f"Fichier : {run.filename}{'' if preview else deposited}"))
    figures = run.figures
    show_totals("", [
        ("Factures", thousands(figures.invoices), euros(figures.total_cents)),
        ("dont avoirs (négatives)", thousands(figures.credits), ""),
        ("dont à zéro", thousands(figures.zeros), ""),
        ("dont par prélèvement", thousands(figures.debits), ""),
        ("Pareilles à une autre du fichier", thousands(figures.doubles), ""),
        ("Déjà connues, inchangées", thousands(figures.known), ""),
        ("Erreurs", thousands(run.bad_lines), _settled(run)),
        *_due_dates(figures),
    ])  # fmt: skip
    if run.comparison:
        _show_comparison(run, run.comparison)


def _due_dates(figures: Figures) -> Iterator[tuple[str, str, str]]:
    """Yields the first and the last due date of an invoice to pay, as far as they are known."""
    for label, day in (("Première échéance", figures.first_due_on), ("Dernière échéance", figures.last_due_on)):
        if day:
            yield label, short_day(day), ""


def _settled(run: BillingRun) -> str:
    if not run.bad_lines:
        return ""
    return "à régler" if run.unresolved else "écartées"


def _show_comparison(run: BillingRun, comparison: Comparison) -> None:
    change = run.figures.total_cents - comparison.total_cents
    rows = [
        ("Factures", thousands(comparison.invoices), thousands(run.figures.invoices), ""),
        ("Total", euros(comparison.total_cents), euros(run.figures.total_cents), signed_euros(change)),
        ("Comptes apparus", "", thousands(comparison.appeared), ""),
        ("Comptes disparus", thousands(comparison.vanished), "", ""),
    ]
    show_totals(typeset(f"Comparée à {comparison.run} :"), rows)
    if comparison.largest:
        changes = [
            (one.username, euros(one.before_cents), euros(one.after_cents), signed_euros(one.change_cents))
            for one in comparison.largest
        ]
        show_totals("Les plus grands écarts d’un compte", changes)


def signed_euros(cents: int) -> str:
    """« +12,00 € », « −12,00 € »."""
    return f"+{euros(cents)}" if cents > 0 else euros(cents)


def show_findings(filename: str, findings: Iterable[Finding], *, everything: bool = False) -> None:
    """Print every error in the order of the file, then the first oddities, or all of them with `everything`."""
    found = list(findings)
    show_bad_lines(Path(filename), (finding_line(one) for one in found if one.kind.error))
    oddities = [one for one in found if not one.kind.error]
    show_bad_lines(Path(filename), map(finding_line, oddities if everything else oddities[:FEW]))
    if len(oddities) > FEW and not everything:
        warn(f"… et {thousands(len(oddities) - FEW)} autres remarques.")


def finding_line(finding: Finding) -> BadLine:
    """Returns a finding as the line of the file that it is about."""
    if finding.kind is FindingKind.UNREADABLE:
        return BadLine(finding.line, finding.column, finding.reason)
    if finding.kind is FindingKind.REFUSED:
        changes = tuple(
            Difference(one.field, parse_field(one.field, one.held), parse_field(one.field, one.given))
            for one in finding.changes
        )
        return bad_line(Refusal(finding.line, finding.number, Reason(finding.reason), changes))
    return BadLine(finding.line, "", f"facture n°\u00a0{finding.number}, {_oddity(finding)}")


def _oddity(finding: Finding) -> str:
    if finding.kind is FindingKind.DOUBLE:
        return f"la même que celle de la ligne {finding.other_line}, sous un autre numéro"
    return "à zéro" if finding.kind is FindingKind.ZERO else f"avoir de {euros(finding.amount_cents)}"


def show_accounts(title: str, amounts: dict[str, int], *, everything: bool) -> None:
    """Print accounts that appeared or disappeared, with what they owe."""
    if not amounts:
        return
    named = amounts.items() if everything else islice(amounts.items(), FEW)
    show_totals(title, [(username, euros(cents)) for username, cents in named])
    if len(amounts) > FEW and not everything:
        say(f"… et {thousands(len(amounts) - FEW)} autres.")


def show_run_events(run: BillingRun) -> None:
    for event in run.trace:
        say(event_of(event))


def show_list(runs: Sequence[BillingRun]) -> None:
    """Print one line per run, in aligned columns, untruncated in a pipe."""
    rows = [("CAMPAGNE", "DÉPOSÉE LE", "FACTURES", "TOTAL", "ERREURS", "ÉTAT", "FICHIER")]
    rows += [
        (
            run.run,
            short_day(in_paris(run.deposited_at).date()),
            thousands(run.figures.invoices),
            euros(run.figures.total_cents),
            thousands(run.unresolved),
            state_of(run),
            run.filename,
        )
        for run in runs
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        say("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
