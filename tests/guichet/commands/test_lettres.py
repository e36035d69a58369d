"""`guichet lettres imprimer`: letters for families that never signed in; printing starts the life of their code."""

import io

import pytest
from pypdf import PdfReader

from chalicelib.domain.account import Address
from chalicelib.services.authentication.activation_code import activation_code
from tests.support.browsing import Browser
from tests.support.people import DUPONT, MARTIN

FAR = Address(line_1="1 rue du Port", postcode="01000", town="Bourg-des-Pins")
BENALI = MARTIN.model_copy(
    update={"username": "benali", "address": FAR, "holder": MARTIN.holder.model_copy(update={"last_name": "Benali"})}
)


@pytest.fixture
def never_opened(portal):
    """martin and benali never signed in; dupont did."""
    held = portal.stores.accounts.find("martin")
    portal.stores.accounts.replace(held, held.model_copy(update={"password_hash": None}))
    portal.stores.accounts.add(BENALI)


def pages(content):
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(content)).pages]


def test_one_letter_gives_a_code_that_lets_in_and_dies_in_ninety_days(guichet, portal, never_opened, clock, tmp_path):
    path = tmp_path / "lettre.pdf"
    ran = guichet("lettres", "imprimer", "--compte", "martin", "--sortie", path)
    assert (ran.code, "codes valables jusqu’au 8 septembre 2026" in ran.out) == (0, True)
    account = portal.stores.accounts.find("martin")
    code = activation_code(account, key=portal.secrets.activation[0])
    (page,) = pages(path.read_bytes())
    assert code in page
    assert "M. Łukasz Martin" in page
    assert Browser().sign_in("martin", password=code).location.startswith("/nouveau-mot-de-passe")
    clock.advance(days=91)
    assert Browser().sign_in("martin", password=code).says("Ce code d’activation est trop ancien.")


def test_all_that_never_signed_in_are_in_one_file_by_postcode(guichet, never_opened, tmp_path):
    path = tmp_path / "lettres.pdf"
    assert "2 lettre(s)" in guichet("lettres", "imprimer", "--jamais-connectes", "--sortie", path).out
    first, second = pages(path.read_bytes())
    assert ("Benali" in first, "Martin" in second) == (True, True)
    assert DUPONT.holder.last_name not in first + second


def test_or_each_in_its_own_file(guichet, never_opened, tmp_path):
    assert guichet("lettres", "imprimer", "--jamais-connectes", "--dossier", tmp_path / "envoi").code == 0
    assert sorted(path.name for path in (tmp_path / "envoi").iterdir()) == ["lettre-benali.pdf", "lettre-martin.pdf"]


def test_letter_printed_again_holds_the_same_code(guichet, portal, never_opened, clock, tmp_path):
    for name in ("1.pdf", "2.pdf"):
        assert guichet("lettres", "imprimer", "--compte", "martin", "--sortie", tmp_path / name).code == 0
        clock.advance(days=30)
    codes = [
        [word for word in pages((tmp_path / name).read_bytes())[0].split() if word.count("-") == 2]
        for name in ("1.pdf", "2.pdf")
    ]
    assert codes[0] == codes[1]


def test_printing_is_noted(guichet, portal, never_opened, tmp_path, monkeypatch):
    monkeypatch.setattr("guichet.agent.acting", lambda: "camille")
    assert guichet("lettres", "imprimer", "--compte", "martin", "--sortie", tmp_path / "lettre.pdf").code == 0
    (entry,) = portal.stores.journal.latest("martin", now=portal.clock())
    assert (entry.event, entry.by) == ("letter_printed", "camille")


def test_dry_run_prints_nothing_and_starts_no_code(guichet, portal, never_opened, tmp_path):
    path = tmp_path / "lettres.pdf"
    ran = guichet("lettres", "imprimer", "--jamais-connectes", "--sortie", path, "--essai")
    assert (ran.code, "2 lettre(s) seraient imprimées" in ran.out, path.exists()) == (0, True, False)
    assert portal.stores.accounts.find("martin").activation_printed_on is None
    ran = guichet("lettres", "imprimer", "--jamais-connectes", "--essai")
    assert (ran.code, "2 lettre(s) seraient imprimées" in ran.out) == (0, True)


def test_account_already_opened_needs_no_letter(guichet, portal, tmp_path):
    ran = guichet("lettres", "imprimer", "--compte", "dupont", "--sortie", tmp_path / "lettre.pdf")
    assert (ran.code, "comptes renvoyer-acces" in ran.err) == (1, True)
    assert (
        "Aucune lettre à imprimer." in guichet("lettres", "imprimer", "--jamais-connectes", "--dossier", tmp_path).out
    )


@pytest.mark.parametrize(
    "words", [[], ["--compte", "x"], ["--sortie", "x"], ["--jamais-connectes", "--sortie", "x", "--dossier", "y"]]
)
def test_choice_must_be_whole(guichet, words):
    assert guichet("lettres", "imprimer", *words).code == 2


def test_another_file_is_left_alone(guichet, portal, never_opened, tmp_path):
    (tmp_path / "lettres.pdf").write_bytes(b"kept")
    assert guichet("lettres", "imprimer", "--compte", "martin", "--sortie", tmp_path / "lettres.pdf").code == 1
    assert portal.stores.accounts.find("martin").activation_printed_on is None


@pytest.mark.parametrize("where", ["--sortie", "--dossier"])
def test_letters_that_cannot_be_written_start_no_code(guichet, portal, never_opened, tmp_path, where):
    (tmp_path / "fichier").touch()
    ran = guichet("lettres", "imprimer", "--compte", "martin", where, tmp_path / "fichier" / "lettres")
    assert (ran.code, "lettres ne peut pas être écrit : un dossier de ce chemin n’en est pas un." in ran.err) == (
        1,
        True,
    )
    assert portal.stores.accounts.find("martin").activation_printed_on is None


def test_letters_in_a_folder_replace_those_printed_before(guichet, never_opened, tmp_path):
    (tmp_path / "lettre-martin.pdf").write_bytes(b"before")
    assert guichet("lettres", "imprimer", "--compte", "martin", "--dossier", tmp_path).code == 0
    assert [path.name for path in tmp_path.iterdir()] == ["lettre-martin.pdf"]
    assert (tmp_path / "lettre-martin.pdf").read_bytes().startswith(b"%PDF")


def test_characters_that_no_font_has_are_told_by_each_command_that_draws(guichet, portal, never_opened, tmp_path):
    held = portal.stores.accounts.find("martin")
    address = held.address.model_copy(update={"line_1": "1 rue 漢字"})
    portal.stores.accounts.replace(held, held.model_copy(update={"address": address}))
    told = "Caractères non tracés, remplacés par « � » dans les documents : 字漢"
    first = guichet("lettres", "imprimer", "--jamais-connectes", "--sortie", tmp_path / "lettres.pdf")
    again = guichet("comptes", "renvoyer-acces", "martin", "--courrier", tmp_path / "lettre.pdf")
    assert [told in ran.err.replace("\u00a0", " ") for ran in (first, again)] == [True, True]
    other = guichet("lettres", "imprimer", "--compte", "benali", "--sortie", tmp_path / "benali.pdf")
    assert "non tracés" not in other.err
