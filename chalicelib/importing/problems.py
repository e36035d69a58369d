"""What can be wrong with a file of the town, told by line, column and reason."""

from dataclasses import dataclass

from chalicelib.errors import PortalError


@dataclass(frozen=True)
class BadLine:
    """One fault: the line as a text editor numbers it (the header is line 1), the column, a French sentence."""

    line: int
    column: str
    reason: str


class CellRefused(ValueError):
    """A cell that cannot be read. `reason`: a sentence of `importing.wording`, for the desk."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class FileRefused(PortalError):
    """A file in which nothing can be read: its encoding or its header is wrong, or no line follows. See `bad_lines`."""

    suggested_status = 422

    def __init__(self, *bad_lines: BadLine) -> None:
        super().__init__(*bad_lines)
        self.bad_lines = bad_lines
