"""Files that families send as proofs: three that are what they say, and many that are not."""

import struct
import zlib

PDF = b"%PDF-1.7\n1 0 obj <</Type /Catalog>> endobj\nxref\n0 1\ntrailer <</Root 1 0 R>>\nstartxref\n50\n%%EOF\n"


def chunk(name: bytes, data: bytes = b"") -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(width: int = 1, height: int = 1) -> bytes:
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"\0" * height * (width + 1))) + chunk(b"IEND")


def segment(marker: int, data: bytes) -> bytes:
    return b"\xff" + bytes([marker]) + struct.pack(">H", len(data) + 2) + data


def jpeg(width: int = 1, height: int = 1) -> bytes:
    frame = segment(0xC0, b"\x08" + struct.pack(">HH", height, width) + b"\x01\x01\x11\x00")
    return b"\xff\xd8" + segment(0xE0, b"JFIF\0") + frame + segment(0xDA, b"\x01\x01\x00\x00\x3f\x00") + b"\x7f\xff\xd9"


PNG, JPEG = png(), jpeg()

IMPOSTORS = {
    "empty": b"",
    "a web page": b"<!doctype html><script>alert(1)</script>",
    "a drawing with a script": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "a GIF": b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff;",
    "an archive": b"PK\x03\x04" + b"\0" * 60,
    "a program": b"MZ\x90\x00" + b"\0" * 60,
    "a PDF header on a web page": b"%PDF-1.7\n<html><script>alert(1)</script></html>",
    "a PDF behind a web page": b"<html></html>" + PDF,
    "a PDF cut short": PDF[:40],
    "a PNG header on a web page": PNG[:8] + b"<html><script>alert(1)</script></html>",
    "a PNG with a header that lies": PNG.replace(struct.pack(">II", 1, 1), struct.pack(">II", 1, 9)),
    "a PNG of no size": png(0, 1),
    "a PNG cut short": PNG[:-12],
    "a PNG without image": PNG[:33] + chunk(b"IEND"),
    "a JPEG header on a web page": b"\xff\xd8\xff<html><script>alert(1)</script></html>",
    "a JPEG cut short": JPEG[:-2],
    "a JPEG of no size": jpeg(0, 1),
    "a JPEG without frame": b"\xff\xd8" + segment(0xDA, b"\x01\x01\x00\x00\x3f\x00") + b"\x7f\xff\xd9",
}
