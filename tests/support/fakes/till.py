"""The stores that money touches, in memory, made by hand: the same promises as over DynamoDB.

`writes` counts every write; `fail` (turn → "before" or "after") makes that one fail, done or not, as a network does.
"""

from types import SimpleNamespace

from chalicelib.domain.payment import Attempt
from chalicelib.errors import Unavailable
from chalicelib.store.money import Work


class Writes:
    def __init__(self):
        self.done, self.fail = 0, {}

    def one(self, write):
        """Do a write and count it, unless it is to fail: before it is done, or after."""
        when, self.done = self.fail.get(self.done), self.done + 1
        if when == "before":
            raise Unavailable("before the write")
        answer = write()
        if when == "after":
            raise Unavailable("after the write")
        return answer


class Payments:
    def __init__(self, writes):
        self.writes, self.held = writes, {}

    def find(self, reference):
        return self.held.get(reference)

    def add(self, attempt):
        new = attempt.reference not in self.held
        return self.writes.one(lambda: self.held.setdefault(attempt.reference, attempt) is attempt and new)

    def replace(self, before, after):
        return self.writes.one(lambda: self.swap(before, after))

    def swap(self, before, after):
        held = self.held[before.reference]
        if held.version != before.version:
            return bool(after.written_by) and held == after
        self.held[before.reference] = after
        return True

    def of_invoice(self, number):
        mine = [attempt for attempt in self.held.values() if attempt.invoice_number == number]
        return sorted(mine, key=lambda attempt: attempt.created_at)

    def at_work(self, *kinds):
        for kind in kinds:
            yield from [attempt for attempt in self.held.values() if work_of(attempt) == kind]

    def every(self):
        return iter(self.held.values())


def work_of(attempt: Attempt):
    return Work.OPEN if attempt.open else Work.NEEDS_REVIEW if attempt.needs_review else None


class Ledger:
    def __init__(self):
        self.held = {}

    def of(self, number):
        mine = [entry for entry in self.held.values() if entry.invoice_number == number]
        return sorted(mine, key=lambda entry: (entry.booked_at, entry.key))

    def between(self, first, last):
        entries = sorted(self.held.values(), key=lambda entry: (entry.counted_on, entry.key))
        return (entry for entry in entries if first <= entry.counted_on <= last)

    def every(self):
        return iter(self.held.values())


class Invoices:
    def __init__(self, *invoices):
        self.held = {invoice.number: invoice for invoice in invoices}

    def find(self, username, number):
        found = self.held.get(number)
        return found if found and found.username == username else None

    def numbered(self, number):
        return self.held.get(number)

    def owner(self, number):
        return self.held[number].username if number in self.held else None

    def owners(self, numbers):
        return {number: self.held[number].username for number in numbers if number in self.held}

    def every(self):
        return iter(sorted(self.held.values(), key=lambda invoice: (invoice.username, invoice.number)))


class Summaries:
    def __init__(self, *invoices):
        self.held = {}
        for invoice in invoices:
            self.held.setdefault(invoice.username, {})[invoice.number] = invoice.summary

    def find(self, username):
        return tuple(self.held.get(username, {}).values())

    def find_many(self, usernames):
        return {username: self.find(username) for username in usernames if username in self.held}


class Notices:
    def __init__(self, writes):
        self.writes, self.held = writes, {}

    def keep(self, kept):
        key = (kept.received_at.date(), kept.id)
        return self.writes.one(lambda: key not in self.held and self.held.update({key: kept}) is None)

    def conclude(self, kept, fate):
        self.writes.one(lambda: self._conclude((kept.received_at.date(), kept.id), fate))

    def _conclude(self, key, fate):
        if self.held[key].fate is None:
            self.held[key] = self.held[key].model_copy(update={"fate": fate})

    def waiting(self, before):
        return iter([kept for kept in self.held.values() if kept.fate is None and kept.received_at < before])


class Books:
    """All or nothing, each part under its condition."""

    def __init__(self, writes, payments, ledger, invoices, summaries):
        self.writes, self.payments, self.ledger = writes, payments, ledger
        self.invoices, self.summaries, self.receipts = invoices, summaries, 0
        self.wait = lambda seconds: None

    def write(self, movement):
        return self.writes.one(lambda: self._write(movement))

    def _write(self, movement):
        entry, before, attempt = movement.entry, movement.before, movement.attempt_before
        held = self.invoices.held[before.number]
        same = ("paid_cents", "surplus_cents", "state")
        if (entry.invoice_number, entry.key) in self.ledger.held:
            return False
        if any(getattr(held, name) != getattr(before, name) for name in same):
            return False
        if attempt and not self.payments.swap(attempt, movement.attempt_after):
            return False
        self.ledger.held[entry.invoice_number, entry.key] = entry
        self.invoices.held[before.number] = movement.after
        if movement.after.visible:
            self.summaries.held.setdefault(before.username, {})[before.number] = movement.after.summary
        return True

    def number_receipt(self, before, after):
        return self.writes.one(lambda: self._number(before, after))

    def _number(self, before, after):
        if after.receipt_number != self.receipts + 1 or not self.payments.swap(before, after):
            return False
        self.receipts += 1
        return True

    def last_receipt(self):
        return self.receipts


def money_stores(*invoices):
    """A stores that holds these invoices and nothing else."""
    writes = Writes()
    payments, ledger, held, rows = Payments(writes), Ledger(), Invoices(*invoices), Summaries(*invoices)
    books = Books(writes, payments, ledger, held, rows)
    return SimpleNamespace(
        payments=payments, ledger=ledger, invoices=held, summaries=rows, notices=Notices(writes), money=books
    )
