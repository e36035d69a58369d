"""Imports a billing file as a run to check, or previews it, and prints its findings."""

import json
import tempfile
from pathlib import Path

from chalicelib.domain.run_report import Finding
from chalicelib.formats import day_in_paris
from chalicelib.importing.invoices import scan_file
from chalicelib.portal import Portal
from chalicelib.services.billing.import_run import BillingFile, identify_file, import_run, preview_run
from chalicelib.store.bucket import REPORT
from chalicelib.wording.guide import typeset
from guichet import agent
from guichet.console import ExitCode, progress, say
from guichet.display.run_display import show_findings, show_run
from guichet.failures import open_portal
from guichet.files.checked_file import DRY_RUN, refuse
from guichet.input_file import open_input_file
from guichet.wording.runs import state_of

NOT_DEPOSITED = typeset("Rien n'a été déposé.")


def import_billing_file(path: Path, *, dry_run: bool) -> ExitCode:
    """Deposit one file, or with `dry_run` only preview it. Returns the exit code."""
    portal = open_portal()
    with open_input_file(path) as stream:
        file = identify_file(stream, path.name, today=day_in_paris(portal.clock()))
        if file.faults:
            refuse(path, file.faults, NOT_DEPOSITED)
        return _preview(file, portal) if dry_run else _deposit(file, portal)


def _preview(file: BillingFile, portal: Portal) -> ExitCode:
    with tempfile.TemporaryFile() as findings:
        with progress("Contrôle des factures", _invoice_count(file)) as advance:
            run = preview_run(file, findings, stores=portal.stores, clock=portal.clock, progress=advance)
        findings.seek(0)
        show_findings(file.filename, (Finding.model_validate(json.loads(line)) for line in findings))
    show_run(run, preview=True)
    say(DRY_RUN)
    return ExitCode.PARTLY if run.unresolved else ExitCode.DONE


def _deposit(file: BillingFile, portal: Portal) -> ExitCode:
    with progress("Dépôt des factures", _invoice_count(file)) as advance:
        result = import_run(file, by=agent.acting(), stores=portal.stores, clock=portal.clock, progress=advance)
    run = result.run
    if result.outcome is None:
        say(typeset(f"Ce fichier est déjà la campagne {run.run}, {state_of(run)} : rien n’a changé."))
        return ExitCode.DONE
    show_findings(file.filename, map(Finding.model_validate, portal.stores.run_files.lines(run.run, REPORT)))
    show_run(run)
    say(typeset("Les familles n’en voient rien. Étape suivante :"))
    following = f"voir {run.run}" if run.unresolved else f"publier {run.run} --le JJ/MM/AAAA"
    say(f"  python -m guichet campagnes {following}")
    return ExitCode.PARTLY if run.unresolved else ExitCode.DONE


def _invoice_count(file: BillingFile) -> int:
    """Returns how many invoices the progress bar will count."""
    return len(scan_file(file.stream).last_line)
