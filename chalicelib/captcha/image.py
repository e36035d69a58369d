"""The picture of a captcha: distorted enough to slow a program down, readable enough for people."""

from io import BytesIO
from pathlib import Path

FONT = Path(__file__).parent / "fonts" / "captcha-bold.ttf"
FONT_SIZES = (62, 66, 72)
WIDTH = 260
HEIGHT = 90
INK = (16, 42, 67)
PAPER = (255, 255, 255)
COLOURS = 16

DISTORTION = {
    "character_rotate": (-12, 12),
    "character_warp_dx": (0.05, 0.12),
    "character_warp_dy": (0.05, 0.12),
    "word_space_probability": 0,
    "word_offset_dx": 0,
    "lookup_table": [min(255, level * 12) for level in range(256)],
}
"""The library's defaults overlap pale letters; and rotated any further, a 7 is read as a 1."""


def draw(letters: str) -> bytes:
    """Returns a PNG of 260 × 90 pixels, dark on white, about 3 kB, random each time (the library uses `secrets`)."""
    from captcha.image import ImageCaptcha  # brings Pillow, which no other page needs

    painter = ImageCaptcha(width=WIDTH, height=HEIGHT, fonts=[str(FONT)], font_sizes=FONT_SIZES)
    for name, value in DISTORTION.items():
        setattr(painter, name, value)
    picture = painter.generate_image(letters, bg_color=PAPER, fg_color=INK)
    png = BytesIO()
    picture.quantize(COLOURS).save(png, "PNG", optimize=True)
    return png.getvalue()
