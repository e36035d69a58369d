"""The desk's command line: `python -m guichet`, one file a noun. Not deployed."""
