"""Saves the paper batch of a billing run, or a complement, to local files: the PDF to print and its list."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

from chalicelib.errors import NotFound
from chalicelib.services.mailing import s3_names
from chalicelib.services.mailing.complement import Complement, get_complement, print_complement
from chalicelib.services.mailing.context import MailingContext
from chalicelib.services.mailing.paper import paper_part, paper_parts
from chalicelib.wording.guide import typeset
from guichet.console import ExitCode, say, stop
from guichet.display.mailing_display import show_complement
from guichet.output_file import new_output_file

FileName = Callable[[str], str]
NOTHING_WAITS = (
    "Rien n’attend d’être imprimé en complément : tout le papier de cette campagne est dans son lot, ou dans un autre."
)


def save_paper(run: str, context: MailingContext, *, paper: Path | None, listed: Path | None) -> None:
    """Write the PDF, its list or both to new files, all or none. Ends the command if there is no paper batch."""
    parts = _parts(run, context)
    wanted = [
        (path, s3_name) for path, s3_name in ((paper, s3_names.paper_file), (listed, s3_names.paper_list)) if path
    ]
    files = [one for path, s3_name in wanted for one in _files(parts, path, s3_name)]
    with ExitStack() as stack:
        writers = [stack.enter_context(new_output_file(path)) for path, _ in files]
        for (_, name), write in zip(files, writers, strict=True):
            write(context.stores.mailing_files.read(run, name))
    for path, _ in files:
        say(typeset("Enregistré : ") + str(path))


def save_complement(run: str, context: MailingContext, *, paper: Path, listed: Path | None, rank: int | None) -> None:
    """Print what waits, or a complement that was made, and write it to new files, all or none.

    `rank`: the complement to give again; None for what waits, or the last one. The files are created first: a
    complement is made only if it can be saved. Ends the command when there is nothing to print.
    """
    with ExitStack() as stack:
        writers = [(stack.enter_context(new_output_file(path)), path) for path in (paper, listed) if path]
        complement = _complement(run, context, rank)
        show_complement(complement)
        if not complement.paper.pages:
            stop(ExitCode.PARTLY, typeset("Aucun de ces PDF ne se joint : chacun s’imprime à part."))
        part = s3_names.complement_part(complement.rank)
        for (write, _), s3_name in zip(writers, (s3_names.paper_file, s3_names.paper_list), strict=False):
            write(context.stores.mailing_files.read(run, s3_name(part)))
    for _, path in writers:
        say(typeset("Enregistré : ") + str(path))


def _complement(run: str, context: MailingContext, rank: int | None) -> Complement:
    """Returns the complement of this rank, or what is printed now. Ends the command when there is none."""
    try:
        if rank is not None:
            return get_complement(run, rank, context=context)
        complement = print_complement(run, context=context)
    except NotFound:
        stop(
            ExitCode.REFUSED,
            typeset(NOTHING_WAITS if rank is None else f"Cette campagne n’a pas de complément n° {rank}."),
        )
    if complement.empty:
        stop(ExitCode.REFUSED, typeset(NOTHING_WAITS))
    return complement


def _parts(run: str, context: MailingContext) -> list[str]:
    """Returns the parts that have pages: a part of which no document could be merged has no file."""
    try:
        parts = paper_parts(run, context=context)
        printed = [part for part in parts if paper_part(run, part, context=context).pages]
    except NotFound:
        printed = []
    if not printed:
        stop(ExitCode.REFUSED, typeset("Cette campagne n’a pas de lot à imprimer."))
    return printed


def _files(parts: Sequence[str], path: Path, s3_name: FileName) -> Iterator[tuple[Path, str]]:
    """Yields the local path and the S3 name of each part; several parts are numbered."""
    for part in parts:
        yield (path if len(parts) == 1 else path.with_stem(f"{path.stem}-{part}")), s3_name(part)
