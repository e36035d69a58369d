"""The sound: a file any browser plays, every digit in it, never twice the same."""

import itertools
import random
import wave
from io import BytesIO

import pytest

from chalicelib.captcha.sound import CLIPS, RATE, clip, speak

LEAD_IN_SECONDS = 0.35


def seeded(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 - a test that must be the same every time


def samples(content: bytes) -> bytes:
    with wave.open(BytesIO(content)) as sound:
        assert (sound.getnchannels(), sound.getsampwidth(), sound.getframerate()) == (1, 1, 16_000)
        return sound.readframes(sound.getnframes())


def loudness(content: bytes) -> int:
    return max(abs(sample - 128) for sample in content)


@pytest.mark.parametrize("digits", ["04821", "11111", "00000"])
def test_five_digits_last_from_five_to_ten_seconds_and_weigh_little(digits: str) -> None:
    content = speak(digits)
    assert 5 <= len(samples(content)) / RATE <= 10
    assert len(content) <= 150_000


def test_sound_begins_softly_then_speaks() -> None:
    heard = samples(speak("04821"))
    lead_in = heard[: round(LEAD_IN_SECONDS * RATE)]
    assert 0 < loudness(lead_in) <= 5
    assert loudness(heard) > 100


def test_each_digit_adds_its_own_time_and_a_pause() -> None:
    lengths = [len(samples(speak("8" * count, seeded(1)))) for count in range(6)]
    added = [after - before for before, after in itertools.pairwise(lengths)]
    spoken = len(clip("8"))
    assert all(0.35 * RATE + spoken / 1.09 <= more <= 0.76 * RATE + spoken / 0.9 for more in added)


def test_two_sounds_of_the_same_digits_differ_in_length_and_noise() -> None:
    heard = [samples(speak("04821")) for _ in range(4)]
    assert len({len(one) for one in heard}) > 1
    assert len(set(heard)) == 4


def test_sound_depends_on_nothing_but_the_digits_and_chance() -> None:
    assert speak("04821", seeded(1)) == speak("04821", seeded(1))
    assert speak("04821", seeded(1)) != speak("04821", seeded(2))
    assert speak("04821", seeded(1)) != speak("04822", seeded(1))


@pytest.mark.parametrize("name", [*"0123456789", "invite"])
def test_clip_is_loud_and_short(name: str) -> None:
    recording = clip(name)
    assert 0.2 * RATE <= len(recording) <= 1.5 * RATE
    assert loudness(recording) >= 100


def test_no_two_digits_sound_the_same() -> None:
    assert len({clip(digit) for digit in "0123456789"}) == 10
    assert {path.stem for path in CLIPS.glob("*.wav")} == {*"0123456789", "invite"}


def test_a_rehearsals_fixed_letters_are_passed_over() -> None:
    assert speak("A1B", seeded(1)) == speak("1", seeded(1))
