"""The encoding of a file, recognised by what French text can be; a file that two encodings read as words is refused.

UTF-8 says so itself. In the encodings of one byte a letter, each word with accents is read in all of them: the same
bytes are Zoé on a Mac, ZoŽ in Windows and ZoÄ in DOS, and only one of the three could be a word. A word that the chosen
encoding cannot have written (a line pasted from elsewhere) is made unreadable: its line is told, no name is garbled.
"""

import codecs
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

from chalicelib.importing.french_letters import IMPOSSIBLE, LOWER, SIGNS, STRANGE, UPPER, doubt_of
from chalicelib.importing.rows import BadLine, FileRefused
from chalicelib.wording import importing as wording

SAMPLE = 4096
"""Bytes read from a file to distinguish a text from an image or another binary file."""

CHUNK = 65_536
"""Bytes of a file read at once."""

CHARACTERS_PER_CONTROL = 20
"""In a text at most one character in this many is a control; in arbitrary bytes, one in nine is."""

CONTROLS = bytes({*range(32), 127} - set(b"\t\n\r\f\x1a"))

SINGLE_BYTE = ("cp1252", "iso8859-15", "mac_roman", "cp850")
"""Windows, Unix, the Mac and DOS, as Western Europe has them; of those that agree, the first is taken."""

RARE = ("mac_roman", "cp850")
"""Encodings of old machines: a word that is strange in one may well come from another, and its line is refused."""

CLEARLY = 3
"""An encoding is chosen when the doubts about any other are more than so many times its own."""

MOST_WORDS = 5_000
"""Different words with accents after which the verdict is in."""

WORD_BYTES = bytes(one for one in range(256) if one >= 0x80 or chr(one).isalnum() or chr(one) in "'-")
SPACES_BETWEEN = bytes(one if one in WORD_BYTES else 32 for one in range(256))
WORD = re.compile(rb"[0-9A-Za-z'\x80-\xff-]+")
LONGEST = 100
"""Bytes of a word; what is longer is none."""

OTHER_LETTER = "[\u0250-\u02ff\u0370-\u1dff\u2c00-\ufaff]"
FOREIGN_BYTES = re.compile(rb"[\xc9-\xcb\xcd-\xe0\xe3-\xef]|\xe1[^\xb8-\xbb]|\xe2[\xb0-\xbf]")
FOREIGN_SCRIPT = re.compile(f"[A-Za-z]{OTHER_LETTER}|{OTHER_LETTER}[A-Za-z]")
"""Bytes of another encoding that happen to be UTF-8 put letters of Armenia or China within our words."""

TWICE = re.compile("[ÃÂ√≈¬├┼┬]|[ÄÅ─ƒ][^\x00-\x7f]|â€|‚Ä|ÔÇ")
"""How UTF-8 looks once it was read as Windows, Mac or DOS, and saved as UTF-8 again: « ZoÃ© », « Zo√© », « Zo├® »."""

TWICE_BYTES = re.compile("|".join((*"ÃÂ√≈¬├┼┬ÄÅ─ƒ", "â€", "‚Ä", "ÔÇ")).encode())
ASCII = bytes(range(128))
NOT_ASCII = re.compile(rb"[\x80-\xff]")
NOT_ASCII_TEXT = re.compile("[^\x00-\x7f]+")
UNREADABLE = "\x00\x1a\x00"
"""Stands in the bytes for a sign that could not be read, until they are text: no encoding of one byte has U+FFFD."""

EXPECTED = frozenset(LOWER + UPPER + SIGNS + "ćčćđğıłńşśźżĆČĐĞİŁŃŞŚŹŻőűŐŰăâîșțĂȘȚěřůťďňĚŘŮŤĎŇąęĄĘ\ufeff\u202f")
"""What such a sequence may stand for."""


@dataclass(frozen=True)
class Encoding:
    """The codec of a file. `spoilt`: words that it cannot have written. `undone`: what signs encoded twice mean."""

    codec: str
    spoilt: frozenset[bytes] = frozenset()
    undone: Mapping[str, str] = field(default_factory=dict)

    def decode(self, line: bytes) -> str:
        """Returns the text of a line; U+FFFD, which no cell accepts, stands for what cannot be read."""
        if line.isascii():
            return line.decode("ascii")
        if self.spoilt:
            kept = WORD.sub(self._without_spoilt, line)
            return kept.decode(self.codec, errors="replace").replace(UNREADABLE, "\ufffd")
        text = line.decode(self.codec, errors="replace")
        if not self.undone:
            return text
        return NOT_ASCII_TEXT.sub(lambda found: self.undone.get(found[0], found[0]), text)

    def _without_spoilt(self, word: re.Match[bytes]) -> bytes:
        return NOT_ASCII.sub(UNREADABLE.encode("ascii"), word[0]) if word[0] in self.spoilt else word[0]


def detect_encoding(stream: BinaryIO) -> Encoding:
    """Returns the encoding of most of the accented lines: one stray byte must not turn every « é » into « Ã© ».

    Reads a seekable stream from its beginning, once or twice. Raises FileRefused when it is no text, or when its words
    may be read in two ways: it names one of them in each.
    """
    if _is_plain_utf_8(stream):
        return Encoding("utf-8")
    stream.seek(0)
    marked = stream.read(3) == codecs.BOM_UTF8
    stream.seek(0)
    verdicts = Counter(_is_utf_8(line) for line in stream if not line.isascii())
    if marked or verdicts[True] >= verdicts[False]:
        return Encoding("utf-8", undone=_undone(stream))
    if not looks_like_text(stream):
        raise FileRefused(BadLine(1, "", wording.NOT_TEXT))
    return _single_byte(stream)


def _is_plain_utf_8(stream: BinaryIO) -> bool:
    """Whether all of it is UTF-8, and nothing in it looks like another encoding: the most common case, told fast."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    stream.seek(0)
    try:
        while chunk := stream.read(CHUNK):
            decoder.decode(chunk)
            accents = chunk.translate(None, ASCII)
            if FOREIGN_BYTES.search(accents) or TWICE_BYTES.search(accents):
                return False
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def looks_like_text(stream: BinaryIO) -> bool:
    """Whether the beginning of a seekable stream may be text; moves the stream."""
    stream.seek(0)
    start = stream.read(SAMPLE)
    strange = sum(start.count(byte) for byte in CONTROLS)
    return b"\0" not in start and strange * CHARACTERS_PER_CONTROL <= len(start)


def _is_utf_8(line: bytes) -> bool:
    try:
        return FOREIGN_SCRIPT.search(line.decode()) is None
    except UnicodeDecodeError:
        return False


def _undone(stream: BinaryIO) -> dict[str, str]:
    """Returns what each sequence of signs that was encoded twice stands for; U+FFFD where not all the file was."""
    stream.seek(0)
    texts = (line.decode(errors="replace") for line in stream if not line.isascii())
    found = {run for text in texts for run in NOT_ASCII_TEXT.findall(text)}
    suspects = {run for run in found if TWICE.search(run)}
    undone = {run: once for run in suspects if (once := _encoded_once(run))}
    if not undone:
        return {}
    whole = found - {"\ufeff"} == suspects
    return {run: undone.get(run, "\ufffd") if whole else "\ufffd" for run in suspects}


def _encoded_once(run: str) -> str:
    """Returns the characters whose UTF-8 was read as Windows, Mac or DOS; "" when it is no such sequence."""
    for codec in ("cp1252", "mac_roman", "cp850"):
        try:
            once = b"".join(_byte_of(sign, codec) for sign in run).decode()
        except UnicodeError:
            continue
        if EXPECTED.issuperset(once):
            return once
    return ""


def _byte_of(sign: str, codec: str) -> bytes:
    """Returns the byte of a sign; the five that Windows-1252 leaves out pass as they are."""
    return bytes([ord(sign)]) if codec == "cp1252" and "\x80" <= sign < "\xa0" else sign.encode(codec)


def _single_byte(stream: BinaryIO) -> Encoding:
    """Returns the encoding in which the words with accents could be words. Raises FileRefused for none or several."""
    words = sorted(_words(stream))
    sample = words[:: 1 + len(words) // MOST_WORDS]
    verdicts = {codec: [_verdict(word, codec) for word in sample] for codec in SINGLE_BYTE}
    readings = {codec: tuple(text for text, _ in words_read) for codec, words_read in verdicts.items()}
    doubts = {readings[codec]: sum(doubt for _, doubt in words_read) for codec, words_read in verdicts.items()}
    (best, least), *others = sorted(doubts.items(), key=lambda one: one[1])
    codec = next(codec for codec, reading in readings.items() if reading == best)
    if others and others[0][1] <= CLEARLY * least:
        second = others[0][0]
        raise FileRefused(_two_readings(stream, {one: pair for one, *pair in zip(sample, best, second, strict=True)}))
    if sample and (least > IMPOSSIBLE * len(sample) / 2 or all(doubt for _, doubt in verdicts[codec])):
        raise FileRefused(BadLine(1, "", wording.unknown_encoding(sample[0].decode(codec, errors="replace"))))
    doubtful = STRANGE if codec in RARE else IMPOSSIBLE
    return Encoding(codec, frozenset(word for word in words if _verdict(word, codec)[1] >= doubtful))


def _verdict(word: bytes, codec: str) -> tuple[str, int]:
    """Returns a word as this encoding reads it, and the doubt about it; U+FFFD when it can be no word."""
    text = word.decode(codec, errors="replace")
    doubt = doubt_of(text)
    return ("\ufffd" if doubt == IMPOSSIBLE else text), doubt


def _words(stream: BinaryIO) -> set[bytes]:
    """Returns the different words with accents, as bytes."""
    stream.seek(0)
    words: set[bytes] = set()
    while lines := stream.readlines(CHUNK):
        words.update(b"".join(lines).translate(SPACES_BETWEEN).split())
    return {word for word in words if not word.isascii() and len(word) <= LONGEST}


def _two_readings(stream: BinaryIO, readings: Mapping[bytes, Sequence[str]]) -> BadLine:
    """Returns the refusal of a file that may be read in two ways, with the first word that differs and its line."""
    stream.seek(0)
    found = ((number, word) for number, line in enumerate(stream, start=1) for word in WORD.findall(line))
    line, (first, second) = next(
        (number, readings[word]) for number, word in found if word in readings and len(set(readings[word])) > 1
    )
    return BadLine(line, "", wording.two_readings(first, second))
