"""The desk's bank: a simulator of Paybox System, strict about what it receives, playing any outcome one asks for."""

from local.paybox.keys import public_key_pem

__all__ = ["public_key_pem"]
