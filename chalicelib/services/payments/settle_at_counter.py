"""Settle at the counter: one settlement that an agent types, under the rules of the file, then its quittance's number.

Repeated after a crash, it finds its entry in the books and gives it the number that it lacks.
"""

from dataclasses import dataclass, replace

from chalicelib.clock import Clock
from chalicelib.domain.ledger import COUNTER
from chalicelib.domain.settlement import Settlement
from chalicelib.services.payments.import_settlements import ImportRules, import_settlements
from chalicelib.services.payments.quittances import number_quittance
from chalicelib.services.payments.settlement_outcome import Line, LineOutcome
from chalicelib.stores import Stores


@dataclass(frozen=True)
class AtCounter:
    """`line`: its result, with the entry, numbered, when it has a quittance. `new`: the number was given now."""

    line: Line
    new: bool = False


def settle_at_counter(
    typed: Settlement, *, stores: Stores, clock: Clock, agent: str, anyway: bool = False, dry_run: bool = False
) -> AtCounter:
    """Book a settlement and number its quittance. With `dry_run`, only check. Safe to repeat.

    Without a payer, it is the account's holder. Raises MoneyRefused (its day is closed), Unavailable.
    """
    settlement = _with_payer(typed, stores)
    rules = ImportRules(anyway=anyway, origin=COUNTER)
    (line,) = import_settlements(
        [(1, settlement)], stores=stores, clock=clock, agent=agent, rules=rules, dry_run=dry_run
    ).lines
    entry = line.entry or (line.alike[0] if line.outcome is LineOutcome.KNOWN else None)
    if entry is None or entry.origin != COUNTER or dry_run:
        return AtCounter(line)
    if entry.quittance is not None or line.undone:
        return AtCounter(replace(line, entry=entry))
    return AtCounter(replace(line, entry=number_quittance(entry, stores=stores)), new=True)


def _with_payer(typed: Settlement, stores: Stores) -> Settlement:
    if typed.payer:
        return typed
    owner = stores.invoices.owner(typed.number)
    account = stores.accounts.find(owner) if owner else None
    return typed.model_copy(update={"payer": account.holder.full_name}) if account else typed
