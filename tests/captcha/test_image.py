"""The picture: what a browser gets, and that no character falls off it."""

import random
import subprocess
import sys
from io import BytesIO

import pytest
from PIL import Image

from chalicelib.captcha.challenge import ALPHABET
from chalicelib.captcha.image import FONT, HEIGHT, WIDTH, draw

LIGHT = 160


class SeededChoices:
    """Stands for the module `secrets` that the library draws from."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)  # noqa: S311 - a test that must be the same every time
        self.choice = self.chance.choice
        self.randbits = self.chance.getrandbits
        self.randbelow = self.chance.randrange


def opened(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content))


def ink(content: bytes) -> float:
    """The share of dark pixels."""
    histogram = opened(content).convert("L").histogram()
    return sum(histogram[:LIGHT]) / (WIDTH * HEIGHT)


def test_picture_is_a_small_png_of_the_announced_size() -> None:
    content = draw("K7RTE")
    picture = opened(content)
    assert (picture.format, picture.size) == ("PNG", (260, 90))
    assert len(content) <= 12_000


def test_letters_are_dark_on_white() -> None:
    darkest, lightest = opened(draw("K7RTE")).convert("L").getextrema()
    assert lightest == 255
    assert darkest <= 60


def test_two_pictures_of_the_same_letters_differ() -> None:
    assert len({draw("K7RTE") for _ in range(5)}) == 5


def test_picture_depends_on_nothing_but_the_letters_and_chance(monkeypatch: pytest.MonkeyPatch) -> None:
    def drawn(letters: str, seed: int) -> bytes:
        monkeypatch.setattr("captcha.image.secrets", SeededChoices(seed))
        return draw(letters)

    assert drawn("K7RTE", 1) == drawn("K7RTE", 1)
    assert drawn("K7RTE", 1) != drawn("K7RTE", 2)
    assert drawn("K7RTE", 1) != drawn("K7RTF", 1)


@pytest.mark.parametrize("character", ALPHABET)
def test_every_character_is_drawn_five_times(monkeypatch: pytest.MonkeyPatch, character: str) -> None:
    monkeypatch.setattr("captcha.image.secrets", SeededChoices(7))
    picture = opened(draw(character * 5)).convert("L")
    fifths = [picture.crop((index * 50, 0, index * 50 + 60, HEIGHT)) for index in range(5)]
    assert all(sum(fifth.histogram()[:LIGHT]) > 300 for fifth in fifths)


def test_blank_answer_leaves_the_picture_almost_white() -> None:
    assert ink(draw("     ")) < 0.05 < 0.2 < ink(draw("WWWWW"))


def test_font_travels_with_the_code_and_its_notice() -> None:
    from PIL import ImageFont

    assert ImageFont.truetype(FONT, 60).getname() == ("DejaVu Sans Mono", "Bold")
    assert "Bitstream" in (FONT.parent / "LICENCE.txt").read_text("utf-8")


def test_pages_without_a_picture_do_not_pay_for_pillow() -> None:
    program = "import sys, chalicelib.captcha.image; sys.exit('PIL' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program]).returncode == 0
