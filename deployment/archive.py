"""Reproducible zip archives: the same files give the same bytes."""

import hashlib
import zipfile
from pathlib import Path

FIXED_DATE = (2020, 1, 1, 0, 0, 0)
FILE_MODE = 0o644 << 16


def write_zip(folder: Path, file: Path) -> None:
    """Zip everything below `folder`, sorted, with a fixed date and mode."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            entry = zipfile.ZipInfo(path.relative_to(folder).as_posix(), FIXED_DATE)
            entry.external_attr, entry.compress_type = FILE_MODE, zipfile.ZIP_DEFLATED
            archive.writestr(entry, path.read_bytes())


def sha256(file: Path) -> str:
    """Returns the file's SHA-256, in hexadecimal."""
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def unpacked_bytes(file: Path) -> int:
    """Returns the unpacked size of the zip, in bytes."""
    with zipfile.ZipFile(file) as archive:
        return sum(entry.file_size for entry in archive.infolist())
