"""Prints the families that answer a search, and what differs between the search and the accounts."""

from collections.abc import Iterator, Sequence

from chalicelib.domain.family import Child
from chalicelib.domain.search.account_words import Facet, Kind
from chalicelib.domain.search.query import Rank
from chalicelib.formats import euros, long_instant, phone
from chalicelib.services.account.check_search import SearchDifference
from chalicelib.services.account.find_families import Answers, FamilyFound
from chalicelib.wording.guide import typeset
from guichet.console import say
from guichet.display.account_display import LOCKED
from guichet.wording.common import pluralized

NOBODY = "Aucune famille ne répond à cette recherche."
NARROW_DOWN = "D'autres familles peuvent répondre. Ajoutez un prénom, un enfant ou une commune."
KINDS = {
    Kind.HOLDER: "titulaire",
    Kind.CHILD: "enfant",
    Kind.EMAIL: "courriel",
    Kind.PHONE: "téléphone",
    Kind.FAMILY: "famille",
    Kind.USERNAME: "identifiant",
    Kind.TOWN: "commune",
    Kind.STREET: "adresse",
    Kind.INVOICE: "facture n°",
    Kind.PAYMENT: "paiement",
}


def show_answers(answers: Answers) -> None:
    """Print each family that answers, then whether there may be others, or how to open the only one."""
    for found in answers.found:
        for line in _lines(found):
            say(typeset(line))
    if not answers.found:
        say(typeset(NOBODY))
    if answers.more:
        say(typeset(NARROW_DOWN))
    elif len(answers.found) == 1:
        say(typeset(f"Pour l'ouvrir : guichet comptes voir {answers.found[0].account.username}"))


def _lines(found: FamilyFound) -> Iterator[str]:
    account = found.account
    yield f"{account.holder.full_name}, compte {account.username}, famille {account.family}, {account.address.town}"
    if found.children:
        yield f"  Enfants : {' ; '.join(map(_child, found.children))}"
    facts = [f"À payer : {euros(found.due_cents)}" if found.due_cents else "À payer : rien"]
    facts += [f"bloqué jusqu'au {long_instant(lock.until)}{LOCKED[lock.by]}" for lock in found.locks]
    yield f"  {' ; '.join(facts)}"
    yield f"  Répond par : {', '.join(_by(one, rank) for one, rank in _with_ranks(found))}"


def _with_ranks(found: FamilyFound) -> list[tuple[Facet, Rank]]:
    return list({facet: (facet, rank) for facet, rank in zip(found.by, found.ranks, strict=True)}.values())


def _by(facet: Facet, rank: Rank) -> str:
    shown = phone(facet.shown) if facet.kind is Kind.PHONE else facet.shown
    return f"{KINDS[facet.kind]} {shown}" + (", qui se prononce de même" if rank is Rank.SOUND else "")


def _child(child: Child) -> str:
    """« Zoé (École des Pins, CE2) »."""
    where = ", ".join(filter(None, (child.school, child.class_name)))
    return f"{child.first_name} {child.last_name}" + (f" ({where})" if where else "")


def show_differences(differences: Sequence[SearchDifference]) -> None:
    """Print what the search lacks of each account, or holds in excess."""
    for one in differences:
        facts = [pluralized(len(one.missing), "mot absent ou périmé", "mots absents ou périmés")] if one.missing else []
        facts += [pluralized(len(one.excess), "mot en trop", "mots en trop")] if one.excess else []
        gone = "" if one.exists else ", qui n'existe plus"
        say(typeset(f"Compte {one.username}{gone} : {', '.join(facts) or 'liste de ses mots à refaire'}"))
