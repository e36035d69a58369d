"""Detection of the type of an uploaded proof by its content: PDF, JPEG or PNG, truncated files refused."""

import re
import struct
import zlib
from enum import Enum

MAX_BYTES = 4 * 1024 * 1024
"""« 4 Mo »: the largest upload that API Gateway passes in base64 (6 MB per event)."""

PDF_HEADER = re.compile(rb"(?:\xef\xbb\xbf)*[\s\0]{0,1000}%PDF-[12]\.")
"""Scanners and mail programs put a byte order mark or a blank line before it; readers look in the first kilobyte."""

PDF_PADDING = b"\0\x1a \t\r\n"
"""What fills a file up after its end, to a whole block for instance."""

PDF_TRAILER_BYTES = 1024
PNG_MAGIC = b"\x89PNG\r\n\x1a\n"
JPEG_MAGIC = b"\xff\xd8\xff"
JPEG_END = b"\xff\xd9"
JPEG_SCAN = 0xDA
JPEG_FRAMES = set(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""Start-of-frame markers; the three others in that range are tables."""


class ProofKind(Enum):
    """File name extension of each accepted kind."""

    PDF = "pdf"
    JPEG = "jpg"
    PNG = "png"


def kind_of(content: bytes) -> ProofKind | None:
    """Returns the kind of a file, whatever its name; None for anything else, truncated files included."""
    checks = {ProofKind.PDF: is_pdf, ProofKind.JPEG: is_jpeg, ProofKind.PNG: is_png}
    return next((kind for kind, is_one in checks.items() if is_one(content)), None)


def is_pdf(content: bytes) -> bool:
    """Whether it starts with a PDF header and ends with `startxref` and `%%EOF`."""
    return is_whole_pdf(content) and b"startxref" in _pdf_tail(content)


def is_whole_pdf(content: bytes) -> bool:
    """Whether it starts with a PDF header and ends with `%%EOF`, blanks and padding around them left out."""
    return PDF_HEADER.match(content) is not None and b"%%EOF" in _pdf_tail(content)


def _pdf_tail(content: bytes) -> bytes:
    return content.rstrip(PDF_PADDING)[-PDF_TRAILER_BYTES:]


def is_png(content: bytes) -> bool:
    """Whether its chunks follow each other from a valid IHDR, checksum included, to IEND."""
    header = content[8:33]
    if not content.startswith(PNG_MAGIC) or len(header) < 25 or header[:8] != b"\x00\x00\x00\x0dIHDR":
        return False
    width, height = struct.unpack(">II", header[8:16])
    if not (width and height) or zlib.crc32(header[4:21]) != int.from_bytes(header[21:25], "big"):
        return False
    at, seen_image = 33, False
    while at + 12 <= len(content):
        length, name = int.from_bytes(content[at : at + 4], "big"), content[at + 4 : at + 8]
        if name == b"IEND":
            return seen_image
        seen_image = seen_image or name == b"IDAT"
        at += 12 + length
    return False


def is_jpeg(content: bytes) -> bool:
    """Whether its segments lead to a frame with a size, then to a scan, and the end marker follows."""
    if not content.startswith(JPEG_MAGIC):
        return False
    at, seen_frame = 2, False
    while at + 4 <= len(content) and content[at] == 0xFF:
        marker, length = content[at + 1], int.from_bytes(content[at + 2 : at + 4], "big")
        if marker == JPEG_SCAN:
            return seen_frame and JPEG_END in content[at:]
        if marker in JPEG_FRAMES:
            seen_frame = any(content[at + 5 : at + 7]) and any(content[at + 7 : at + 9])
        at += 2 + length
    return False
