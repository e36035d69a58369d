"""A billing file on its way to a run: read from end to end, written with a bar, then told."""

import json
import tempfile
from pathlib import Path

from chalicelib.domain.run_report import Finding
from chalicelib.formats import day_in_paris
from chalicelib.importing.invoices import COLUMNS, survey_of
from chalicelib.portal import Portal
from chalicelib.services.billing.import_run import BillingFile, identify, import_run, preview_run
from chalicelib.store.run_files import REPORT
from chalicelib.wording.guide import typeset
from guichet import agent
from guichet.console import ExitCode, complain, progress, say, show_bad_lines
from guichet.display.run_display import show_findings, show_run
from guichet.failures import opened
from guichet.input_file import reading
from guichet.wording.runs import state_of


def bring_in(path: Path, *, dry_run: bool) -> ExitCode:
    """Deposit one file, or only say what it would give. Answers how the command ends."""
    portal = opened()
    with reading(path) as stream:
        file = identify(stream, path.name, today=day_in_paris(portal.clock()))
        if file.faults:
            show_bad_lines(path, file.faults)
            complain("Rien n’a été déposé.")
            return ExitCode.REFUSED
        return _examine(file, portal) if dry_run else _deposit(file, portal)


def _examine(file: BillingFile, portal: Portal) -> ExitCode:
    with tempfile.TemporaryFile() as findings:
        with progress("Contrôle des factures", _size(file)) as advance:
            run = preview_run(file, findings, stores=portal.stores, clock=portal.clock, progress=advance)
        findings.seek(0)
        show_findings(file.filename, (Finding.model_validate(json.loads(line)) for line in findings))
    show_run(run)
    say(typeset("Essai : rien n’a été écrit."))
    return ExitCode.PARTLY if run.unresolved else ExitCode.DONE


def _deposit(file: BillingFile, portal: Portal) -> ExitCode:
    with progress("Dépôt des factures", _size(file)) as advance:
        done = import_run(file, by=agent.acting(), stores=portal.stores, clock=portal.clock, progress=advance)
    run = done.run
    if done.outcome is None:
        say(typeset(f"Ce fichier est déjà la campagne {run.run}, {state_of(run)} : rien n’a changé."))
        return ExitCode.DONE
    show_findings(file.filename, map(Finding.model_validate, portal.stores.run_files.lines(run.run, REPORT)))
    show_run(run)
    say(typeset("Les familles n’en voient rien. Étape suivante :"))
    say(f"  python -m guichet campagnes {'voir' if run.unresolved else 'publier'} {run.run}" + _day(run.unresolved))
    return ExitCode.PARTLY if run.unresolved else ExitCode.DONE


def _day(unresolved: int) -> str:
    return "" if unresolved else " --le JJ/MM/AAAA"


def _size(file: BillingFile) -> int:
    """How many invoices the bar will count."""
    return len(survey_of(file.stream, COLUMNS).last_line)
