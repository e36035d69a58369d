"""What a file would change in an invoice that its family already has."""

from chalicelib.domain.invoice import Invoice, InvoiceState
from chalicelib.services.account.field_differences import Difference, differences
from chalicelib.services.billing.import_outcomes import Reason

FROM_FILE = ("username", "label", "period", "issued_on", "due_on", "billed_cents", "lines")
"""What never changes once issued. `paid_cents` lives on: the portal may know of more payments than the file."""


def changes_of(held: Invoice, given: Invoice) -> tuple[Difference, ...]:
    """Nothing when the file says the same; payments that it has not heard of are no change.

    An invoice that still waits in a run to be published belongs to that run: the difference is `run`.
    """
    paid = ("paid_cents",) if given.paid_cents > held.paid_cents else ()
    waiting = ("run",) if held.state is InvoiceState.PREPARED else ()
    return differences(held, given, FROM_FILE + paid + waiting)


def reason_of(changes: tuple[Difference, ...]) -> Reason:
    """Why these changes are refused."""
    return Reason.AWAITS_ITS_RUN if any(one.field == "run" for one in changes) else Reason.ALREADY_ISSUED
