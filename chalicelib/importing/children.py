"""CSV file *enfants*: one child per line, with its family number."""

from collections.abc import Iterator
from typing import Any, BinaryIO

from chalicelib.domain.family import Child
from chalicelib.importing import cells
from chalicelib.importing.cells import optional, required, text
from chalicelib.importing.records import Record, read_rows
from chalicelib.wording import importing as wording

FamilyChild = tuple[str, Child]
"""A family number and one of its children."""

PARSERS = {
    "famille": required(cells.identifier),
    "nom": required(text),
    "prenom": required(text),
    "date_naissance": optional(cells.day),
    "ecole": text,
    "classe": text,
    "activites": cells.texts,
}


def read_children(stream: BinaryIO) -> Iterator[Record[FamilyChild]]:
    """Yields the children of a seekable file, in its order. Raises FileRefused."""
    key = ["famille", "nom", "prenom", "date_naissance"]
    return read_rows(stream, PARSERS, _child, key=key, kind=wording.CHILDREN, may_be_empty=True)


def _child(values: dict[str, Any]) -> FamilyChild:
    return values["famille"], Child(
        last_name=values["nom"],
        first_name=values["prenom"],
        born_on=values["date_naissance"],
        school=values["ecole"],
        class_name=values["classe"],
        activities=values["activites"],
    )
