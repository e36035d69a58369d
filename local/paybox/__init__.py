"""Simulator of Paybox System, the bank's payment page: strict validation of forms, any outcome on demand."""

from local.paybox.keys import public_key_pem

__all__ = ["public_key_pem"]
