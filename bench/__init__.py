"""Measurements, each beside its peer or its floor in the same run: `make bench`, or one: `python -m bench.pages`."""
