"""`guichet familles importer`: bad lines told one by one, the others taken in, twice is once."""

import pytest

from tests.support.files import ACCOUNT, ACCOUNT_COLUMNS, text_of
from tests.support.people import invoice

CHILD_COLUMNS = ("famille", "nom", "prenom", "date_naissance", "ecole", "classe", "activites")
CHILD = dict.fromkeys(CHILD_COLUMNS, "") | {"famille": "7001", "nom": "Dupont", "prenom": "Zoé"}


@pytest.fixture
def write(tmp_path):
    """Two files of changes made to one account and one child."""

    def write(accounts, children):
        (tmp_path / "comptes.csv").write_text(text_of(ACCOUNT_COLUMNS, *(ACCOUNT | one for one in accounts)), "cp1252")
        (tmp_path / "enfants.csv").write_text(text_of(CHILD_COLUMNS, *(CHILD | one for one in children)), "utf-8-sig")
        return tmp_path / "comptes.csv", tmp_path / "enfants.csv"

    return write


def test_families_come_in_and_the_same_files_twice_change_nothing(guichet, write, portal):
    files = write([{}, {"identifiant": "100002", "famille": "7002"}], [{}, {"prenom": "Émile"}])
    first, second = guichet("familles", "importer", *files), guichet("familles", "importer", *files)
    assert (first.code, second.code, first.err, second.err) == (0, 0, "", "")
    assert portal.stores.accounts.find("100001").holder.full_name == "Mme Camille Dupont"
    assert [child.first_name for child in portal.stores.families.find("7001").children] == ["Zoé", "Émile"]
    assert "Nouveaux 2" in plain(first.out)
    assert "Nouvelles" in first.out
    assert "Inchangés 2" in plain(second.out)


def test_a_dry_run_writes_nothing(guichet, write, portal):
    ran = guichet("familles", "importer", *write([{}], [{}]), "--essai")
    assert ran.code == 0
    assert "rien n’a été écrit" in ran.out
    assert portal.stores.accounts.find("100001") is None
    assert portal.stores.families.find("7001") is None


def test_bad_lines_are_told_and_the_others_taken_in(guichet, write, portal):
    files = write([{"code_postal": "6"}, {"identifiant": "100002"}], [{"date_naissance": "hier"}, {"prenom": "Émile"}])
    ran = guichet("familles", "importer", *files)
    assert ran.code == 3
    assert "comptes.csv, ligne 2, colonne code_postal : code postal attendu" in ran.err
    assert "enfants.csv, ligne 2, colonne date_naissance : date attendue" in ran.err
    assert portal.stores.accounts.find("100001") is None
    assert portal.stores.accounts.find("100002") is not None
    assert portal.stores.families.find("7001") is None, "a family with a bad line keeps the children it had"


def test_a_missing_column_stops_both_files(guichet, write, portal):
    accounts, children = write([{}], [{}])
    children.write_text("famille;nom;prenom;classe;ecole;activites\n7001;Dupont;Zoé;;;\n")
    ran = guichet("familles", "importer", accounts, children)
    assert ran.code == 1
    assert "enfants.csv, ligne 1 : l’en-tête est faux : il manque la colonne date_naissance\n" in ran.err
    assert portal.stores.accounts.find("100001") is None


def test_a_file_without_an_account_stops_both_files(guichet, write, portal):
    ran = guichet("familles", "importer", *write([], [{}]))
    assert ran.code == 1
    assert ran.err.splitlines() == [
        "comptes.csv, ligne 1 : le fichier n’a aucune ligne après celle qui nomme les colonnes",
        "Rien n’a été importé.",
    ]
    assert portal.stores.families.find("7001") is None


def test_both_files_may_come_through_pipes(guichet, write, portal, pipe):
    accounts, children = write([{}], [{}])
    assert guichet("familles", "importer", pipe(accounts), pipe(children)).code == 0
    assert portal.stores.families.find("7001").children


def test_accounts_may_come_without_any_child(guichet, write, portal):
    assert guichet("familles", "importer", *write([{}], [])).code == 0
    assert portal.stores.accounts.find("100001")


def test_the_two_files_in_the_wrong_order_are_two_sentences(guichet, write):
    accounts, children = write([{}], [{}])
    ran = guichet("familles", "importer", children, accounts)
    assert ran.code == 1
    assert [line.partition(" : sa ")[0] for line in ran.err.splitlines()] == [
        "enfants.csv, ligne 1 : ce n’est pas un fichier de comptes",
        "comptes.csv, ligne 1 : ce n’est pas un fichier d’enfants",
        "Rien n’a été importé.",
    ]


def test_what_a_parent_changed_is_kept_and_listed(guichet, write, portal):
    files = write([{}], [{}])
    assert guichet("familles", "importer", *files).code == 0
    account = portal.stores.accounts.find("100001")
    theirs = {"email": "autre@example.org", "changed_by_parent": ("email",)}
    assert portal.stores.accounts.replace(account, account.model_copy(update=theirs))
    ran = guichet("familles", "importer", *files)
    assert ran.code == 0
    assert "Compte 100001, changé par la famille et gardé : courriel : « camille.dupont@example.org »" in ran.out
    assert portal.stores.accounts.find("100001").email == "autre@example.org"


def test_identifiers_that_differ_by_case_alone_are_told_by_line_and_come_in(guichet, write, portal):
    files = write([{"identifiant": name} for name in ("DUPONT12", "100001", "dupont12", "Dupont12")], [{}])
    rest = "pour le portail, ce sont deux comptes ; si c’en est un, corrigez-le dans le logiciel de la ville"
    others = {4: "« DUPONT12 » (ligne 2)", 5: "« DUPONT12 » (ligne 2) et « dupont12 » (ligne 4)"}
    told = [
        f"comptes.csv, ligne {line}, colonne identifiant : « {name} » ne diffère de {others[line]} que par les "
        f"majuscules : {rest}"
        for line, name in ((4, "dupont12"), (5, "Dupont12"))
    ]
    for words in ((*files, "--essai"), files, files):
        ran = guichet("familles", "importer", *words)
        assert (ran.code, ran.err.splitlines()) == (0, told), "the second import too: the portal has them all by then"
    assert all(portal.stores.accounts.find(name) for name in ("DUPONT12", "dupont12", "Dupont12"))


def test_identifier_that_differs_by_case_alone_from_an_account_is_told(guichet, write, portal):
    assert guichet("familles", "importer", *write([{"identifiant": "DUPONT12"}], [])).code == 0
    ran = guichet("familles", "importer", *write([{}, {"identifiant": "dupont12"}], []))
    assert ran.code == 0
    assert ran.err.startswith(
        "comptes.csv, ligne 3, colonne identifiant : « dupont12 » ne diffère de « DUPONT12 », déjà sur le portail, "
        "que par les majuscules : "
    )
    assert portal.stores.accounts.find("dupont12")


def test_children_of_nobody_are_refused_by_line(guichet, write, portal):
    ran = guichet("familles", "importer", *write([{}], [{}, {"famille": "9999"}]))
    assert ran.code == 3
    assert "enfants.csv, ligne 3, colonne famille : aucun compte de cette famille" in ran.err
    assert portal.stores.families.find("9999") is None


def plain(text):
    return " ".join(text.split())


def test_an_invoice_to_pay_follows_the_direct_debit_of_its_account(guichet, write, portal):
    guichet("familles", "importer", *write([{"prelevement": "oui"}], [{}]))
    debited = invoice("170000", "100001", direct_debit=True)
    assert portal.stores.invoices.add(debited)
    portal.stores.summaries.put_rows("100001", [debited.summary])
    ran = guichet("familles", "importer", *write([{"prelevement": "non"}], [{}]))
    assert (ran.code, "1 facture(s) à payer suivent le prélèvement" in plain(ran.out)) == (0, True)
    assert [row.payable_online for row in portal.stores.summaries.find("100001")] == [True]
    assert "suivent" not in guichet("familles", "importer", *write([{"prelevement": "non"}], [{}])).out


def test_what_an_import_changes_is_shown_before_and_after_ten_at_a_time(guichet, write):
    names = [{"identifiant": f"1000{n:02}", "famille": f"70{n:02}"} for n in range(12)]
    children = [{"famille": f"70{n:02}", "classe": "CE1"} for n in range(12)]
    guichet("familles", "importer", *write(names, children))
    new = [one | {"nom": "Durand", "prelevement": "oui"} for one in names]
    moved = [one | {"classe": "CE2"} for one in children[1:]] + [children[0] | {"prenom": "Noé"}]
    files = write(new, moved)
    ran = guichet("familles", "importer", *files, "--essai")
    assert "Compte 100000, titulaire : Mme Camille Dupont → Mme Camille Durand ; prélèvement : non → oui" in plain(
        ran.out
    )
    assert "Famille 7001, Zoé Dupont, classe : CE1 → CE2" in plain(ran.out)
    assert "Compte 100011" not in ran.out
    assert ran.out.count("… et 2 autres") == 2
    everything = guichet("familles", "importer", *files, "--essai", "--tout").out
    assert "Compte 100011" in everything
    assert "Famille 7000, Noé Dupont ajouté ; Zoé Dupont retiré" in plain(everything)


ABROAD = (
    {"identifiant": "1", "code_postal": "1000", "commune": "Bruxelles"},
    {"identifiant": "2", "code_postal": "L-1234", "commune": "Luxembourg"},
    {"identifiant": "3", "code_postal": "98000", "commune": "Monaco"},
    {"identifiant": "4", "code_postal": "1201", "commune": "Genève"},
    {"identifiant": "5", "code_postal": "SW1A 1AA", "commune": "Londres"},
    {"identifiant": "6", "code_postal": "6990"},
)


def test_accounts_abroad_come_in_and_those_of_no_known_country_are_told(guichet, write, portal):
    ran = guichet("familles", "importer", *write(ABROAD, [{}]))
    assert ran.code == 0
    told = [line for line in ran.err.splitlines() if "colonne pays : pays à préciser" in line]
    assert [line.partition(",")[2].split(",")[0] for line in told] == [" ligne 6", " ligne 7"]
    countries = [portal.stores.accounts.find(one["identifiant"]).address.country for one in ABROAD]
    assert countries == ["BE", "LU", "MC", "CH", "", ""]
    assert "Adresse : 12 rue des Genêts, SW1A 1AA Londres, pays à préciser" in guichet("comptes", "voir", "5").out
    assert "12 rue des Genêts, 1201 Genève, SUISSE" in guichet("comptes", "voir", "4").out


def test_a_file_whose_zeros_a_spreadsheet_removed_damages_no_address_and_no_number(guichet, write, portal):
    assert guichet("familles", "importer", *write([{}], [{}])).code == 0
    before = portal.stores.accounts.find("100001")
    ran = guichet("familles", "importer", *write([{"code_postal": "6990", "telephone_mobile": "600000001"}], [{}]))
    assert (ran.code, "pays à préciser" in ran.err, "Inchangés 1" in plain(ran.out)) == (0, True, True)
    assert portal.stores.accounts.find("100001") == before
