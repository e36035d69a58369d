"""Webhooks: the bank's payment notice."""
