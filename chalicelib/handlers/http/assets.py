"""The portal's few static files, served under a version that changes with them, so they may be kept for ever."""

import functools
import hashlib
from pathlib import Path

from chalicelib.domain.town_settings import Town
from chalicelib.errors import NotFound

FOLDER = Path(__file__).parent.parent.parent / "static"
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
def files(town: Town) -> dict[str, bytes]:
    """Every static file by its name, in the town's colour, with the town's logo when it has one."""
    found = {path.name: path.read_bytes() for path in sorted(FOLDER.iterdir()) if path.suffix in TYPES}
    ours = {name: content.replace(ACCENT, town.accent.encode()) for name, content in found.items()}
    return ours | ({"logo.svg": town.logo.encode()} if town.logo else {})


@functools.cache
def version(town: Town) -> str:
    """Twelve hexadecimal digits that change whenever a file, the colour or the logo does."""
    everything = hashlib.sha256()
    for name, content in files(town).items():
        everything.update(name.encode() + b"\0" + content)
    return everything.hexdigest()[:12]


def asset(name: str, town: Town) -> tuple[bytes, str]:
    """A file's bytes and content type. Raises NotFound."""
    content = files(town).get(name)
    if content is None:
        raise NotFound
    return content, TYPES[Path(name).suffix]
