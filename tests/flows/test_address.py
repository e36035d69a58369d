"""« Déclarer ma nouvelle adresse », from the form to the family's own list of requests."""

import pytest

from chalicelib.domain.account import Address
from chalicelib.domain.request import RequestState
from tests.support.browsing import Browser, fold
from tests.support.letterbox import mails
from tests.support.proofs import JPEG, PDF, PNG

MOVE = {
    "ligne_1": "3 rue des Lilas",
    "code_postal": "06 990",
    "commune": "Saint-Aubin-les-Pins",
    "date_effet": "1/9/2026",
}
NEW = Address(line_1="3 rue des Lilas", postcode="06990", town="Saint-Aubin-les-Pins")


def declare(browser, name="quittance.pdf", content=PDF, **fields):
    browser.get("/adresse")
    return browser.post_multipart("/adresse", {"justificatif": (name, content)}, **{**MOVE, **fields})


def requests(portal, username="dupont"):
    return portal.stores.requests.of(username)


def withdraw(portal, browser):
    waiting = next(one for one in requests(portal) if one.pending)
    browser.get(f"/adresse/{waiting.id}/retrait")
    assert browser.post(f"/adresse/{waiting.id}/retrait").status == 303


def stored(portal):
    found = portal.clients.s3.list_objects_v2(Bucket=portal.settings.bucket("uploads"))
    return [one["Key"] for one in found.get("Contents", [])]


@pytest.mark.parametrize(("content", "extension"), [(PDF, "pdf"), (JPEG, "jpg"), (PNG, "png")])
def test_declared_address_waits_for_the_desk_with_its_proof(portal, dupont, content, extension):
    assert declare(dupont, "ma photo.exe", content).status == 303
    assert dupont.follow().says("Votre demande est enregistrée.")
    assert dupont.page.says("3 rue des Lilas, 06990 Saint-Aubin-les-Pins, à partir du 1er septembre 2026")
    assert dupont.page.says("en attente de validation par la mairie")
    (asked,) = requests(portal)
    assert (asked.address, asked.effective_on.isoformat()) == (NEW, "2026-09-01")
    assert stored(portal) == [asked.proof.key]
    assert asked.proof.key.endswith(f".{extension}")
    assert "photo" not in asked.proof.key
    assert portal.stores.accounts.find("dupont").address != NEW


def test_the_same_form_sent_twice_is_one_request_and_one_mail(portal, dupont):
    dupont.get("/adresse")
    form = dupont.page
    for _ in range(2):
        dupont.page = form
        sent = dupont.post_multipart("/adresse", {"justificatif": ("quittance.pdf", PDF)}, **MOVE)
        assert sent.location == "/adresse?fait=adresse"
    portal.tasks.run()
    assert (len(requests(portal)), len(mails()), len(stored(portal))) == (1, 1, 1)
    dupont.page = form
    dupont.post_multipart("/adresse", {"justificatif": ("quittance.png", PNG)}, **MOVE)
    assert len(requests(portal)) == 2


def test_family_gets_a_dated_receipt(portal, dupont):
    declare(dupont)
    portal.tasks.run()
    (mail,) = mails()
    assert mail.subject == "Nouvelle adresse déclarée\u00a0: accusé de réception"
    assert mail.says("Nous avons reçu le 10 juin 2026 à 11 h 00 votre demande " + requests(portal)[0].id)
    assert mail.says("Justificatif reçu : quittance.pdf.")


def test_no_receipt_goes_to_an_address_that_bounces(portal, dupont, clock):
    held = portal.stores.accounts.find("dupont")
    assert portal.stores.accounts.replace(held, held.model_copy(update={"email_bounced_at": clock()}))
    assert declare(dupont).status == 303
    portal.tasks.run()
    assert not mails()


def test_proof_may_be_brought_to_the_counter(portal, dupont):
    assert declare(dupont, "", b"", justificatif_au_guichet="oui").status == 303
    assert requests(portal)[0].proof is None
    assert dupont.follow().says("Apportez votre justificatif au Guichet unique")


def test_neither_file_nor_promise_is_refused_and_the_rest_given_back(portal, dupont):
    page = declare(dupont, "", b"")
    assert (page.status, page.says("Joignez un justificatif")) == (422, True)
    assert page.outline.forms["/adresse"]["ligne_1"] == "3 rue des Lilas"
    assert not requests(portal)


def test_every_wrong_field_is_told_at_once(dupont):
    wrong = {"ligne_1": " ", "ligne_2": "x" * 61, "code_postal": "0699", "commune": "", "date_effet": "bientôt"}
    page = declare(dupont, content=b"GIF89a", **wrong)
    assert page.says("6 réponses sont à corriger")
    told = (
        "Indiquez le numéro",
        "Cette ligne",
        "Un code postal",
        "Indiquez la commune",
        "Indiquez le jour",
        "Ce fichier",
    )
    places = [page.words.index(fold(one)) for one in told]
    assert places == sorted(places), "in the order of the fields"
    assert [page.outline.forms["/adresse"][name] for name in ("code_postal", "date_effet")] == ["0699", "bientôt"]


@pytest.mark.parametrize("typed", ["06.990", "06-990", "F-06990", "fr 06990", "０６９９０", "0 6 9 9 0", "\u200b06990"])
def test_postcode_is_understood_however_it_is_written(portal, dupont, typed):
    assert declare(dupont, code_postal=typed).status == 303
    assert requests(portal)[0].address.postcode == "06990"


@pytest.mark.parametrize("typed", ["0699", "069900", "A6990", "FF06990", "06990 Nice", "2A990", "-"])
def test_postcode_of_another_form_is_refused(portal, dupont, typed):
    assert declare(dupont, code_postal=typed).says("Un code postal a cinq chiffres")
    assert not requests(portal)


@pytest.mark.parametrize(
    ("typed", "town", "country", "address"),
    [
        ("B-1000", "Bruxelles", "BE", ("3 rue des Lilas", "1000 Bruxelles", "BELGIQUE")),
        ("1234", "Luxembourg", "LU", ("3 rue des Lilas", "L-1234 Luxembourg", "LUXEMBOURG")),
        ("98000", "Monaco", "FR", ("3 rue des Lilas", "98000 Monaco", "MONACO")),
        ("97400", "Saint-Denis", "", ("3 rue des Lilas", "97400 Saint-Denis")),
        ("sw1a 1aa", "Londres", "GB", ("3 rue des Lilas", "SW1A 1AA Londres", "ROYAUME-UNI")),
        ("", "Dublin", "IE", ("3 rue des Lilas", "Dublin", "IRLANDE")),
    ],
)
def test_an_address_abroad_is_declared_with_its_country(portal, dupont, typed, town, country, address):
    assert declare(dupont, code_postal=typed, commune=town, pays=country).status == 303
    assert requests(portal)[0].address.lines == address
    assert dupont.follow().says(", ".join(address))


def test_country_is_france_until_another_is_chosen_and_is_given_back(dupont):
    assert dupont.get("/adresse").outline.forms["/adresse"]["pays"] == "FR"
    page = declare(dupont, code_postal="06990", pays="BE")
    assert (page.status, page.says("Ce code postal n’est pas du pays choisi")) == (422, True)
    assert page.outline.forms["/adresse"]["pays"] == "BE"


def test_a_country_that_the_list_has_not_is_refused(portal, dupont):
    page = declare(dupont, pays="Syldavie")
    assert (page.status, page.says("Choisissez un pays de la liste.")) == (422, True)
    assert not requests(portal)


@pytest.mark.parametrize("day", ["9/6/2025", "12/6/2027"])
def test_day_beyond_a_year_is_probably_a_slip(portal, dupont, day):
    assert declare(dupont, date_effet=day).says("vérifiez l’année")
    assert not requests(portal)


def test_withdrawn_request_forgets_its_proof_and_stays_in_the_list(portal, dupont):
    declare(dupont)
    reference = requests(portal)[0].id
    asked = dupont.get(f"/adresse/{reference}/retrait")
    assert asked.says("Si vous retirez cette demande, la mairie ne la traitera pas et le justificatif sera supprimé")
    assert requests(portal)[0].pending
    dupont.post(f"/adresse/{reference}/retrait")
    assert dupont.follow().says("retirée par vous")
    assert requests(portal)[0].state is RequestState.WITHDRAWN
    assert not stored(portal)
    assert dupont.get(f"/adresse/{reference}/justificatif").status == 404


def test_request_the_desk_answered_meanwhile_is_not_withdrawn(portal, dupont):
    declare(dupont)
    (asked,) = requests(portal)
    dupont.get(f"/adresse/{asked.id}/retrait")
    portal.stores.requests.decide(
        asked, asked.ended(RequestState.REFUSED, at=portal.clock(), by="x", answer="Illisible.")
    )
    dupont.post(f"/adresse/{asked.id}/retrait")
    page = dupont.follow()
    assert page.says("La mairie a déjà répondu à cette demande.")
    assert page.says("refusée : Illisible.")
    assert dupont.get(f"/adresse/{asked.id}/retrait").location == "/adresse?fait=adresse-deja-traitee"


def test_nobody_else_sees_or_withdraws_it(portal, dupont):
    declare(dupont)
    reference = requests(portal)[0].id
    martin = Browser()
    assert martin.sign_in("martin").status == 303
    theirs = martin.get(f"/adresse/{reference}/justificatif")
    unknown = martin.get("/adresse/A-260610-ZZZZZZ/justificatif")
    assert (theirs.status, theirs.body) == (404, unknown.body.replace(b"A-260610-ZZZZZZ", reference.encode()))
    assert martin.get(f"/adresse/{reference}/retrait").status == 404
    martin.get("/adresse")
    csrf = martin.page.outline.forms["/adresse"]["csrf"]
    assert martin.post(f"/adresse/{reference}/retrait", csrf=csrf).status == 404
    assert requests(portal)[0].pending


@pytest.mark.parametrize("reference", ["..", "A-260610-zzzzzz", "S-260610-ABCDEF", "%2e%2e%2f", "A" * 500])
def test_made_up_references_are_not_found(dupont, reference):
    assert dupont.get(f"/adresse/{reference}/justificatif").status == 404


def test_five_declarations_a_day_and_three_that_wait(portal, dupont):
    for _ in range(3):
        assert declare(dupont).status == 303
    assert declare(dupont).says("Trois demandes sont déjà en attente.")
    for _ in range(2):
        withdraw(portal, dupont)
        assert declare(dupont).status == 303
    withdraw(portal, dupont)
    assert declare(dupont).says("Vous en avez envoyé beaucoup aujourd’hui.")
    assert (len(requests(portal)), len(stored(portal))) == (5, 2)


def test_refused_declarations_use_up_none_of_the_day_s(portal, dupont):
    for _ in range(6):
        assert declare(dupont, date_effet="1/9/2036").says("vérifiez l’année")
        assert declare(dupont, content=b"GIF89a").status == 422
    assert declare(dupont).status == 303
    assert len(requests(portal)) == 1


def test_form_of_another_site_is_refused(portal, dupont):
    dupont.get("/adresse")
    files = {"justificatif": ("a.pdf", PDF)}
    assert dupont.post_multipart("/adresse", files, csrf="x", **MOVE).status == 403
    dupont.get("/adresse")
    assert dupont.post_multipart("/adresse", files, {"Origin": "https://evil.example"}, **MOVE).status == 403
    assert not requests(portal)
