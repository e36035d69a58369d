"""What a family changes or asks for on its account, and its import, export and erasure."""
