"""Generates the spoken digits of the captcha with espeak-ng; run again only to change the voice.

python -m tools.make_captcha_clips chalicelib/captcha/clips
"""

import array
import math
import subprocess
import sys
import tempfile
import wave
from pathlib import Path

RATE = 16_000
"""Hertz: keeps the consonants that tell « six » from « dix »; 8 bits are enough under the noise added later."""

TEXTS = {
    "invite": "Tapez ces chiffres",
    "0": "zéro",
    "1": "un",
    "2": "deux",
    "3": "trois",
    "4": "quatre",
    "5": "cinq",
    "6": "six",
    "7": "sept",
    "8": "huit",
    "9": "neuf",
}
WORDS_PER_MINUTE = 110
SILENCE = 0.01
PEAK = 0.9
TAPS = 16


def synthesize(text: str) -> tuple[list[float], int]:
    """Returns a French text spoken by espeak-ng: samples between -1 and 1, and their rate in hertz."""
    with tempfile.NamedTemporaryFile(suffix=".wav") as spoken:
        subprocess.run(["espeak-ng", "-v", "fr", "-s", str(WORDS_PER_MINUTE), "-w", spoken.name, text], check=True)
        with wave.open(spoken.name) as sound:
            samples = array.array("h", sound.readframes(sound.getnframes()))
            return [sample / 32768 for sample in samples], sound.getframerate()


def resampled(samples: list[float], rate: int) -> list[float]:
    """Returns the samples at RATE, low-pass filtered (windowed sinc)."""
    step, cut = rate / RATE, min(1.0, RATE / rate)

    def weight(distance: float) -> float:
        angle = math.pi * distance * cut
        sinc = math.sin(angle) / angle if angle else 1.0
        return cut * sinc * (0.5 + 0.5 * math.cos(math.pi * distance / TAPS))

    def at(position: float) -> float:
        first = max(0, math.ceil(position - TAPS))
        last = min(len(samples) - 1, math.floor(position + TAPS))
        return sum(samples[index] * weight(position - index) for index in range(first, last + 1))

    return [at(step * index) for index in range(int(len(samples) / step))]


def trimmed(samples: list[float]) -> list[float]:
    """Returns the samples without leading and trailing silence."""
    loud = [index for index, sample in enumerate(samples) if abs(sample) > SILENCE]
    return samples[loud[0] : loud[-1] + 1]


def write_clip(path: Path, samples: list[float]) -> None:
    """Write 8-bit unsigned mono, normalised to the same peak."""
    gain = PEAK * 127 / max(map(abs, samples))
    with wave.open(str(path), "wb") as clip:
        clip.setnchannels(1)
        clip.setsampwidth(1)
        clip.setframerate(RATE)
        clip.writeframes(bytes(128 + round(sample * gain) for sample in samples))


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in TEXTS.items():
        write_clip(folder / f"{name}.wav", trimmed(resampled(*synthesize(text))))
        print(f"{name}.wav « {text} »: {(folder / f'{name}.wav').stat().st_size} bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
