"""Benchmarks, each compared with a peer or a floor in the same run: `make bench`, or one: `python -m bench.pages`."""
