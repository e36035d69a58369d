"""The office's search of families: by name, child, e-mail, telephone, number, identifier, invoice or payment.

Two round trips: the entries of every word, and the invoice and the payment of that number, side by side; then the
accounts they lead to. An account that no longer answers is left out: an entry only says where to look.
"""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import NamedTuple

from chalicelib.concurrency import in_threads
from chalicelib.domain.account import Account
from chalicelib.domain.card_payment.reference import canonical_reference
from chalicelib.domain.family import Child
from chalicelib.domain.invoice import NUMBER
from chalicelib.domain.payment import REFERENCE
from chalicelib.domain.search.account_words import Facet, Kind, facets_of
from chalicelib.domain.search.query import Lead, Rank, Term, answer, terms_of
from chalicelib.domain.search.sounding import sound
from chalicelib.errors import NothingToSearch
from chalicelib.services.authentication.hashing import keyed_hash
from chalicelib.services.authentication.locks import Lock, lock_counts, locks_of
from chalicelib.store.account_cards import AccountCard
from chalicelib.store.search import Entry
from chalicelib.stores import Stores

MOST_ANSWERS = 20
MOST_READS = 8
"""Reads asked side by side in the first round trip: one per worker."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class FamilyFound:
    """An account that answers, and by what; `due_cents`: what it has to pay."""

    account: Account
    children: tuple[Child, ...]
    due_cents: int
    locks: tuple[Lock, ...]
    by: tuple[Facet, ...]
    """One per word of the query, beside its rank."""

    ranks: tuple[Rank, ...]


@dataclass(frozen=True)
class Answers:
    """The best answers first, at most MOST_ANSWERS; `more`: others may answer as well."""

    found: tuple[FamilyFound, ...]
    more: bool


class Candidate(NamedTuple):
    """An account to read: how each word found it, and the invoice or the payment that leads to it."""

    username: str
    family: str
    ranks: tuple[Rank, ...]
    direct: Facet | None = None


class Read(NamedTuple):
    """What one of the reads of the first round trip found."""

    entries: list[tuple[Lead, Entry]]
    direct: list[Candidate]
    complete: bool


def find_families(typed: str, *, stores: Stores, key: bytes, now: datetime) -> Answers:
    """Returns the accounts that answer every word of the query: exact ones, then those that begin so, then by sound.

    Only the hash of the query under `key`, and how many answer, are logged. Raises NothingToSearch, Unavailable.
    """
    terms = terms_of(typed)
    leads = sorted((lead for number, term in enumerate(terms) for lead in term.leads(number)), key=lambda one: one.rank)
    if not leads:
        raise NothingToSearch
    candidates, complete = _candidates(typed, terms, leads, stores=stores)
    found = _read(candidates[:MOST_ANSWERS], terms, stores=stores, now=now)
    answers = Answers(found, more=len(candidates) > MOST_ANSWERS or not complete)
    facts = {"query": keyed_hash(key, "search", *(repr(term) for term in terms)), "answers": len(found)}
    logger.info("families_searched", extra=facts | {"more": answers.more})
    return answers


def _candidates(
    typed: str, terms: Sequence[Term], leads: Sequence[Lead], *, stores: Stores
) -> tuple[list[Candidate], bool]:
    """Returns the accounts to read, the best first, and whether every query was read to its end."""
    reads = _direct_reads(typed.strip(), stores)
    reads += [partial(_follow, lead, stores) for lead in leads[: MOST_READS - len(reads)]]
    read = in_threads(lambda one: one(), reads)
    direct = [candidate for one in read for candidate in one.direct]
    ranked = _ranked((found for one in read for found in one.entries), terms)
    named = {one.username for one in direct}
    return direct + [one for one in ranked if one.username not in named], all(one.complete for one in read)


def _follow(lead: Lead, stores: Stores) -> Read:
    found = stores.search.beginning_with(lead.letters, lead.prefix)
    return Read([(lead, entry) for entry in found.entries], [], found.complete)


def _direct_reads(name: str, stores: Stores) -> list[Callable[[], Read]]:
    """Returns the reads of the invoice and of the payment that this may be the number of."""
    reference = canonical_reference(name)
    found: list[Callable[[], Read]] = []
    if NUMBER.fullmatch(name):
        found.append(partial(_invoice, name, stores))
    if REFERENCE.fullmatch(reference):
        found.append(partial(_payment, reference, stores))
    return found


def _invoice(number: str, stores: Stores) -> Read:
    return _direct(stores.invoices.owner(number), Facet(Kind.INVOICE, number, ()))


def _payment(reference: str, stores: Stores) -> Read:
    attempt = stores.payments.find(reference)
    return _direct(attempt.username if attempt else None, Facet(Kind.PAYMENT, reference, ()))


def _direct(username: str | None, facet: Facet) -> Read:
    return Read([], [Candidate(username, "", (Rank.EXACT,), facet)] if username else [], complete=True)


def _ranked(entries: Iterable[tuple[Lead, Entry]], terms: Sequence[Term]) -> list[Candidate]:
    """Returns the accounts whose entries answer every word, the best first."""
    by_account: dict[str, list[tuple[Lead, Entry]]] = defaultdict(list)
    for lead, entry in entries:
        by_account[entry.username].append((lead, entry))
    found = []
    for username, some in by_account.items():
        words = frozenset(some[0][1].words.split())
        ranks = [_rank(term, words, [lead for lead, _ in some if lead.term == n]) for n, term in enumerate(terms)]
        kept = tuple(rank for rank in ranks if rank is not None)
        if len(kept) == len(terms):
            found.append(Candidate(username, some[0][1].family, kept))
    return sorted(found, key=lambda one: (max(one.ranks), sum(one.ranks), one.username))


def _rank(term: Term, words: frozenset[str], leads: Sequence[Lead]) -> Rank | None:
    """Returns how well an account answers a word: by the words that its entries carry, or by those that led to it."""
    rank = term.rank(words)
    if rank is None and leads:
        rank = term.rank(words, frozenset(map(sound, words)) - {""})
    if rank is None and leads and len(term.spellings[0]) == 1:  # its entries had no room for this word
        rank = min(lead.rank for lead in leads)
    return rank


def _read(
    candidates: Sequence[Candidate], terms: Sequence[Term], *, stores: Stores, now: datetime
) -> tuple[FamilyFound, ...]:
    cards = stores.account_cards.find_many([(one.username, one.family) for one in candidates], counts=lock_counts)
    found = []
    for one, card in _with_families(candidates, cards, stores):
        by = [(Rank.EXACT, one.direct)] if one.direct else _by(card, terms)
        if by:
            found.append(_found(card, by, now))
    return tuple(sorted(found, key=_order))


def _with_families(
    candidates: Sequence[Candidate], cards: Mapping[str, AccountCard], stores: Stores
) -> list[tuple[Candidate, AccountCard]]:
    """Returns the cards with their own families: one more round trip where no entry named the right one."""
    kept = [(one, cards[one.username]) for one in candidates if one.username in cards]
    wanted = [card.account.family for one, card in kept if one.family != card.account.family]
    families = stores.families.find_many(wanted) if wanted else {}
    return [
        (one, card if one.family == card.account.family else replace(card, family=families.get(card.account.family)))
        for one, card in kept
    ]


def _by(card: AccountCard, terms: Sequence[Term]) -> list[tuple[Rank, Facet]]:
    """Returns by what the account answers each word now; nothing when it answers one of them no longer."""
    facets = facets_of(card.account, card.family)
    answers = [answer(term, facets) for term in terms]
    return [one for one in answers if one] if all(answers) else []


def _found(card: AccountCard, by: Sequence[tuple[Rank, Facet]], now: datetime) -> FamilyFound:
    return FamilyFound(
        account=card.account,
        children=card.family.children if card.family else (),
        due_cents=sum(row.balance_cents for row in card.rows),
        locks=locks_of(card.attempts, now),
        by=tuple(facet for _, facet in by),
        ranks=tuple(rank for rank, _ in by),
    )


def _order(found: FamilyFound) -> tuple[int, int, bool, str, str, str]:
    """Returns the place of an answer: the worst of its words first, then the holder's own name before a child's."""
    holder, by_another = found.account.holder, all(facet.kind is not Kind.HOLDER for facet in found.by)
    names = holder.last_name, holder.first_name, found.account.username
    return max(found.ranks), sum(found.ranks), by_another, *names
