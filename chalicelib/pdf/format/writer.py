"""Writes a PDF file: numbered objects, object streams, cross-reference stream (ISO 32000-1, 7.5).

Objects other than streams go into compressed object streams: an invoice has a hundred small objects for screen
readers, and would be a third larger without.
"""

import zlib
from hashlib import sha256

HEADER = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
OBJECTS_PER_STREAM = 400
"""A reader decompresses a whole object stream to read any of its objects."""


class Objects:
    """Objects by number. `taken`: how many numbers, from 1, the caller will fill itself."""

    def __init__(self, *, taken: int = 0) -> None:
        self.count = taken
        self.plain: dict[int, str] = {}
        self.streams: dict[int, bytes] = {}

    def reserve(self) -> int:
        """Returns a new number, for references made before the object."""
        self.count += 1
        return self.count

    def add(self, body: str) -> int:
        """Add an object with this body (Latin-1, references as « 12 0 R »). Returns its number."""
        number = self.reserve()
        self.plain[number] = body
        return number

    def add_stream(self, entries: str, data: bytes, *, filtered: bool = False) -> int:
        """Add a stream with these dictionary entries; `filtered`: they name the filter already. Returns its number."""
        number = self.reserve()
        self.put_stream(number, entries, data, filtered=filtered)
        return number

    def put_stream(self, number: int, entries: str, data: bytes, *, filtered: bool = False) -> None:
        if not filtered:
            entries, data = f"{entries}/Filter/FlateDecode", zlib.compress(data)
        head = f"<<{entries}/Length {len(data)}>>stream\n".encode("latin-1")
        self.streams[number] = head + data + b"\nendstream"

    def file(self, *, root: int, info: int) -> bytes:
        """Returns the bytes of the file; its identifier is a hash of its content."""
        places = self.pack()
        body = bytearray(HEADER)
        for number, stream in self.streams.items():
            places[number] = (1, len(body), 0)
            body += b"%d 0 obj\n%b\nendobj\n" % (number, stream)
        start = len(body)
        body += self.index(places, start=start, identifier=sha256(body).hexdigest()[:32], root=root, info=info)
        return bytes(body + b"startxref\n%d\n%%%%EOF\n" % start)

    def pack(self) -> dict[int, tuple[int, int, int]]:
        """Put the plain objects into object streams. Returns number → cross-reference row (kind, stream, rank)."""
        numbers = list(self.plain)
        places = {}
        for start in range(0, len(numbers), OBJECTS_PER_STREAM):
            packed = numbers[start : start + OBJECTS_PER_STREAM]
            stream = self.add_pack(packed)
            places.update({number: (2, stream, rank) for rank, number in enumerate(packed)})
        return places

    def add_pack(self, numbers: list[int]) -> int:
        bodies = [self.plain[number].encode("latin-1") for number in numbers]
        offsets, offset = [], 0
        for body in bodies:
            offsets.append(offset)
            offset += len(body) + 1
        head = " ".join(f"{number} {offset}" for number, offset in zip(numbers, offsets, strict=True)) + "\n"
        entries = f"/Type/ObjStm/N {len(numbers)}/First {len(head)}"
        return self.add_stream(entries, head.encode() + b"\n".join(bodies))

    def index(
        self, places: dict[int, tuple[int, int, int]], *, start: int, identifier: str, root: int, info: int
    ) -> bytes:
        """Returns the cross-reference stream: seven bytes for each number."""
        number = self.reserve()
        places |= {0: (0, 0, 65535), number: (1, start, 0)}
        rows = b"".join(
            b"%c%b%b" % (kind, place.to_bytes(4, "big"), rank.to_bytes(2, "big"))
            for kind, place, rank in (places[n] for n in range(self.count + 1))
        )
        entries = f"/Type/XRef/Size {self.count + 1}/W[1 4 2]/Root {root} 0 R/Info {info} 0 R"
        self.put_stream(number, f"{entries}/ID[<{identifier}><{identifier}>]", rows)
        return b"%d 0 obj\n%b\nendobj\n" % (number, self.streams[number])


def pdf_string(text: str) -> str:
    """Returns a PDF string: literal if ASCII, else UTF-16 in hexadecimal."""
    if text.isascii():
        return "(" + text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)") + ")"
    return f"<feff{text.encode('utf-16-be').hex()}>"
