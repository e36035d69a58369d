"""Creates the output files of the commands: never overwrites an agent's file, says in French why it cannot write."""

import errno
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from chalicelib.wording.guide import typeset
from guichet.console import ExitCode, stop

WriteContent = Callable[[bytes], None]

REASONS = {
    errno.EACCES: "vous n’avez pas le droit d’y écrire",
    errno.EPERM: "vous n’avez pas le droit d’y écrire",
    errno.EROFS: "ce disque est en lecture seule",
    errno.EISDIR: "c’est un dossier",
    errno.ENOTDIR: "un dossier de ce chemin n’en est pas un",
    errno.ENOSPC: "le disque est plein",
    errno.EDQUOT: "votre part du disque est pleine",
    errno.EFBIG: "le fichier serait trop gros pour ce disque",
    errno.ENAMETOOLONG: "ce nom est trop long",
    errno.ENOENT: "rien ne peut être créé à cet endroit",
}
"""French messages by errno; other errors keep the system's own text, which may be in English."""


@contextmanager
def new_output_file(path: Path) -> Iterator[WriteContent]:
    """Create a new empty file and yield the function that writes its content; removed again if nothing is written.

    Created before what cannot be undone. Never overwrites: ends the command when the file exists or cannot be written;
    an empty one is what an interrupted command left.
    """
    try:
        out = path.open("wb" if _left_empty(path) else "xb")
    except OSError as failure:
        stop(ExitCode.REFUSED, write_error(path, failure))
    written = False

    def write(content: bytes) -> None:
        nonlocal written
        try:
            out.write(content)
            out.flush()
        except OSError as failure:
            stop(ExitCode.REFUSED, write_error(path, failure))
        written = True

    try:
        with out:
            yield write
    except BaseException:
        written = False
        raise
    finally:
        if not written:
            _remove(path)


def _left_empty(path: Path) -> bool:
    return path.is_file() and not path.is_symlink() and path.stat().st_size == 0


def write_output_file(path: Path, content: bytes) -> None:
    """Write a new file. Ends the command when it exists, or cannot be written."""
    with new_output_file(path) as write:
        write(content)


def replace_output_file(path: Path, content: bytes) -> None:
    """Write or replace a file atomically: a file that an earlier command wrote stays until the new one is complete."""
    partial_file = path.with_name(f"{path.name}.partiel")
    try:
        partial_file.write_bytes(content)
        partial_file.replace(path)
    except OSError as failure:
        _remove(partial_file)
        stop(ExitCode.REFUSED, write_error(path, failure))


def open_output_folder(path: Path) -> None:
    """Create the folder if needed, and check that it is writable. Ends the command when it is not."""
    try:
        path.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path):
            pass
    except FileExistsError:
        stop(ExitCode.REFUSED, f"{path} n’est pas un dossier.")
    except OSError as failure:
        stop(ExitCode.REFUSED, write_error(path, failure))


def write_error(path: Path, failure: OSError) -> str:
    """Returns the French message that says why the path cannot be written."""
    if isinstance(failure, FileExistsError):
        return f"{path} " + typeset("est un dossier." if path.is_dir() else "existe déjà : rien n'a été écrit.")
    return f"{path} " + typeset(f"ne peut pas être écrit : {_reason(path, failure)}.")


def _reason(path: Path, failure: OSError) -> str:
    if failure.errno == errno.ENOENT and not path.parent.exists():
        return f"le dossier {path.parent} n’existe pas"
    return REASONS.get(failure.errno or 0) or failure.strerror or str(failure)


def _remove(path: Path) -> None:
    with suppress(OSError):
        os.unlink(path)
