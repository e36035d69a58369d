"""Lines of a CSV as people write them: any separator, Excel's own first line, cells of several lines."""

import io
import time

import pytest

from chalicelib.importing.csv_reader import MOST_JOINED, open_csv
from chalicelib.wording import importing as wording


def lines(content):
    content = content if isinstance(content, bytes) else content.encode()
    with open_csv(io.BytesIO(content)) as found:
        return [(line.number, list(line.cells), line.problem) for line in found if any(line.cells) or line.problem]


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_the_separator_is_the_one_that_the_heading_uses_most(delimiter):
    text = 'a;b;c\n1;"x;y";3\n'.replace(";", delimiter)
    assert lines(text) == [(1, ["a", "b", "c"], ""), (2, ["1", f"x{delimiter}y", "3"], "")]


@pytest.mark.parametrize("first", ["sep=;", "SEP=;", '"sep=;"', "\ufeffsep=;", "sep=;;;"])
def test_the_separator_may_be_told_by_the_first_line_as_excel_reads_it(first):
    assert lines(f"{first}\na,b;c,d\n1;2\n") == [(2, ["a,b", "c,d"], ""), (3, ["1", "2"], "")]


def test_a_tab_may_be_told_too():
    assert lines("sep=\t\na;b\tc\n") == [(2, ["a;b", "c"], "")]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_cell_goes_on_over_the_lines_between_its_quotes_and_lines_are_numbered_as_in_a_text_editor(end):
    text = end.join(["a;b;c", '1;"12 rue', "", 'du Port; 2";x', "2;y;z", ""])
    assert lines(text) == [
        (1, ["a", "b", "c"], ""),
        (2, ["1", f"12 rue{end}{end}du Port; 2".replace("\r\n", "\n"), "x"], ""),
        (5, ["2", "y", "z"], ""),
    ]


def test_a_cell_of_several_lines_may_be_the_first_or_in_the_heading():
    assert lines('"a\nb";c\n"1\n2";3\n') == [(1, ["a\nb", "c"], ""), (3, ["1\n2", "3"], "")]


def test_a_quote_that_is_never_closed_spoils_its_own_line_only():
    assert lines('a;b;c\n1;"x;y\n2;u;v\n3;"w;\n4;k;l"\n') == [
        (1, ["a", "b", "c"], ""),
        (2, ["1", "x", "y"], wording.OPEN_QUOTE),
        (3, ["2", "u", "v"], ""),
        (4, ["3", "w", ""], wording.OPEN_QUOTE),
        (5, ["4", "k", 'l"'], ""),
    ]


def test_a_quote_that_is_closed_far_below_is_a_slip():
    text = "a;b\n" + '1;"x\n' + "y\n" * (MOST_JOINED + 1) + 'z"\n'
    assert lines(text)[1] == (2, ["1", "x"], wording.OPEN_QUOTE)


def test_an_inch_within_a_cell_is_no_quote():
    assert lines('a;b\n1;5" de haut\n2;"un ""mot"""\n')[1:] == [
        (2, ["1", '5" de haut'], ""),
        (3, ["2", 'un "mot"'], ""),
    ]


def test_a_file_of_open_quotes_is_read_in_a_time_that_grows_as_the_file():
    def seconds(count):
        started = time.process_time()
        assert len(lines("a;b;c\n" + '1;"x\n' * count)) == count + 1
        return time.process_time() - started

    assert seconds(8000) < 10 * seconds(2000) + 0.5


def test_a_told_separator_that_the_header_does_not_use_is_not_taken():
    assert lines("sep=,\na;b\nc;d\n") == [(2, ["a", "b"], ""), (3, ["c", "d"], "")]
