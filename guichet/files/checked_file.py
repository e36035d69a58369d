"""The steps of every import: the file is read to its end first, then refused, or its good records are written."""

from collections.abc import Callable, Iterable, Iterator, Sized
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Generic, NoReturn, TypeVar

from chalicelib.importing.records import Record
from chalicelib.importing.rows import BadLine, FileRefused
from chalicelib.wording.guide import typeset
from guichet.console import ExitCode, say, show_bad_lines, stop, warn
from guichet.input_file import open_input_file

Value = TypeVar("Value")

DRY_RUN = typeset("Essai : rien n'a été écrit.")
NOT_IMPORTED = typeset("Rien n'a été importé.")
ADVICE = " Corrigez le fichier, ou relancez avec --garder-les-bonnes."


@dataclass(frozen=True)
class ImportOptions:
    """The command's options; `keep_good`: the good records are written although others are faulty."""

    dry_run: bool = False
    keep_good: bool = False


@dataclass
class FileCheck(Generic[Value]):
    """A file that `read` yields from its beginning, and the result of its first reading.

    `good` and `faulty`: how many records. `spoilt`: the keys (`Record.key`) of those that have problems.
    """

    file: Path
    read: Callable[[], Iterator[Record[Value]]]
    bad_lines: list[BadLine] = field(default_factory=list)
    good: int = 0
    faulty: int = 0
    spoilt: set[str] = field(default_factory=set)
    mended: dict[str, list[int]] = field(default_factory=dict)
    """Column → lines of the good records whose cell was repaired in a way that is to be looked at."""

    def sift(self) -> Iterator[tuple[int, Value]]:
        """Yields the good records with their lines, and collects the faults of the others. Raises FileRefused."""
        for record in self.read():
            self.bad_lines += record.problems
            self.spoilt |= {record.key} if record.problems else set()
            self.faulty += record.value is None
            if record.value is not None:
                self.good += 1
                for column in record.mended:
                    self.mended.setdefault(column, []).append(record.line)
                yield record.line, record.value

    def values(self) -> Iterator[tuple[int, Value]]:
        """Reads the file again. Yields the good records with their lines. Raises FileRefused."""
        return ((record.line, record.value) for record in self.read() if record.value is not None)


@contextmanager
def open_or_refuse(file: Path, sentence: str) -> Iterator[BinaryIO]:
    """Yields the file as a seekable stream. Ends the command with this sentence when it is refused as a whole."""
    with open_input_file(file) as stream:
        try:
            yield stream
        except FileRefused as refusal:
            refuse(file, refusal.bad_lines, sentence)


def refuse(file: Path, bad_lines: Iterable[BadLine], sentence: str) -> NoReturn:
    """Show why a file is refused as a whole, and end the command."""
    show_bad_lines(file, bad_lines)
    stop(ExitCode.REFUSED, sentence)


def write_checked(
    check: FileCheck[Any], refused: Sized, options: ImportOptions, write: Callable[[], bool], *, advice: str = ADVICE
) -> ExitCode:
    """Write what a file's first reading found good, unless a fault or a dry run forbids it. Returns the exit code.

    `refused`: the good records that the portal would refuse. `write` returns whether it left some of them out.
    """
    faulty = bool(check.bad_lines or refused)
    if faulty and not (options.keep_good and check.good > len(refused)):
        warn(NOT_IMPORTED + ("" if options.keep_good else advice))
        return ExitCode.REFUSED
    if options.dry_run:
        say(DRY_RUN)
        return ExitCode.PARTLY if faulty else ExitCode.DONE
    left_out = write()
    return ExitCode.PARTLY if check.bad_lines or left_out else ExitCode.DONE
