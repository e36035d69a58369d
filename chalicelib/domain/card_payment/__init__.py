"""A payment by card: its references, what it pays of each of its invoices."""
