"""Any encoding, delimiter and order of columns; one bad line never spoils the next."""

import io

import pytest

from chalicelib.importing.rows import BadLine, FileRefused, Row
from chalicelib.importing.table import read_table
from chalicelib.wording import importing as wording

COLUMNS = ["numero", "libelle"]


def rows(content, columns=COLUMNS, **options):
    content = content if isinstance(content, bytes) else content.encode()
    return list(read_table(io.BytesIO(content), columns, kind="un fichier de livres", **options))


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("delimiter", [";", ","])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_the_same_rows_come_out_of_every_dialect(mark, delimiter, end):
    text = mark + end.join(["numero;libelle", "1;Été", '"2";"a ""b"" c"', ""]).replace(";", delimiter)
    assert rows(text) == [
        Row(2, {"numero": "1", "libelle": "Été"}),
        Row(3, {"numero": "2", "libelle": 'a "b" c'}),
    ]


def test_windows_1252_is_recognised():
    content = "numero;libelle\n1;Été – 12 € œuvre\n".encode("cp1252")
    assert rows(content) == [Row(2, {"numero": "1", "libelle": "Été – 12 € œuvre"})]


def test_one_stray_byte_spoils_its_own_cell_and_not_every_accent_of_the_file():
    content = "numero;libelle\n1;Été\n2;Noël\n".encode() + b"3;No\xebl\n"
    assert [row.cells["libelle"] for row in rows(content)] == ["Été", "Noël", "No\ufffdl"]


def test_an_accent_in_two_characters_becomes_one():
    assert rows("numero;libelle\n1;E\u0301te\u0301\n")[0].cells["libelle"] == "Été"


def test_columns_come_in_any_order_and_any_case():
    assert rows("Libellé;  NUMERO \nÉté;1\n") == [Row(2, {"numero": "1", "libelle": "Été"})]


def test_blank_lines_and_empty_cells_at_the_end_are_nothing():
    assert rows("numero;libelle;;\n\n1;Été;;\n;;;\n  \n") == [Row(3, {"numero": "1", "libelle": "Été"})]


def refusal_of(content, columns=COLUMNS, **options):
    """The one sentence of a file that is refused, spaces made plain."""
    with pytest.raises(FileRefused) as refusal:
        rows(content, columns, **options)
    (bad,) = refusal.value.bad_lines
    assert bad.column == ""
    return bad.reason.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ("numero", "il manque la colonne libelle"),
        ("numero;libelle;titre", "la colonne titre est de trop"),
        ("numero;libelle;titre;a;b;c;d;e", "les colonnes titre, a, b, c et 2 autres sont de trop"),
        ("numero;libelle;numero", "la colonne numero figure deux fois"),
        (
            "titre;numero;numero",
            "il manque la colonne libelle ; la colonne titre est de trop ; la colonne numero figure deux fois",
        ),
    ],
)
def test_each_wrong_column_is_named_in_one_sentence(header, reason):
    assert refusal_of(f"{header}\n1;Été;1\n") == f"l’en-tête est faux : {reason}"


ADDED = {"columns": [*COLUMNS, "rayon"], "may_be_absent": {"rayon"}}


def test_a_column_that_may_be_absent_is_read_where_it_is_and_empty_where_it_is_not():
    assert rows("numero;libelle\n1;Été\n", **ADDED) == [Row(2, {"numero": "1", "libelle": "Été", "rayon": ""})]
    assert rows("rayon;numero;libelle\nB;1;Été\n", **ADDED) == [Row(2, {"numero": "1", "libelle": "Été", "rayon": "B"})]


def test_lines_are_as_wide_as_their_own_header_where_a_column_is_absent():
    absent, present = rows("numero;libelle\n1;a;B\n", **ADDED), rows("numero;libelle;rayon\n1;a\n", **ADDED)
    assert absent == [Row(2, {"numero": "1", "libelle": "a", "rayon": ""}, BadLine(2, "", "3 cases au lieu de 2"))]
    assert present == [Row(2, {"numero": "1", "libelle": "a"}, BadLine(2, "", "2 cases au lieu de 3"))]


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ("numero", "il manque la colonne libelle"),
        ("numero;rayon", "il manque la colonne libelle"),
        ("numero;libelle;rayons", "la colonne rayons est de trop"),
        ("numero;libelle;rayon;rayon", "la colonne rayon figure deux fois"),
    ],
)
def test_beside_a_column_that_may_be_absent_each_wrong_one_is_still_named(header, reason):
    assert refusal_of(f"{header}\n1;Été;1;2\n", **ADDED) == f"l’en-tête est faux : {reason}"


def test_another_file_is_told_the_columns_that_it_must_have():
    assert refusal_of("titre;auteur\n1;2\n", **ADDED) == (
        "ce n’est pas un fichier de livres : sa première ligne doit nommer, séparées par des « ; », "
        "les colonnes numero et libelle"
    )


@pytest.mark.parametrize("content", ["titre;auteur\n1;2\n", "numero;titre\n1;2\n", "Bonjour,\n\nvoici le fichier.\n"])
def test_a_file_with_few_of_the_columns_is_another_file(content):
    assert refusal_of(content, ["numero", "libelle", "periode", "montant"]) == (
        "ce n’est pas un fichier de livres : sa première ligne doit nommer, séparées par des « ; », "
        "les colonnes numero, libelle, periode et montant"
    )


def test_the_name_of_a_strange_column_is_cut_and_shows_no_command():
    name = "t\x1b[31m" + "i" * 100
    assert refusal_of(f"numero;libelle;{name}\n1;a;b\n").endswith(f"la colonne t[31m{'i' * 35} est de trop")


@pytest.mark.parametrize(
    "content",
    [
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00",
        bytes(range(256)),
        bytes(set(range(256)) - set(b"\0\n")),
    ],
    ids=["image", "any bytes", "any bytes but NUL and LF"],
)
def test_what_is_no_text_is_not_taken_for_a_wrong_text(content):
    assert refusal_of(content) == wording.NOT_TEXT.replace("\u00a0", " ")


def test_a_web_page_named_as_a_file_is_told_for_what_it_is():
    page = "<html><table><tr><td>numero</td></tr></table></html>"
    assert refusal_of(page) == wording.MARKUP.replace("\u00a0", " ")


@pytest.mark.parametrize("below", ["", "\n", "\r\n;;\r\n  \r\n"])
def test_a_file_without_a_line_is_refused(below):
    assert refusal_of(f"numero;libelle{below}") == "le fichier n’a aucune ligne après celle qui nomme les colonnes"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", wording.EMPTY_FILE),
        (b"\n ;; \n", wording.EMPTY_FILE),
        ("".encode("utf-16"), wording.EMPTY_FILE),
    ],
)
def test_a_file_that_says_nothing_is_refused_in_one_sentence(content, reason):
    with pytest.raises(FileRefused) as refusal:
        rows(content)
    assert refusal.value.bad_lines == (BadLine(1, "", reason),)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('2;"Été', wording.OPEN_QUOTE),
        ('2;"Été" x', wording.OPEN_QUOTE),
        ("2;É\rté", wording.BROKEN_LINE),
        ("2;" + "é" * 140_000, wording.BROKEN_LINE),
        ("2", "1 case au lieu de 2"),
        ("2;Été;x", "3 cases au lieu de 2"),
    ],
)
def test_an_unreadable_line_is_told_and_the_next_one_read(line, reason):
    found = rows(f"numero;libelle\n1;a\n{line}\n3;c\n")
    assert [row.line for row in found] == [2, 3, 4]
    assert found[1].problem == BadLine(3, "", reason)
    assert [found[0].problem, found[2].problem] == [None, None]
    assert found[1].cells["numero"] == "2"


@pytest.mark.parametrize("sign", ["\u200b", "\u00ad", "\u2060", "\ufeff", "\u202a"])
def test_signs_that_nobody_sees_are_nothing_in_a_heading_and_in_a_cell(sign):
    assert rows(f"num{sign}ero;{sign}libelle{sign}\n1;É{sign}té{sign}\n")[0].cells == {"numero": "1", "libelle": "Été"}


def test_a_no_break_space_is_a_space_in_a_heading():
    assert rows("numero;date\u00a0de\u202flivre\n1;a\n", ["numero", "date_de_livre"])[0].cells["date_de_livre"] == "a"


@pytest.mark.parametrize("title", ["Livres de la ville", "Livres, romans ; contes", '"Livres";"2026"', "Ville;;"])
def test_a_title_above_the_heading_is_told_with_the_line_of_the_heading(title):
    with pytest.raises(FileRefused) as refusal:
        rows(f"{title}\n\nnumero;libelle\n1;Été\n")
    assert refusal.value.bad_lines == (BadLine(1, "", wording.title_above(1, 3)),)


def test_a_line_that_is_no_heading_far_below_is_not_looked_for():
    assert "séparées par" in refusal_of("Livres\n" + "a;b\n" * 30 + "numero;libelle\n1;Été\n")


def test_a_nul_stays_in_its_cell_for_the_cell_to_refuse():
    assert rows("numero;libelle\n1;a\x00b\n")[0].cells["libelle"] == "a\x00b"
