"""Cells on their way to a spreadsheet, where a text that begins like a formula would be run."""

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


def neutralise(cell: str) -> str:
    """The same text, with an apostrophe before what a spreadsheet would take for a formula.

    For texts only: a number or an amount of ours (« -12,00 ») is written as it is.
    """
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell
