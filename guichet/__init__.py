"""The office's command line: `python -m guichet`, one file per noun. Not deployed."""
