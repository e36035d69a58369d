"""Updates as DynamoDB writes them: only the fields that differ between two readings, over the stored value."""

from typing import TypeVar

from chalicelib.domain.account import Account
from chalicelib.domain.billing_run import BillingRun
from chalicelib.domain.delivery import Delivery
from chalicelib.store.table import AnyModel

Versioned = TypeVar("Versioned", Account, BillingRun, Delivery)


def updated(stored: AnyModel, before: AnyModel, after: AnyModel) -> AnyModel:
    """Returns the stored value with the fields in which `after` differs from `before`."""
    changed = {name: value for name, value in after if getattr(before, name) != value}
    return stored.model_copy(update=changed)


def next_version(before: Versioned, after: Versioned) -> Versioned:
    return after.model_copy(update={"version": before.version + 1})
