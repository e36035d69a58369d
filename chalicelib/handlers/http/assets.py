"""Static files, in the town's colour; their URL holds a hash of their content, so browsers may cache them for ever."""

import functools
import hashlib
from pathlib import Path

from chalicelib.domain.town_settings import Town
from chalicelib.errors import NotFound

STATIC_FOLDER = Path(__file__).parent.parent.parent / "static"
CONTENT_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
}
ACCENT = b"#0b5563"
"""The colour written in the style sheet, replaced by the town's own."""


@functools.cache
def static_files(town: Town) -> dict[str, bytes]:
    """Returns name → content of every static file, in the town's colour, with the town's logo when it has one."""
    found = {path.name: path.read_bytes() for path in sorted(STATIC_FOLDER.iterdir()) if path.suffix in CONTENT_TYPES}
    ours = {name: content.replace(ACCENT, town.accent.encode()) for name, content in found.items()}
    return ours | ({"logo.svg": town.logo.encode()} if town.logo else {})


@functools.cache
def static_version(town: Town) -> str:
    """Returns twelve hexadecimal digits, a hash of all files with the town's colour and logo."""
    content_hash = hashlib.sha256()
    for name, content in static_files(town).items():
        content_hash.update(name.encode() + b"\0" + content)
    return content_hash.hexdigest()[:12]


def static_file(name: str, town: Town) -> tuple[bytes, str]:
    """Returns a file's bytes and content type. Raises NotFound."""
    content = static_files(town).get(name)
    if content is None:
        raise NotFound
    return content, CONTENT_TYPES[Path(name).suffix]
