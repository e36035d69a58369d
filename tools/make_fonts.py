"""Generates the fonts and the colour profile of our PDFs, reproducibly to the byte.

apt-get install fonts-dejavu-core && python -m tools.make_fonts
"""

from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from PIL import ImageCms

SOURCE = Path("/usr/share/fonts/truetype/dejavu")
FONTS = Path(__file__).parent.parent / "chalicelib" / "pdf" / "format" / "fonts"
NAMES = ("DejaVuSans", "DejaVuSans-Bold")
LICENCE_RECORD = 13

LATIN = (
    range(0x20, 0x7F),  # Basic Latin
    range(0xA0, 0x250),  # Latin-1 Supplement, Latin Extended-A and -B
    range(0x300, 0x350),  # combining marks, for letters that have no code of their own (Yoruba, Lithuanian)
    range(0x1E00, 0x1F00),  # Latin Extended Additional: Vietnamese
    range(0x2010, 0x2028),  # dashes, quotation marks, ellipsis
    range(0x2C60, 0x2C80),  # Latin Extended-C
    (0x202F, 0x2030, 0x2039, 0x203A, 0x20AC, 0x2116, 0x2122, 0x2212, 0xFFFD),
)
ICC_4_2 = bytes((4, 0x20, 0, 0))
EPOCH = bytes((0x07, 0xD0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0))


def options() -> subset.Options:
    """No hinting (10 kB a document, and paper does not need it), no layout tables: fpdf2 sets plain glyphs."""
    chosen = subset.Options()
    chosen.hinting = False
    chosen.layout_features = []
    chosen.legacy_kern = False
    chosen.name_IDs = [1, 2, 4, 6]
    chosen.notdef_outline = True
    chosen.drop_tables += ["FFTM", "gasp"]
    return chosen


def make_font(name: str) -> None:
    """Write the Latin subset of one face."""
    chosen = options()
    font = subset.load_font(SOURCE / f"{name}.ttf", chosen)
    cutter = subset.Subsetter(chosen)
    cutter.populate(unicodes=[code for block in LATIN for code in block])
    cutter.subset(font)
    subset.save_font(font, FONTS / f"{name}-Latin.ttf", chosen)


def make_licence() -> None:
    """Write the licence that the font itself contains."""
    licence = str(TTFont(SOURCE / f"{NAMES[0]}.ttf")["name"].getDebugName(LICENCE_RECORD))
    (FONTS / "LICENSE").write_text(licence.strip() + "\n", "utf-8")


def make_profile() -> None:
    """Write Little CMS's own sRGB (« No copyright, use freely »): a fifth of the size of fpdf2's.

    Its date is fixed, and its version set to 4.2, the latest that PDF 1.7 allows: it uses nothing newer.
    """
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    (FONTS / "sRGB.icc").write_bytes(profile[:8] + ICC_4_2 + profile[12:24] + EPOCH + profile[36:])


def main() -> None:
    for name in NAMES:
        make_font(name)
    make_licence()
    make_profile()
    for file in sorted(FONTS.iterdir()):
        print(f"{file.name}: {file.stat().st_size} bytes")


if __name__ == "__main__":
    main()
