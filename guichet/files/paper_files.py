"""The paper batch of a campaign on its way to the print room: its PDF and its list, as files of the context."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

from chalicelib.errors import NotFound
from chalicelib.services.mailing import s3_names
from chalicelib.services.mailing.context import MailingContext
from chalicelib.services.mailing.paper import paper_part, paper_parts
from chalicelib.wording.guide import typeset
from guichet.console import ExitCode, say, stop
from guichet.output_file import reserved

Named = Callable[[str], str]


def save_paper(run: str, context: MailingContext, *, paper: Path | None, listed: Path | None) -> None:
    """Write the PDF, its list or both, in new files: all of them, or none. Ends the command when there is no batch."""
    parts = _parts(run, context)
    wanted = [(path, named) for path, named in ((paper, s3_names.paper_file), (listed, s3_names.paper_list)) if path]
    files = [one for path, named in wanted for one in _files(parts, path, named)]
    with ExitStack() as stack:
        fills = [stack.enter_context(reserved(path)) for path, _ in files]
        for (_, name), fill in zip(files, fills, strict=True):
            fill(context.stores.mailing_files.read(run, name))
    for path, _ in files:
        say(typeset("Enregistré : ") + str(path))


def _parts(run: str, context: MailingContext) -> list[str]:
    """The parts that hold something: one of which no document could be bound has no file."""
    try:
        parts = paper_parts(run, context=context)
        made = [part for part in parts if paper_part(run, part, context=context).pages]
    except NotFound:
        made = []
    if not made:
        stop(ExitCode.REFUSED, typeset("Cette campagne n’a pas de lot à imprimer."))
    return made


def _files(parts: Sequence[str], path: Path, named: Named) -> Iterator[tuple[Path, str]]:
    """Where each part goes, and what it is called in the campaign's folder; several parts are numbered."""
    for part in parts:
        yield (path if len(parts) == 1 else path.with_stem(f"{path.stem}-{part}")), named(part)
