"""Invoices: imported as billing runs, checked, published, read, drawn, purged."""
