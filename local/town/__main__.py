"""`python -m local.town`: write the import files of a fictional town of any size, in constant memory."""

import sys
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from chalicelib.clock import system_clock
from chalicelib.formats import day_in_paris
from guichet import french
from guichet.console import ExitCode
from guichet.french import FrenchCommand
from guichet.options import parse_day_option
from local.town import files
from local.town.billing import Town, billed_months
from local.town.files import Cells

app = typer.Typer(rich_markup_mode="markdown", add_completion=False)


@app.command(cls=FrenchCommand, epilog="Exemple : python -m local.town --families 3 --months 1 --out build/exemple")
def write_town(
    *,
    out: Annotated[Path, typer.Option(metavar="DOSSIER", help="Où écrire les fichiers.")],
    families: Annotated[int, typer.Option(metavar="N", min=1, help="Le nombre de familles.")] = 4000,
    months: Annotated[int, typer.Option(metavar="N", min=1, help="Le nombre de mois facturés.")] = 60,
    seed: Annotated[int, typer.Option(metavar="N", help="La même graine fait la même ville.")] = 2026,
    today: Annotated[str, typer.Option(metavar="AAAA-MM-JJ", help="Le jour de la ville ; sans lui, aujourd’hui.")] = "",
) -> None:
    """Écrit les fichiers d’import d’une ville fictive, de n’importe quelle taille."""
    day = parse_day_option("--today", today) if today else day_in_paris(system_clock())
    out.mkdir(parents=True, exist_ok=True)
    town = Town(families=families, seed=seed, today=day)
    for name, (header, rows) in town_files(town, months).items():
        with (out / name).open("w", encoding="utf-8", newline="") as written:
            files.write(written, header, rows)
        print(out / name)


def main() -> None:
    """Run the command, its errors in French."""
    french.install()
    try:
        app(prog_name="python -m local.town", standalone_mode=False)
    except typer.TyperException as misuse:
        print(french.translate(misuse.format_message()), file=sys.stderr)
        sys.exit(ExitCode.MISUSE)


def town_files(town: Town, months: int) -> dict[str, tuple[Cells, Iterable[Cells]]]:
    """Returns header and rows of each file by its name; rows are generated lazily."""
    homes = town.households
    accounts = (files.account_row(account) for home in homes() for account in home.accounts)
    children = (files.child_row(home.family, pupil.child) for home in homes() for pupil in home.pupils)
    wanted: dict[str, tuple[Cells, Iterable[Cells]]] = {
        "comptes.csv": (files.ACCOUNTS, accounts),
        "enfants.csv": (files.CHILDREN, children),
    }
    for month in billed_months(town.today, months):
        wanted[f"factures-{month:%Y-%m}.csv"] = (files.INVOICES, invoice_rows(town, month))
    return wanted


def invoice_rows(town: Town, month: date) -> Iterable[Cells]:
    return (row for invoice in town.invoices(month) for row in files.invoice_rows(invoice))


if __name__ == "__main__":
    main()
