"""Parses posted forms, URL-encoded or multipart. The encoding is checked strictly; the text of a field is cleaned."""

import io
import unicodedata
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

from chalicelib.errors import BadRequest, PayloadTooLarge
from chalicelib.handlers.http.visit import Visit

URLENCODED = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"
ANY_CONTENT_TYPE = "*/*"
"""For bodies that are not read, or checked by their signature alone: the bank may send any Content-Type, or none."""

MAX_BYTES = 100_000
MAX_FIELDS = 60
MAX_BYTES_WITH_FILE = 10_000_000
"""API Gateway's limit. A file beyond the portal's own, smaller limit gets an error message at its field."""

MAX_FILENAME_LENGTH = 255


class File(NamedTuple):
    """An uploaded file: its cleaned name and its bytes; both empty when none was chosen."""

    filename: str = ""
    content: bytes = b""


class MultipartForm(NamedTuple):
    """Fields by name, and files by the name of their field; each name once."""

    fields: dict[str, str]
    files: dict[str, File]


def parse_form(body: bytes) -> dict[str, str]:
    """Returns the fields of a URL-encoded form. Raises PayloadTooLarge, or BadRequest for what no browser sends."""
    if len(body) > MAX_BYTES:
        raise PayloadTooLarge
    return parse_urlencoded(body)


def parse_urlencoded(encoded: bytes) -> dict[str, str]:
    """Returns the name=value pairs, each name once, in valid UTF-8. Raises BadRequest."""
    try:
        pairs = parse_qsl(encoded.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=MAX_FIELDS)
    except ValueError as failure:
        raise BadRequest from failure
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise BadRequest
    return fields


def text_field(form: Mapping[str, str], name: str) -> str:
    """Returns a field as one line: no invisible character, single spaces, composed accents (NFC); "" when absent."""
    text = unicodedata.normalize("NFC", form.get(name, ""))
    spaced = (" " if sign.isspace() else sign for sign in text)
    return " ".join("".join(sign for sign in spaced if unicodedata.category(sign)[0] != "C").split())


def multiline_field(form: Mapping[str, str], name: str) -> str:
    """Returns a field of several lines, each cleaned; "" when absent."""
    typed = form.get(name, "").replace("\r\n", "\n").split("\n")
    return "\n".join(text_field({name: one}, name) for one in typed).strip()


def compact_field(form: Mapping[str, str], name: str) -> str:
    """Returns a field without any space: identifiers, codes, postcodes."""
    return text_field(form, name).replace(" ", "")


def raw_field(form: Mapping[str, str], name: str) -> str:
    """Returns a field exactly as typed: passwords, tokens."""
    return form.get(name, "")


def parse_multipart(visit: Visit) -> MultipartForm:
    """Returns the posted form. Raises BadRequest, PayloadTooLarge, or Forbidden for a CSRF token of another browser."""
    if len(visit.body) > MAX_BYTES_WITH_FILE:
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
    from multipart import parse_options_header  # imported here: only one form needs it, and it slows the cold start

    boundary: str = parse_options_header(visit.headers.get("content-type", ""))[1].get("boundary", "")
    if not boundary:
        raise BadRequest
    return boundary


def parse_parts(body: bytes, boundary: str) -> list[Any]:
    """Returns the parts, all in memory: nothing is written to the Lambda's small disk. Raises BadRequest."""
    from multipart import MultipartError, MultipartParser

    limits = {"spool_limit": MAX_BYTES_WITH_FILE, "memory_limit": MAX_BYTES_WITH_FILE, "part_limit": MAX_FIELDS}
    try:
        parser = MultipartParser(io.BytesIO(body), boundary, content_length=len(body), strict=True, **limits)
        return list(parser)
    except (MultipartError, UnicodeError) as failure:
        raise BadRequest from failure


def text_of(part: Any) -> str:
    if part.size > MAX_BYTES:
        raise PayloadTooLarge
    try:
        return bytes(part.raw).decode()
    except UnicodeError as failure:
        raise BadRequest from failure


def file_of(part: Any) -> File:
    """Returns the file; folders and control characters are removed from its name, which only the family sees."""
    name = text_field({"name": part.filename or ""}, "name").replace("\\", "/").rpartition("/")[2]
    return File(name[:MAX_FILENAME_LENGTH], part.raw)
