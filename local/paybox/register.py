"""Payment store of the simulator: one JSON file per payment, to survive a restart, and a lock around each change."""

import threading
from collections.abc import Callable
from pathlib import Path

from local.paybox.payment import Payment


class Register:
    """Thread-safe store of payments by reference, oldest first."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._lock = threading.Lock()
        read = [Payment.model_validate_json(path.read_bytes()) for path in folder.glob("*.json")]
        self._payments = {one.reference: one for one in sorted(read, key=lambda one: one.rank)}

    def all(self) -> list[Payment]:
        with self._lock:
            return list(self._payments.values())

    def find(self, reference: str) -> Payment | None:
        with self._lock:
            return self._payments.get(reference)

    def add(self, payment: Payment) -> bool:
        """Returns False when the reference was already used: Paybox wants a new one at each call."""
        with self._lock:
            if payment.reference in self._payments:
                return False
            self._store(payment.model_copy(update={"rank": len(self._payments) + 1}))
            return True

    def change(self, reference: str, change: Callable[[Payment, int], Payment]) -> Payment:
        """Apply `change` to a payment and store it; it also takes the count of all tries, for transaction numbers."""
        with self._lock:
            made = sum(len(one.tries) for one in self._payments.values())
            changed = change(self._payments[reference], made)
            self._store(changed)
            return changed

    def _store(self, payment: Payment) -> None:
        draft = self._folder / f"{payment.reference}.draft"
        draft.write_text(payment.model_dump_json(indent=1), "utf-8")
        draft.replace(draft.with_suffix(".json"))
        self._payments[payment.reference] = payment
