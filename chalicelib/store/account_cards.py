"""What an agent sees of several accounts at once: each with its family, its invoice list and its failed sign-ins."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.domain.account import Account
from chalicelib.domain.family import Family
from chalicelib.domain.invoice import InvoiceSummary
from chalicelib.domain.sign_in import Attempts, Count
from chalicelib.store.accounts import AccountStore
from chalicelib.store.attempts import AttemptStore
from chalicelib.store.families import FamilyStore
from chalicelib.store.summaries import SummaryStore
from chalicelib.store.table import BatchKey, Item, batch_get


@dataclass(frozen=True)
class AccountCard:
    """An account as the office's lists show it; `attempts` are those of the counts asked for, in their order."""

    account: Account
    family: Family | None
    rows: tuple[InvoiceSummary, ...]
    attempts: tuple[Attempts, ...]


@dataclass(frozen=True)
class AccountCardStore:
    """Reads accounts with what belongs to them, of four tables, in one round trip."""

    client: Any
    accounts: AccountStore
    families: FamilyStore
    summaries: SummaryStore
    attempts: AttemptStore

    def find_many(
        self, wanted: Sequence[tuple[str, str]], *, counts: Callable[[str], Sequence[Count]]
    ) -> dict[str, AccountCard]:
        """Returns the cards of (username, family) pairs, by username; those without an account are left out.

        `family`: where to look for the children, empty when it is unknown; `counts`: those of a username.
        """
        asked = [(username, self._keys(username, family, counts(username))) for username, family in wanted]
        items = iter(batch_get(self.client, [key for _, groups in asked for group in groups for key in group]))
        cards = {name: self._card([[next(items) for _ in group] for group in groups]) for name, groups in asked}
        return {name: card for name, card in cards.items() if card}

    def _keys(self, username: str, family: str, counts: Sequence[Count]) -> list[list[BatchKey]]:
        household = [self.families.batch_key(family)] if family else []
        attempts = [self.attempts.batch_keys(count) for count in counts]
        return [[self.accounts.batch_key(username)], [self.summaries.batch_key(username)], household, *attempts]

    def _card(self, groups: list[list[Item | None]]) -> AccountCard | None:
        (account,), (rows,), household, *attempts = groups
        read = self.accounts.read(account)
        if read is None:
            return None
        family = self.families.read(household[0]) if household else None
        return AccountCard(read, family, self.summaries.read(rows), tuple(map(self.attempts.attempts_of, attempts)))
