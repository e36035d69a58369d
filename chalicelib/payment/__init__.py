"""Paybox System: the signed form that goes out, the signed notice that comes in."""
