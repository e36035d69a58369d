"""What a drawing gives back: the document, and the characters it could not draw."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Drawing:
    """One PDF. `missing_characters`: those the font has not, sorted, each once; they are drawn as « � »."""

    content: bytes
    missing_characters: str
