"""The archive that a workbook (.xlsx, .ods) is, copied within limits before anything parses it.

A few kilobytes may unpack into gigabytes, and the archive's directory may lie about it: members are read up to what the
directory says, within a limit, and those that are needed are copied into an archive that holds nothing else.
"""

import shutil
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from enum import Enum
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, cast

from chalicelib.importing.rows import BadLine, FileRefused
from chalicelib.wording import importing, workbooks

MOST_BYTES = 50_000_000
"""Of all members together, unpacked."""

MOST_MEMBERS = 2_000
IN_MEMORY = 8_000_000
"""Bytes of the copy kept in memory before they are written to a temporary file."""

CHUNK = 65_536
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How archives begin, and how .xls and workbooks with a password do."""

BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, ValueError, OSError)
"""What reading a damaged or encrypted archive raises."""


class WorkbookKind(Enum):
    """The member that only such a workbook has."""

    XLSX = "xl/workbook.xml"
    ODS = "content.xml"


def begins_like_workbook(stream: BinaryIO) -> bool:
    """Whether a seekable stream is an archive. Raises FileRefused for an old or protected workbook."""
    stream.seek(0)
    start = stream.read(len(OLE))
    if start == OLE:
        raise FileRefused(BadLine(1, "", workbooks.OLD_WORKBOOK))
    return start.startswith(ZIP)


@contextmanager
def open_archive(stream: BinaryIO) -> Iterator[tuple[WorkbookKind, zipfile.ZipFile]]:
    """Yields the kind of a workbook and its archive, whose members are at most MOST_BYTES together once unpacked.

    `zipfile` reads of a member what the directory says and no more. Raises FileRefused for any other archive, and in
    place of what a damaged one raises within the context.
    """
    stream.seek(0)
    try:
        with zipfile.ZipFile(stream) as archive:
            members = archive.infolist()
            kind = _kind_of(archive)
            if len(members) > MOST_MEMBERS or sum(one.file_size for one in members) > MOST_BYTES:
                raise FileRefused(BadLine(1, "", workbooks.large_workbook(MOST_BYTES)))
            yield kind, archive
    except BROKEN as failure:
        raise FileRefused(BadLine(1, "", workbooks.BROKEN_WORKBOOK)) from failure


def members_of(archive: zipfile.ZipFile) -> dict[str, str]:
    """Returns the members by `plain` name: some programs write capitals or backslashes where Excel does not."""
    return {plain(name): name for name in archive.namelist()}


def plain(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").lower()


@contextmanager
def copied(archive: zipfile.ZipFile, members: Mapping[str, str]) -> Iterator[BinaryIO]:
    """Yields a new archive with these members and no other, for a library that reads as much as it finds.

    `members`: the name that each has there → its name in this one.
    """
    with SpooledTemporaryFile(IN_MEMORY) as file:
        with zipfile.ZipFile(file, "w") as copy:
            for name, member in sorted(members.items()):
                with archive.open(member) as content, copy.open(name, "w") as written:
                    shutil.copyfileobj(content, written, CHUNK)
        file.seek(0)
        yield cast(BinaryIO, file)


def _kind_of(archive: zipfile.ZipFile) -> WorkbookKind:
    """Raises FileRefused for a document of another kind."""
    names = members_of(archive)
    if "xl/workbook.bin" in names:
        raise FileRefused(BadLine(1, "", workbooks.OLD_WORKBOOK))
    if WorkbookKind.XLSX.value in names:
        return WorkbookKind.XLSX
    if {WorkbookKind.ODS.value, "mimetype"} <= names.keys() and b"spreadsheet" in archive.open(names["mimetype"]).read(
        100
    ):
        return WorkbookKind.ODS
    raise FileRefused(BadLine(1, "", importing.NOT_TEXT))
