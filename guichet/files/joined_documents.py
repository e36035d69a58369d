"""Writes stored documents to a new PDF: one as its exact bytes, several joined as a paper batch is."""

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from chalicelib.portal import Portal
from chalicelib.services.billing.print_documents import Printable, PrintObstacle
from chalicelib.wording.guide import typeset
from guichet.console import ExitCode, stop, warn
from guichet.output_file import new_output_file

Obstacles = Mapping[PrintObstacle, str]
"""The sentence of each obstacle, with {name} and {run}."""


def write_documents(
    found: Iterable[Printable], path: Path, *, obstacles: Obstacles, apart: str, portal: Portal
) -> tuple[int, ExitCode]:
    """Write the documents and say why each other cannot be. Ends the command, without a file, when none can.

    `apart`: the sentence for a document that does not join others. The file is created first: reading a receipt may
    give it its number. Returns how many were written, and PARTLY when some were not.
    """
    with new_output_file(path) as write:
        every = list(found)
        for one in every:
            if one.obstacle:
                warn(typeset(obstacles[one.obstacle]).format(**one._asdict()))
        written, content = _joined([one for one in every if not one.obstacle], apart, portal)
        if not written:
            stop(ExitCode.REFUSED)
        write(content)
    return written, ExitCode.DONE if written == len(every) else ExitCode.PARTLY


def _joined(documents: Sequence[Printable], apart: str, portal: Portal) -> tuple[int, bytes]:
    """Returns how many documents were joined, and their PDF: that of one alone is its own bytes."""
    if len(documents) == 1:
        return 1, documents[0].content
    with tempfile.TemporaryFile() as out:
        merger, joined = portal.pdf_merger(out), []
        for one in documents:
            try:
                merger.add(one.content)
            except ValueError:
                warn(typeset(apart).format(**one._asdict()))
            else:
                joined.append(one)
        if len(joined) < 2:
            return len(joined), joined[0].content if joined else b""
        merger.close()
        out.seek(0)
        return len(joined), out.read()
