"""Names are read as they were written, or the file is refused; never as other names."""

import io
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.importing.accounts import read_accounts
from chalicelib.importing.encoding import RARE, SINGLE_BYTE, detect_encoding
from chalicelib.importing.french_letters import IMPOSSIBLE, STRANGE, doubt_of
from chalicelib.importing.rows import FileRefused
from chalicelib.wording import importing as wording
from local.town import names
from tests.support.files import ACCOUNT, account_rows

FRENCH = """
    Zoé Lefèvre Éloïse Noël Émile Hélène Aïcha Anaïs Béatrice Cécile Ève Françoise Gaëlle Inès Joëlle Maëlys Benoît Côme
    Loïc Jérôme Lévêque Castañeda Gonçalves Lemaître Rivière Saïdi Crémieux Besançon Nîmes Sète Évry Étampes
    Île-de-France Forêt Août Œuvre cœur Sœur Bœuf Lætitia L’Haÿ-les-Roses Crèche Étude Hôtel Châlons Pâques Mâcon
    à déjà voilà où Où Müller Schröder Schäfer Núñez Muñoz García Díaz Søren Åsa Straße Weiß João Simões Conceição
    Öztürk Ünal Çelik Šimić Bjørn Krämer König Álvarez Sánchez López Úrsula Íñigo Óscar Ángel Nicolò Hoàng Žarko Guðrún
    Plœmeur Saône Pyrénées été école élève évêque être âme île hôpital contrôle règlement périscolaire
    préscolaire d’été l’école l’église 2è
    ANDRÉ RENÉ NOËL FRANÇOIS HÉLÈNE ÎLE FORÊT ŒUVRE MÜLLER ÑUÑEZ FRANçOIS LEFèVRE HéLèNE DéSIRéE GAëLLE JOãO CRèCHE
""".split()
TOWN = {
    word for group in (names.WOMEN, names.MEN, names.LAST_NAMES, names.STREETS) for one in group for word in one.split()
}
NAMES = sorted(name for name in {*FRENCH, *TOWN} if not name.isascii())
CODECS = ("utf-8", *SINGLE_BYTE)


def read(content):
    """The lines of a file, or None when it is refused."""
    try:
        encoding = detect_encoding(io.BytesIO(content))
    except FileRefused:
        return None
    return [encoding.decode(line).rstrip("\n") for line in io.BytesIO(content)]


def writable(codec):
    """The names that an encoding can write."""
    return [name for name in NAMES if name.encode(codec, "ignore").decode(codec) == name]


@pytest.mark.parametrize("codec", CODECS)
def test_a_file_of_many_names_is_read_in_the_encoding_that_wrote_it(codec):
    words = ["nom", *writable(codec)]
    found = read("\n".join(words).encode(codec))
    assert [told(line, name) for line, name in zip(found, words, strict=True)] == [
        "\ufffd" if unsure(name, codec) else name for name in words
    ]


def unsure(name, codec):
    """Whether its letters may be those of another part of Europe, or of another old machine: its line is told."""
    least = STRANGE if codec in RARE else IMPOSSIBLE
    return codec != "utf-8" and doubt_of(name) >= least


def told(line, name):
    """A line that no cell accepts is not compared letter by letter."""
    return (
        "\ufffd" if "\ufffd" in line and name.encode("ascii", "ignore").decode() in line.replace("\ufffd", "") else line
    )


def test_few_names_of_the_lists_are_told_in_place_of_being_read():
    assert {name for name in writable("cp1252") if unsure(name, "cp1252")} == {"Guðrún"}
    assert {name for name in writable("mac_roman") if unsure(name, "mac_roman")} <= {"Úrsula", "Yılmaz", "Işıl"}


@pytest.mark.parametrize("codec", CODECS)
@given(data=st.data())
@settings(max_examples=150, deadline=None, derandomize=True)
def test_any_few_names_are_read_as_they_were_written_or_refused(codec, data):
    words = data.draw(st.lists(st.sampled_from(writable(codec)), min_size=1, max_size=12))
    found = read("\n".join(words).encode(codec))
    if found is not None:
        assert len(found) == len(words)
        for line, name in zip(found, words, strict=True):
            assert line == name or (unsure(name, codec) and "\ufffd" in line)


@pytest.mark.parametrize("codec", ["cp1252", "mac_roman", "cp850"])
def test_each_name_alone_is_read_as_it_was_written_or_refused_and_mostly_read_in_windows(codec):
    found = {name: read(name.encode(codec)) for name in writable(codec)}
    assert {
        tuple(lines) for name, lines in found.items() if lines not in ([name], None) and not unsure(name, codec)
    } == set()
    refused = sum(lines is None for lines in found.values())
    assert codec != "cp1252" or refused < len(found) / 4


EASTERN = {
    "cp1250": "Dvořák Ştefan Łukasz Čapek Šimůnek Růžička Kučera Kamiński Őri Petrović Wałęsa Gyűrű Vaněk",
    "iso8859-2": "Dvořák Ştefan Łukasz Čapek Šimůnek Růžička Kučera Kamiński Őri Petrović Wałęsa Gyűrű Vaněk",
    "iso8859-16": "Ștefan Łukasz Kamiński Petrović Măgureanu Ionuț",
    "cp1254": "Yıldız Şükrü İbrahim Işık Doğan Ayşe Kılıç Çağlar",
    "iso8859-9": "Yıldız Şükrü İbrahim Işık Doğan Ayşe Kılıç Çağlar",
    "cp857": "Yıldız Doğan Ayşe Kılıç",
}
"""Encodings that are not recognised: their letters are others in those of Western Europe."""


@pytest.mark.parametrize(("codec", "name"), [(codec, name) for codec, line in EASTERN.items() for name in line.split()])
@pytest.mark.parametrize("others", [[], ["Zoé", "Hélène", "René", "Noël"]], ids=["alone", "among French names"])
def test_a_name_of_central_europe_or_of_turkey_is_never_another_name(codec, name, others):
    if codec in ("cp857", "iso8859-16"):
        others = others[:1]
    found = read("\n".join([*(other for other in others if _same(other, codec)), name]).encode(codec))
    assert found is None or found[-1] == name or "\ufffd" in found[-1]


def _same(name, codec):
    return name.encode(codec, "replace") == name.encode("cp1252")


@pytest.mark.parametrize("codec", SINGLE_BYTE)
def test_the_file_of_accounts_of_a_mac_or_of_dos_is_read(codec):
    rows = account_rows({"nom": "Lefèvre", "prenom": "Zoé", "ligne_1": "12 rue des Genêts"})
    (record,) = read_accounts(io.BytesIO(rows.getvalue().decode().encode(codec)))
    assert (record.value.holder.last_name, record.value.holder.first_name) == ("Lefèvre", "Zoé")
    assert record.value.address.line_1 == ACCOUNT["ligne_1"]


@pytest.mark.parametrize(
    "text",
    [
        "Frais d’inscription", "rue de l’Olivette", "rue\u00a0du Puits", "12 €", "12\u00a0€", "n° 12", "2ème étage",
        "Noël", "Garderie – matin", "« Les Pins »", "œuvre", "RENÉ", "Müller", "école", "à régler", "Île-de-France",
        "½ journée",
    ],
)  # fmt: skip
def test_one_text_of_windows_is_enough_to_read_its_file(text):
    assert read(f"libelle\n{text}\n".encode("cp1252")) == ["libelle", text]


def test_what_may_be_two_words_is_refused_with_both_and_the_line():
    with pytest.raises(FileRefused) as refusal:
        detect_encoding(io.BytesIO("nom\nDupont\nLefèvre\n".encode("cp850")))
    (bad,) = refusal.value.bad_lines
    assert (bad.line, bad.reason) in {
        (3, wording.two_readings("Lefèvre", "Lefävre")),
        (3, wording.two_readings("Lefävre", "Lefèvre")),
    }
    assert "CSV UTF-8" in bad.reason


def test_what_is_a_word_in_no_encoding_is_refused_with_the_way_out():
    with pytest.raises(FileRefused) as refusal:
        detect_encoding(io.BytesIO("nom\nИванов;Пётр\nСидорова;Анна\n".encode("koi8-r")))
    assert "CSV UTF-8" in refusal.value.bad_lines[0].reason


@pytest.mark.parametrize("codec", ["cp1252", "mac_roman"])
def test_a_line_pasted_from_another_encoding_is_made_unreadable_and_the_others_are_read(codec):
    words = ["Zoé", "Noël", "Hélène", "Aïcha", "Crémieux", "Benoît"]
    other = "cp850" if codec == "cp1252" else "utf-8"
    content = "\n".join(words).encode(codec) + b"\n" + "Andréa\n".encode(other)
    found = read(content)
    assert found[:-1] == words
    assert "\ufffd" in found[-1]


WRONGLY = ["cp1252", "mac_roman", "cp850"]


def encoded_twice(text, codec):
    """What UTF-8 becomes when a program takes it for another encoding and saves it as UTF-8."""
    return "".join(
        chr(byte) if byte in b"\x81\x8d\x8f\x90\x9d" and codec == "cp1252" else bytes([byte]).decode(codec)
        for byte in text.encode()
    )


@pytest.mark.parametrize("codec", WRONGLY)
def test_utf_8_encoded_twice_is_undone(codec):
    words = ["Zoé", "Lefèvre", "L’Haÿ-les-Roses", "cœur", "Éloïse", "Ünal", "où"]
    assert read("\n".join(encoded_twice(word, codec) for word in words).encode()) == words


@pytest.mark.parametrize("codec", WRONGLY)
def test_a_line_encoded_twice_among_others_is_made_unreadable(codec):
    found = read(f"Zoé\n{encoded_twice('Lefèvre', codec)}\nNoël\n".encode())
    assert [found[0], found[2]] == ["Zoé", "Noël"]
    assert "\ufffd" in found[1]


@pytest.mark.parametrize(
    "name",
    ["JOÃO", "SÃO TOMÉ", "Ângela", "HÅKON", "Иванов", "Nguyễn Thị", "张伟", "Ælfgar", "Þórður", "5 √ 2", "« Â »"],
)
def test_utf_8_that_only_resembles_it_is_left_as_it_is(name):
    assert read(f"nom\nZoé\n{name}\n".encode()) == ["nom", "Zoé", name]


def test_bytes_of_a_mac_that_happen_to_be_utf_8_are_not_taken_for_it():
    assert read("rue de l’école\nZoé\n".encode("mac_roman")) == ["rue de l’école", "Zoé"]


@given(content=st.binary(max_size=500))
@settings(max_examples=300, deadline=None, derandomize=True)
def test_any_bytes_are_read_or_refused(content):
    found = read(content)
    assert found is None or all(isinstance(line, str) for line in found)


@pytest.mark.parametrize("line", ["Zoé Lefèvre;Noël\n", "é" * 500 + "\n", "a" * 500 + "é\n", "·aé" * 300 + "\n"])
@pytest.mark.parametrize("codec", ["utf-8", "cp1252"])
def test_the_time_grows_as_the_file(line, codec):
    def seconds(count):
        started = time.process_time()
        read((line * count).encode(codec))
        return time.process_time() - started

    seconds(10)
    assert seconds(2000) < 10 * seconds(500) + 0.5
