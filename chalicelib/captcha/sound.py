"""The sound of the text of control: five digits said in French, for whoever cannot read the picture."""

import operator
import random
import wave
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from pathlib import Path

CLIPS = Path(__file__).parent / "clips"
RATE = 16_000
"""Samples a second, of 8 bits unsigned, one channel: those of the clips."""

MIDDLE = 128
HISS = 5
"""Amplitude of the noise, of 127: heard, never in the way."""

HISS_OF_OCTET = bytes(octet % (2 * HISS + 1) for octet in range(256))
KEPT_IN_RANGE = bytes(min(255, max(0, loudness - HISS)) for loudness in range(256 + 2 * HISS))
"""Tables, since a sum a sample in plain Python would triple the time of an answer."""

PAUSE_SECONDS = (0.35, 0.75)
UNIT = 1 << 16
"""One sample, in the whole numbers that positions between samples are counted in."""

VOICE_SPEED = (0.93, 1.05)
DIGIT_SPEED = (0.97, 1.03)


def speak(digits: str, chance: random.Random | None = None) -> bytes:
    """A WAV of about 110 kB and 7 seconds: an invitation, then each digit after a pause, under a light noise.

    Pitch, speed, pauses and noise come from `chance`: the system's, unless a test brings its own.
    A character that is not a digit (a rehearsal's fixed answer may hold some) is not said.
    """
    chance = chance or random.SystemRandom()
    voice = chance.uniform(*VOICE_SPEED)
    spoken = bytearray()
    for name in ["invite", *filter(is_digit, digits)]:
        spoken += silence(chance.uniform(*PAUSE_SECONDS))
        spoken += bytes(faster(clip(name), voice * chance.uniform(*DIGIT_SPEED)))
    spoken += silence(PAUSE_SECONDS[0])
    return as_wav(noisy(spoken, chance))


def is_digit(character: str) -> bool:
    return character in "0123456789"


@cache
def clip(name: str) -> bytes:
    """The samples of one recording. Raises FileNotFoundError for a name that was never recorded."""
    with wave.open(str(CLIPS / f"{name}.wav")) as recording:
        return bytes(recording.readframes(recording.getnframes()))


def silence(seconds: float) -> bytes:
    return bytes([MIDDLE]) * round(seconds * RATE)


def faster(samples: bytes, speed: float) -> Iterator[int]:
    """The samples read `speed` times faster, hence higher, each one drawn between its two neighbours."""
    for position in range(0, (len(samples) - 1) * UNIT, round(speed * UNIT)):
        index, part = divmod(position, UNIT)
        before, after = samples[index], samples[index + 1]
        yield before + (after - before) * part // UNIT


def noisy(samples: bytearray, chance: random.Random) -> bytes:
    """The samples with a hiss over them, kept between 0 and 255."""
    hiss = chance.randbytes(len(samples)).translate(HISS_OF_OCTET)
    return bytes(map(KEPT_IN_RANGE.__getitem__, map(operator.add, samples, hiss)))


def as_wav(samples: bytes) -> bytes:
    octets = BytesIO()
    with wave.open(octets, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(1)
        sound.setframerate(RATE)
        sound.writeframes(samples)
    return octets.getvalue()
