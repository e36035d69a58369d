"""The French sentences of the command."""
