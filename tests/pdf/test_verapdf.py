"""Every kind of paper keeps PDF/A-2A and PDF/UA-1, says veraPDF, the validator of the PDF Association's members."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from fpdf import FPDF

from chalicelib.pdf.letter import AccessLetter, draw_access_letters
from tests.pdf.test_counter_papers import closing as draw_closing
from tests.pdf.test_counter_papers import slip as draw_slip
from tests.pdf.test_counter_papers import stated as draw_statement
from tests.pdf.test_letter import PORTAL, UNTIL
from tests.pdf.test_quittance import draw as draw_quittance
from tests.pdf.test_receipt import draw as draw_receipt
from tests.support.papers import CODE, DRAWN_AT, TOWN, draw, invoice_of
from tests.support.people import DUPONT, MARTIN, invoice, line

HOME = Path(os.environ.get("VERAPDF_HOME", Path(__file__).parents[2] / ".local" / "verapdf"))
HOW = "veraPDF is not here: tests/pdf/install_verapdf.sh puts it into .local/verapdf (with Java, about half a minute)."


@pytest.fixture(scope="module")
def verapdf():
    """Returns what veraPDF says of files, and whether all of them keep both standards."""
    if not (HOME / "VeraCheck.class").exists() or not shutil.which("java"):
        if os.environ.get("CI"):
            pytest.fail(HOW)
        pytest.skip(HOW)

    def check(*files):
        command = ["java", "-cp", f"{HOME}/*:{HOME}", "VeraCheck", *map(str, files)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=300)
        return done.returncode == 0, done.stdout + done.stderr

    return check


def papers():
    """By name, each way in which a paper may differ for a validator."""
    letters = [AccessLetter(DUPONT, CODE, UNTIL), AccessLetter(MARTIN, CODE, UNTIL)]
    yield "one-page", draw(invoice_of(4))
    yield "many-pages", draw(invoice_of(30))
    yield "activation", draw(activation_code=CODE)
    yield "no-link", draw(payment_url="")
    yield "no-lines", draw(invoice(lines=()))
    yield "credit-note", draw(invoice(billed_cents=-1240, lines=(line(quantity="-4", amount=-1240),)))
    yield "specimen", draw(specimen=True)
    yield "fonts-of-its-own", draw(account=MARTIN)
    yield "missing-characters", draw(invoice(label="Séjour 李 <b>"), account=MARTIN)
    yield "receipt", draw_receipt()
    yield "quittance", draw_quittance()
    yield "quittance-duplicate", draw_quittance(duplicate=True, undone=True)
    yield "closing", draw_closing()
    yield "empty-closing", draw_closing(totals=None)
    yield "deposit-slip", draw_slip(80)
    yield "empty-deposit-slip", draw_slip(0)
    yield "statement", draw_statement()
    yield "letters", draw_access_letters(letters, town=TOWN, portal_url=PORTAL, drawn_at=DRAWN_AT)


def test_every_paper_keeps_both_standards(verapdf, tmp_path):
    for name, paper in papers():
        (tmp_path / f"{name}.pdf").write_bytes(paper.content)
    kept, said = verapdf(*sorted(tmp_path.iterdir()))
    assert kept, said
    assert said.count(" keeps PDFA-2A") == said.count(" keeps PDFUA-1") == 18


def test_the_validator_refuses_a_document_without_tags(verapdf, tmp_path):
    untagged = FPDF()
    untagged.add_page()
    untagged.output(str(tmp_path / "untagged.pdf"))
    kept, said = verapdf(tmp_path / "untagged.pdf")
    assert not kept
    assert "breaks PDFA-2A" in said
    assert "breaks PDFUA-1" in said
