"""Forms that carry a file: parsed in memory, as strictly as the others, and their token checked like the others'."""

import io
from typing import Any, NamedTuple

from chalicelib.errors import BadRequest, PayloadTooLarge
from chalicelib.handlers.http import csrf
from chalicelib.handlers.http.forms import MOST_FIELDS, MOST_OCTETS, line
from chalicelib.handlers.http.routing import require_token
from chalicelib.handlers.http.visit import Visit

MOST_OCTETS_WITH_FILE = 10_000_000
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
    if len(visit.body) > MOST_OCTETS_WITH_FILE:
        raise PayloadTooLarge
    parts = parse_parts(visit.body, boundary_of(visit))
    names = [part.name for part in parts]
    if len(set(names)) != len(names):
        raise BadRequest
    fields = {part.name: text_of(part) for part in parts if part.filename is None}
    files = {part.name: file_of(part) for part in parts if part.filename is not None}
    require_token(visit, fields.get(csrf.FIELD, ""))
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

    limits = {"spool_limit": MOST_OCTETS_WITH_FILE, "memory_limit": MOST_OCTETS_WITH_FILE, "part_limit": MOST_FIELDS}
    try:
        parser = MultipartParser(io.BytesIO(body), boundary, content_length=len(body), strict=True, **limits)
        return list(parser)
    except (MultipartError, UnicodeError) as failure:
        raise BadRequest from failure


def text_of(part: Any) -> str:
    if part.size > MOST_OCTETS:
        raise PayloadTooLarge
    try:
        return bytes(part.raw).decode()
    except UnicodeError as failure:
        raise BadRequest from failure


def file_of(part: Any) -> File:
    """Its name is for the family's eyes only: a folder is cut off, control characters are dropped."""
    name = line({"name": part.filename or ""}, "name").replace("\\", "/").rpartition("/")[2]
    return File(name[:LONGEST_FILENAME], part.raw)
