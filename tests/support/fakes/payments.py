"""The store of payment attempts in memory. `change`, which only calls other methods, is that of PaymentStore."""

from collections.abc import Iterable, Iterator

from chalicelib.domain.payment import Attempt
from chalicelib.store.payments import PaymentStore, Work
from tests.support.fakes.updates import updated
from tests.support.fakes.writes import Writes


class FakePayments:
    change = PaymentStore.change

    def __init__(self, writes: Writes | None = None, attempts: Iterable[Attempt] = ()) -> None:
        self.writes = writes or Writes()
        self.items = {attempt.reference: attempt for attempt in attempts}

    def find(self, reference: str) -> Attempt | None:
        return self.items.get(reference)

    def add(self, attempt: Attempt) -> bool:
        return self.writes.one(lambda: self._add(attempt))

    def _add(self, attempt: Attempt) -> bool:
        free = attempt.reference not in self.items
        self.items.setdefault(attempt.reference, attempt)
        return free

    def replace(self, before: Attempt, after: Attempt) -> bool:
        return self.writes.one(lambda: self._replace(before, after))

    def _replace(self, before: Attempt, after: Attempt) -> bool:
        if self.is_current(before):
            self.update(before, after)
            return True
        return bool(after.written_by) and self.find(before.reference) == after

    def is_current(self, before: Attempt) -> bool:
        """Returns whether nobody wrote since `before` was read: the condition of a write, also in a transaction."""
        found = self.find(before.reference)
        return found is not None and found.version == before.version

    def update(self, before: Attempt, after: Attempt) -> None:
        """Part of a transaction, not counted as a write."""
        self.items[before.reference] = updated(self.items[before.reference], before, after)

    def of_invoice(self, number: str) -> list[Attempt]:
        return [attempt for attempt in self._oldest_first() if number in attempt.invoice_numbers]

    def at_work(self, *kinds: Work) -> Iterator[Attempt]:
        for kind in kinds:
            yield from [attempt for attempt in self._oldest_first() if work_of(attempt) == kind]

    def every(self) -> Iterator[Attempt]:
        return iter(list(self.items.values()))

    def _oldest_first(self) -> list[Attempt]:
        return sorted(self.items.values(), key=lambda attempt: attempt.created_at)


def work_of(attempt: Attempt) -> Work | None:
    return Work.OPEN if attempt.open else Work.NEEDS_REVIEW if attempt.needs_review else None
