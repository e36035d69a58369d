"""The portal's few static files, served under a version that changes with them, so they may be kept for ever."""

import functools
import hashlib
from pathlib import Path

from chalicelib.errors import NotFound

FOLDER = Path(__file__).parent.parent / "static"
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
}
ACCENT = b"#0b5563"
"""The colour written in the style sheet, replaced by the town's own."""


@functools.cache
def files(accent: str) -> dict[str, bytes]:
    """Every static file by its name, in the town's colour (« #rrggbb »)."""
    found = {path.name: path.read_bytes() for path in sorted(FOLDER.iterdir()) if path.suffix in TYPES}
    return {name: content.replace(ACCENT, accent.encode()) for name, content in found.items()}


@functools.cache
def version(accent: str) -> str:
    """Twelve hexadecimal digits that change whenever a file or the colour does."""
    everything = hashlib.sha256()
    for name, content in files(accent).items():
        everything.update(name.encode() + b"\0" + content)
    return everything.hexdigest()[:12]


def asset(name: str, accent: str) -> tuple[bytes, str]:
    """A file's bytes and content type. Raises NotFound."""
    content = files(accent).get(name)
    if content is None:
        raise NotFound
    return content, TYPES[Path(name).suffix]
