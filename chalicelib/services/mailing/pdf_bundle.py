"""Bundle of a batch's PDFs as one S3 object: one read brings two hundred PDFs to the task that mails them."""

import json
from collections.abc import Mapping


def bundle(pdfs: Mapping[str, bytes]) -> bytes:
    """Returns PDFs by invoice number as one file: a JSON line with offset and length of each, then their bytes."""
    places, offset = {}, 0
    for number, content in pdfs.items():
        places[number] = [offset, len(content)]
        offset += len(content)
    return json.dumps(places).encode() + b"\n" + b"".join(pdfs.values())


def unbundle(content: bytes) -> dict[str, memoryview]:
    """Returns the PDFs by invoice number, as views on `content`: nothing is copied."""
    start = content.index(b"\n")
    places: dict[str, list[int]] = json.loads(content[:start])
    body = memoryview(content)[start + 1 :]
    return {number: body[offset : offset + length] for number, (offset, length) in places.items()}
