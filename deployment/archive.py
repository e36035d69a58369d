"""Zip files that are the same to the byte whenever the same files go in."""

import hashlib
import zipfile
from pathlib import Path

SAME_INSTANT = (2020, 1, 1, 0, 0, 0)
READABLE = 0o644 << 16


def pack(folder: Path, file: Path) -> None:
    """Write all that is below `folder` into a zip: in one order, with one date and one mode."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            entry = zipfile.ZipInfo(path.relative_to(folder).as_posix(), SAME_INSTANT)
            entry.external_attr, entry.compress_type = READABLE, zipfile.ZIP_DEFLATED
            archive.writestr(entry, path.read_bytes())


def sha256(file: Path) -> str:
    """The file's hash, in hexadecimal."""
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def unpacked_octets(file: Path) -> int:
    """What the zip weighs once Lambda has unpacked it, in bytes."""
    with zipfile.ZipFile(file) as archive:
        return sum(entry.file_size for entry in archive.infolist())
