"""The QR code of a paper: its squares are the code's own, where the paper says."""

import re

import pytest
import segno

from chalicelib.pdf.format.pen import POINTS
from chalicelib.pdf.payment_terms import QR_SIDE
from chalicelib.pdf.qr import MASK, dark_runs
from tests.support.papers import PAYMENT_URL, draw, reader


@pytest.mark.parametrize(
    ("modules", "found"),
    [(b"", []), (b"\0\0", []), (b"\1\1", [(0, 2)]), (b"\0\1\0\1\1", [(1, 1), (3, 2)]), (b"\1\0\1", [(0, 1), (2, 1)])],
)
def test_runs_are_where_dark_modules_stand_together(modules, found):
    assert list(dark_runs(bytearray(modules))) == found


def drawn_code():
    """Side of a module in points, and the (column, row) that the page fills."""
    pages = [page.get_contents().get_data().decode("latin-1") for page in reader(draw()).pages]
    scale, squares = re.search(r"q ([\d.]+) 0 0 -[\d.]+ [\d. ]+ cm [\d. ]+ rg ([\d re]+) f Q", "".join(pages)).groups()
    boxes = (map(int, box.split()) for box in squares.split("re") if box.strip())
    return float(scale), {(column + step, row) for column, row, length, _ in boxes for step in range(length)}


def test_page_fills_the_dark_modules_of_the_payment_address():
    code = segno.make_qr(PAYMENT_URL, error="m", mask=MASK, boost_error=False)
    dark = {(column, row) for row, line in enumerate(code.matrix) for column, module in enumerate(line) if module}
    scale, filled = drawn_code()
    assert filled == dark
    assert scale * len(code.matrix) == pytest.approx(QR_SIDE * POINTS, abs=0.01)


def test_a_module_is_large_enough_for_a_phone():
    """Half a millimetre is what cameras of ten years ago still read in print."""
    assert drawn_code()[0] / POINTS > 0.5
