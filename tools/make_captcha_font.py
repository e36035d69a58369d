"""Generates the captcha's font: the ASCII subset of a bold free font, with a narrow space.

python -m tools.make_captcha_font DejaVuSansMono-Bold.ttf chalicelib/captcha/fonts/captcha-bold.ttf
"""

import string
import sys
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

SPACE_EM = 0.1
"""The library puts a space before each letter; a full one would leave the letters a third smaller."""

LEGAL_NAMES = [0, 1, 2, 3, 4, 5, 6, 13, 14]
"""Entries of the name table: copyright and licence must stay with the font."""


def main(source: Path, target: Path) -> None:
    font = TTFont(source)
    options = Options(
        hinting=False, layout_features=[], name_IDs=LEGAL_NAMES, drop_tables=["FFTM", "GDEF", "GPOS", "GSUB"]
    )
    subsetter = Subsetter(options)
    subsetter.populate(text=string.ascii_letters + string.digits + string.punctuation + " ")
    subsetter.subset(font)
    font["hmtx"]["space"] = (round(SPACE_EM * font["head"].unitsPerEm), 0)
    font.save(target)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
