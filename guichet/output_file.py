"""Files that an agent names for the desk to write: a new one each time, or a sentence that says why not."""

import errno
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from chalicelib.wording.guide import typeset
from guichet.console import ExitCode, stop

Fill = Callable[[bytes], None]

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
"""What the system refuses; its own text, which may be in English, for the rest."""


@contextmanager
def reserved(path: Path) -> Iterator[Fill]:
    """A new file, empty until it is filled: taken before what cannot be undone, gone again if nothing fills it.

    Nothing of the desk's is overwritten. Ends the command when the file is there, or cannot be written.
    """
    try:
        out = path.open("xb")
    except OSError as failure:
        stop(ExitCode.REFUSED, refusal_of(path, failure))
    filled = False

    def fill(content: bytes) -> None:
        nonlocal filled
        try:
            out.write(content)
            out.flush()
        except OSError as failure:
            stop(ExitCode.REFUSED, refusal_of(path, failure))
        filled = True

    try:
        with out:
            yield fill
    except BaseException:
        filled = False
        raise
    finally:
        if not filled:
            _remove(path)


def write_new(path: Path, content: bytes) -> None:
    """Write a file that was not there. Ends the command when it is, or cannot be written."""
    with reserved(path) as fill:
        fill(content)


def write_again(path: Path, content: bytes) -> None:
    """Write a file of ours, whole or not at all: what an earlier command wrote there stays until then."""
    beside = path.with_name(f"{path.name}.partiel")
    try:
        beside.write_bytes(content)
        beside.replace(path)
    except OSError as failure:
        _remove(beside)
        stop(ExitCode.REFUSED, refusal_of(path, failure))


def open_folder(path: Path) -> None:
    """Make the folder unless it is there, and see that it can be written in. Ends the command when it cannot."""
    try:
        path.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path):
            pass
    except FileExistsError:
        stop(ExitCode.REFUSED, f"{path} n’est pas un dossier.")
    except OSError as failure:
        stop(ExitCode.REFUSED, refusal_of(path, failure))


def refusal_of(path: Path, failure: OSError) -> str:
    """Why nothing can be written there."""
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
