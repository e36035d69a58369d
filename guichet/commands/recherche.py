"""`guichet recherche …`: fill the search of families, and compare it with the accounts."""

import typer

from chalicelib.formats import thousands
from chalicelib.portal import Portal
from chalicelib.services.account.check_search import SearchCheck, check_search, repair_search
from chalicelib.wording.guide import typeset
from guichet.console import ExitCode, progress, say
from guichet.display.search_display import show_differences
from guichet.failures import friendly_errors, open_portal
from guichet.french import FrenchApp
from guichet.wording.common import pluralized

app = FrenchApp("recherche", "La recherche des familles.")


@app.verb("refaire")
def fill() -> None:
    """Remplit la recherche des familles à partir des comptes : une fois à la mise en service, une fois après une mise à
    jour qui le demande.

    Ensuite elle se tient à jour seule. Ne réécrit que ce qui diffère ; interrompue, relancez-la.
    """
    with friendly_errors():
        portal = open_portal()
        checked = _compare(portal)
        with progress("À refaire", len(checked.differences)) as advance:
            repair_search(checked.differences, stores=portal.stores, progress=advance)
        redone = pluralized(len(checked.differences), "refait", "refaits")
        say(typeset(f"Recherche : {_compared(checked)}, {redone}."))


@app.verb("verifier")
def check() -> None:
    """Compare la recherche des familles aux comptes, et dit ce qui diffère.

    Ce qui vient de changer peut manquer quelques secondes. Se termine par 1 s’il y a une différence.
    """
    with friendly_errors():
        checked = _compare(open_portal())
        show_differences(checked.differences)
        if checked.differences:
            say(typeset(f"{_compared(checked)}. Des différences : « guichet recherche refaire » les corrige."))
            raise typer.Exit(ExitCode.REFUSED)
        say(typeset(f"{_compared(checked)} : la recherche concorde."))


def _compare(portal: Portal) -> SearchCheck:
    with progress("Comptes", None) as advance:
        return check_search(stores=portal.stores, progress=advance)


def _compared(checked: SearchCheck) -> str:
    return f"{thousands(checked.accounts)} {'compte comparé' if checked.accounts < 2 else 'comptes comparés'}"
