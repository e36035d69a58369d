"""The sound of a captcha (accessibility): five digits spoken in French, for those who cannot read the picture."""

import operator
import random
import wave
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from pathlib import Path

CLIPS = Path(__file__).parent / "clips"
RATE = 16_000
"""Samples per second, 8 bits unsigned, mono: those of the clips."""

MIDDLE = 128
NOISE_AMPLITUDE = 5
"""Amplitude of the noise, of 127: audible, not disturbing."""

NOISE_TABLE = bytes(value % (2 * NOISE_AMPLITUDE + 1) for value in range(256))
CLIP_TABLE = bytes(min(255, max(0, level - NOISE_AMPLITUDE)) for level in range(256 + 2 * NOISE_AMPLITUDE))
"""Lookup tables: adding sample by sample in plain Python would triple the response time."""

PAUSE_SECONDS = (0.35, 0.75)
UNIT = 1 << 16
"""One sample, in fixed-point positions (16 bits of fraction)."""

VOICE_SPEED = (0.93, 1.05)
DIGIT_SPEED = (0.97, 1.03)


def speak(digits: str, chance: random.Random | None = None) -> bytes:
    """Returns a WAV of about 110 kB and 7 seconds: an invitation, then each digit after a pause, with light noise.

    Pitch, speed, pauses and noise come from `chance`: the system's, unless a test passes its own.
    A character that is not a digit (a rehearsal's fixed answer may hold some) is not spoken.
    """
    chance = chance or random.SystemRandom()
    voice = chance.uniform(*VOICE_SPEED)
    spoken = bytearray()
    for name in ["invite", *(digit for digit in digits if digit in "0123456789")]:
        spoken += silence(chance.uniform(*PAUSE_SECONDS))
        spoken += bytes(resample(clip(name), voice * chance.uniform(*DIGIT_SPEED)))
    spoken += silence(PAUSE_SECONDS[0])
    return as_wav(add_noise(spoken, chance))


@cache
def clip(name: str) -> bytes:
    """Returns the samples of a recording. Raises FileNotFoundError for an unknown name."""
    with wave.open(str(CLIPS / f"{name}.wav")) as recording:
        return bytes(recording.readframes(recording.getnframes()))


def silence(seconds: float) -> bytes:
    return bytes([MIDDLE]) * round(seconds * RATE)


def resample(samples: bytes, speed: float) -> Iterator[int]:
    """Yields the samples `speed` times faster, hence higher, by linear interpolation."""
    for position in range(0, (len(samples) - 1) * UNIT, round(speed * UNIT)):
        index, part = divmod(position, UNIT)
        before, after = samples[index], samples[index + 1]
        yield before + (after - before) * part // UNIT


def add_noise(samples: bytearray, chance: random.Random) -> bytes:
    """Returns the samples with noise added, clipped to 0–255."""
    noise = chance.randbytes(len(samples)).translate(NOISE_TABLE)
    return bytes(map(CLIP_TABLE.__getitem__, map(operator.add, samples, noise)))


def as_wav(samples: bytes) -> bytes:
    wav = BytesIO()
    with wave.open(wav, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(1)
        sound.setframerate(RATE)
        sound.writeframes(samples)
    return wav.getvalue()
