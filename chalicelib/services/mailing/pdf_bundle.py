"""The drawn papers of a batch as one object: one read brings two hundred PDFs to the task that mails them."""

import json
from collections.abc import Mapping


def packed(papers: Mapping[str, bytes]) -> bytes:
    """PDFs by number as one file: a line of JSON that says where each stands, then all of them."""
    places, offset = {}, 0
    for number, content in papers.items():
        places[number] = [offset, len(content)]
        offset += len(content)
    return json.dumps(places).encode() + b"\n" + b"".join(papers.values())


def unpacked(content: bytes) -> dict[str, memoryview]:
    """What `packed` was given; nothing is copied."""
    start = content.index(b"\n")
    places: dict[str, list[int]] = json.loads(content[:start])
    body = memoryview(content)[start + 1 :]
    return {number: body[offset : offset + length] for number, (offset, length) in places.items()}
