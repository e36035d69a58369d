"""Paybox System: the signed payment form (request) and the signed notice (IPN)."""
