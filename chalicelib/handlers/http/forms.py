"""What browsers post: parsed strictly, cleaned forgivingly."""

import unicodedata
from collections.abc import Mapping
from urllib.parse import parse_qsl

from chalicelib.errors import BadRequest, PayloadTooLarge

URLENCODED = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"
ANYTHING = "*/*"
"""For bodies that are not read, or whose signature alone decides: a bank may name their kind as it likes, or not."""

MOST_OCTETS = 100_000
MOST_FIELDS = 60


def parse_form(body: bytes) -> dict[str, str]:
    """The fields of a posted form. Raises PayloadTooLarge, or BadRequest for what no browser sends for us."""
    if len(body) > MOST_OCTETS:
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
