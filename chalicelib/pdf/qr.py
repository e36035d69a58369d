"""QR code drawn as vector rectangles: sharp at any size, and a few hundred bytes."""

from collections.abc import Iterator

import segno

from chalicelib.pdf.format.pen import BLACK, PAGE_HEIGHT, POINTS
from chalicelib.pdf.format.tagged_pdf import TaggedPDF

MASK = 2
"""Mask pattern. Readers accept any of the eight; choosing the best takes 5 ms of 6 (ISO/IEC 18004, 7.8)."""


def dark_runs(modules: bytearray) -> Iterator[tuple[int, int]]:
    """Yields (start, length) of each run of adjacent dark modules in a row."""
    start = modules.find(1)
    while start >= 0:
        end = modules.find(0, start)
        end = len(modules) if end < 0 else end
        yield start, end - start
        start = modules.find(1, end)


def draw_qr(document: TaggedPDF, url: str, *, left: float, top: float, side: float, alternative: str) -> None:
    """Draw the code as a figure with an alternative text. Four modules around it must stay white (quiet zone)."""
    matrix = segno.make_qr(url, error="m", mask=MASK, boost_error=False).matrix
    dark = [(start, row, length) for row, modules in enumerate(matrix) for start, length in dark_runs(modules)]
    corners = (left, PAGE_HEIGHT - top - side, left + side, PAGE_HEIGHT - top)
    box = " ".join(f"{corner * POINTS:.1f}" for corner in corners)
    with document.mark("Figure", attributes=f"/O/Layout/BBox[{box}]", alternative=document.drawable(alternative)):
        document.fill_grid(dark, BLACK, left=left, top=top, module=side / len(matrix))
