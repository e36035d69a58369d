"""Posted forms, with or without a file: parsed strictly, cleaned forgivingly."""

import io
import unicodedata
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

from chalicelib.errors import BadRequest, PayloadTooLarge
from chalicelib.handlers.http.visit import Visit

URLENCODED = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"
ANYTHING = "*/*"
"""For bodies that are not read, or whose signature alone decides: a bank may name their kind as it likes, or not."""

MOST_BYTES = 100_000
MOST_FIELDS = 60


def parse_form(body: bytes) -> dict[str, str]:
    """The fields of a posted form. Raises PayloadTooLarge, or BadRequest for what no browser sends for us."""
    if len(body) > MOST_BYTES:
        raise PayloadTooLarge
    return parse_pairs(body)


def parse_pairs(encoded: bytes) -> dict[str, str]:
    """name=value pairs, each name once, in valid UTF-8. Raises BadRequest."""
    try:
        pairs = parse_qsl(encoded.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS)
    except ValueError as failure:
        raise BadRequest from failure
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise BadRequest
    return fields


def line(form: Mapping[str, str], name: str) -> str:
    """A field as one clean line: no invisible character, single spaces, composed accents; empty when absent."""
    text = unicodedata.normalize("NFC", form.get(name, ""))
    shown = (" " if sign.isspace() else sign for sign in text)
    return " ".join("".join(sign for sign in shown if unicodedata.category(sign)[0] != "C").split())


def lines(form: Mapping[str, str], name: str) -> str:
    """A field of several lines, each of them clean; empty when absent."""
    typed = form.get(name, "").replace("\r\n", "\n").split("\n")
    return "\n".join(line({name: one}, name) for one in typed).strip()


def compact(form: Mapping[str, str], name: str) -> str:
    """A field without any space: identifiers, codes, postcodes."""
    return line(form, name).replace(" ", "")


def exact(form: Mapping[str, str], name: str) -> str:
    """A field as it was typed: passwords."""
    return form.get(name, "")


MOST_BYTES_WITH_FILE = 10_000_000
"""What API Gateway lets in. A file beyond its own limit is refused by its field, in a sentence."""

LONGEST_FILENAME = 255


class File(NamedTuple):
    """A file as it was sent: what its owner calls it, on one clean line, and its bytes. Empty when none was chosen."""

    filename: str = ""
    content: bytes = b""


class MultipartForm(NamedTuple):
    """Fields by name, and files by the name of their field; each name once."""

    fields: dict[str, str]
    files: dict[str, File]


def parse_multipart(visit: Visit) -> MultipartForm:
    """The posted form. Raises BadRequest, PayloadTooLarge, or Forbidden when its token is not this browser's."""
    if len(visit.body) > MOST_BYTES_WITH_FILE:
        raise PayloadTooLarge
    parts = parse_parts(visit.body, boundary_of(visit))
    names = [part.name for part in parts]
    if len(set(names)) != len(names):
        raise BadRequest
    fields = {part.name: text_of(part) for part in parts if part.filename is None}
    files = {part.name: file_of(part) for part in parts if part.filename is not None}
    visit.require_form_token(fields)
    return MultipartForm(fields, files)


def boundary_of(visit: Visit) -> str:
    from multipart import parse_options_header  # for the one form with a file: other cold starts do not wait for it

    boundary: str = parse_options_header(visit.headers.get("content-type", ""))[1].get("boundary", "")
    if not boundary:
        raise BadRequest
    return boundary


def parse_parts(body: bytes, boundary: str) -> list[Any]:
    """Everything stays in memory: a Lambda's disk is not ours to fill. Raises BadRequest."""
    from multipart import MultipartError, MultipartParser

    limits = {"spool_limit": MOST_BYTES_WITH_FILE, "memory_limit": MOST_BYTES_WITH_FILE, "part_limit": MOST_FIELDS}
    try:
        parser = MultipartParser(io.BytesIO(body), boundary, content_length=len(body), strict=True, **limits)
        return list(parser)
    except (MultipartError, UnicodeError) as failure:
        raise BadRequest from failure


def text_of(part: Any) -> str:
    if part.size > MOST_BYTES:
        raise PayloadTooLarge
    try:
        return bytes(part.raw).decode()
    except UnicodeError as failure:
        raise BadRequest from failure


def file_of(part: Any) -> File:
    """Its name is for the family's eyes only: a folder is cut off, control characters are dropped."""
    name = line({"name": part.filename or ""}, "name").replace("\\", "/").rpartition("/")[2]
    return File(name[:LONGEST_FILENAME], part.raw)
