"""Prints what an import changes of accounts and families: each field, before → after."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from chalicelib.domain.family import Child, Family
from chalicelib.formats import thousands
from chalicelib.services.account.family_import import AccountsOutcome, Difference, FamiliesOutcome, differences
from chalicelib.wording.guide import typeset
from guichet.console import say
from guichet.wording.common import CHILD_FIELDS, FIELDS, value_of

FEW = 10
"""How many changed accounts, and families, are shown without --tout."""


def show_changes(accounts: AccountsOutcome, families: FamiliesOutcome, *, everything: bool = False) -> None:
    """Print the first changes of accounts, then of families, or all of them with `everything`."""
    changed = (f"Compte {name}, {' ; '.join(_fields(some))}" for name, some in sorted(accounts.changes.items()))
    _show(changed, len(accounts.changes), everything=everything)
    children = (f"Famille {after.family}, {' ; '.join(_children(before, after))}" for before, after in families.changes)
    _show(children, len(families.changes), everything=everything)


def _show(sentences: Iterable[str], count: int, *, everything: bool) -> None:
    for sentence in sentences if everything else islice(sentences, FEW):
        say(typeset(sentence))
    if count > FEW and not everything:
        say(typeset(f"… et {thousands(count - FEW)} autres : --tout les montre."))


def _fields(changed: Sequence[Difference]) -> Iterator[str]:
    """Yields « courriel : rien → camille@example.org »."""
    for one in changed:
        name = {**FIELDS, **CHILD_FIELDS}.get(one.field, one.field)
        yield f"{name} : {value_of(one.field, one.existing)} → {value_of(one.field, one.imported)}"


def _children(before: Family, after: Family) -> Iterator[str]:
    """Yields what changes of each child, known by its names; then those who come and go."""
    known, wanted = (
        {_name(child): child for child in before.children},
        {_name(child): child for child in after.children},
    )
    for name, child in wanted.items():
        if name not in known:
            yield f"{name} ajouté"
        elif known[name] != child:
            yield f"{name}, {', '.join(_fields(differences(known[name], child, CHILD_FIELDS)))}"
    yield from (f"{name} retiré" for name in known if name not in wanted)


def _name(child: Child) -> str:
    return f"{child.first_name} {child.last_name}".strip()
