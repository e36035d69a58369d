"""What a guesser who knows the family tries first: its names, its address, its dates, its town."""

from collections.abc import Iterator

from chalicelib.domain.account import Account
from chalicelib.domain.family import Child, Family
from chalicelib.domain.town_settings import Town


def own_words(account: Account, family: Family | None, town: Town) -> list[str]:
    """The words a password may not lean on; empty ones are left out."""
    return [word for word in (*of_account(account), *of_children(family), *of_town(town)) if word]


def of_account(account: Account) -> Iterator[str]:
    yield account.username
    yield from (account.holder.last_name, account.holder.first_name)
    yield from account.address.lines
    yield from (account.email or "", account.mobile or "", account.landline or "")


def of_children(family: Family | None) -> Iterator[str]:
    for child in family.children if family else ():
        yield from (child.first_name, child.last_name, child.school)
        yield from dates(child)


def dates(child: Child) -> Iterator[str]:
    """A child's birthday as people write it: 01032018, 010318, 01/03/2018."""
    if child.born_on:
        yield from (f"{child.born_on:{form}}" for form in ("%d%m%Y", "%d%m%y", "%d/%m/%Y", "%Y"))


def of_town(town: Town) -> Iterator[str]:
    yield from (town.name, town.portal_name, town.desk.name, *town.common_words)
