"""What a parent, the desk or the clock can do, one verb per function."""
