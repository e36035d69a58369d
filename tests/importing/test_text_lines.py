"""Lines as a text editor numbers them, whatever program wrote the file."""

import codecs
import io

import pytest

from chalicelib.importing import text_lines
from chalicelib.importing.text_lines import open_lines

LINES = [(1, "nom;prenom"), (2, "Lefèvre;Zoé"), (3, ""), (4, "Łukasz;Noël")]
TEXT = "\n".join(text for _, text in LINES) + "\n"


def lines(content):
    with open_lines(io.BytesIO(content)) as found:
        return list(found)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_every_way_of_unicode_and_of_ending_lines_says_the_same(end, encoding, mark):
    assert lines((mark + TEXT.replace("\n", end)).encode(encoding)) == LINES


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_utf_16_with_its_mark_in_either_order_is_read(codec):
    mark = codecs.BOM_UTF16_LE if codec.endswith("le") else codecs.BOM_UTF16_BE
    assert lines(mark + TEXT.encode(codec)) == LINES


@pytest.mark.parametrize("size", range(20, 34))
def test_a_line_end_in_two_bytes_is_one_wherever_the_file_is_cut(size, monkeypatch):
    monkeypatch.setattr(text_lines, "START", size)
    assert lines(b"un\rdeux\r\ntrois\rquatre\r\ncinq\rsix") == [
        (number, word) for number, word in enumerate(["un", "deux", "trois", "quatre", "cinq", "six"], start=1)
    ]


@pytest.mark.parametrize("end", [b"\x1a", b"\n\x1a", b"\r\n\x1a", b"\x1a\r\n", b"\x1a" * 90])
def test_the_mark_by_which_dos_ends_a_file_is_nothing(end):
    assert [text for _, text in lines(b"nom\nZoe" + end) if text] == ["nom", "Zoe"]


def test_the_same_sign_before_the_end_stays_for_its_cell_to_be_refused():
    assert lines(b"nom\nZ\x1aoe\nNoe\n")[1] == (2, "Z\x1aoe")


@pytest.mark.parametrize("marks", [codecs.BOM_UTF8 * 2, codecs.BOM_UTF8 + "ï»¿".encode(), "ï»¿".encode()])
def test_several_marks_are_one(marks):
    assert lines(marks + TEXT.encode()) == LINES


def test_the_mark_of_a_file_put_after_another_is_nothing():
    assert lines(b"nom\n" + codecs.BOM_UTF8 + b"Zoe\n") == [(1, "nom"), (2, "Zoe")]


def test_an_odd_last_byte_of_utf_16_crashes_nothing():
    assert lines("nom\nZoé".encode("utf-16") + b"\x00")[0] == (1, "nom")
