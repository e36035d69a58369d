"""The files that the command reads and writes."""
