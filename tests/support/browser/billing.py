"""Invoices of its own for a test that pays them, brought in by the desk's command."""

import subprocess
import sys
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

from chalicelib.clock import system_clock
from chalicelib.formats import day_in_paris, short_day
from tests.support.local_portal import ROOT, Desk

HEADER = (
    "numero;identifiant;libelle;periode;date_emission;date_echeance;montant_total;montant_regle;"
    "enfant;prestation;quantite;prix_unitaire;montant"
)


def bill(desk: Desk, username: str, numbers: Iterable[str], folder: Path, label: str = "Restauration Scolaire") -> None:
    """Issue an invoice of 11,40 € to this account under each number, due in a month."""
    today = day_in_paris(system_clock())
    issued, due = short_day(today), short_day(today + timedelta(days=30))
    meals = "Łukasz;Restauration scolaire;4;2,85;11,40"
    rows = [f"{number};{username};{label};essai;{issued};{due};11,40;;{meals}" for number in numbers]
    path = folder / "factures.csv"
    path.write_text("\n".join([HEADER, *rows]) + "\n")
    command = [sys.executable, "-m", "guichet", "factures", "importer", str(path)]
    done = subprocess.run(
        command, cwd=ROOT, env=desk.environ(), check=False, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stdout + done.stderr
