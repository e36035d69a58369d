"""Several invoices in one payment: from the list to the bank, back, and what is left of each."""

import pytest

from chalicelib.domain.ledger import entries_agree, total
from chalicelib.domain.payment import AttemptState
from chalicelib.services.payments.audit import audit
from chalicelib.services.payments.cancel_invoice import Cancellation, cancel_invoice
from tests.flows.test_paying import martin
from tests.support.browsing import Browser
from tests.support.counting import counted_calls
from tests.support.letterbox import mails
from tests.support.payments.bank import REFUSED, signing_bank
from tests.support.payments.paying import BANK_PAGE, error_texts, pay, reference_of, say, start
from tests.support.people import add_invoices, invoice

PATH, TYPED = "/paiement", "dupont@example.org"
SECOND = invoice("169204", billed_cents=4400, label="Accueil de loisirs")


@pytest.fixture
def two(portal):
    """Dupont has two invoices to pay: 169165 of 57,00 € and 169204 of 44,00 €."""
    add_invoices(portal, SECOND)


def add_more(portal, count):
    add_invoices(portal, *(invoice(f"18{n:04}", billed_cents=100 + n, lines=()) for n in range(count)))


def figures(portal, number):
    held = portal.stores.invoices.find("dupont", number)
    assert total(portal.stores.ledger.of(number)) == (held.paid_cents - held.opening_cents, held.surplus_cents)
    return held.paid_cents, held.surplus_cents


def accepted(reference, cents=10100, **facts):
    assert say(signing_bank().notice(reference, cents=cents, **facts)).status == 200


def settle_elsewhere(portal, number):
    held = portal.stores.invoices.find("dupont", number)
    assert portal.stores.money.change_invoice(held, held.model_copy(update={"paid_cents": held.billed_cents}))


@pytest.mark.usefixtures("two")
def test_list_begins_with_what_is_due_and_one_button_for_all(dupont):
    page = dupont.get("/factures")
    assert page.says("Vous avez 2 factures à payer : 101,00 €")
    assert page.says("Payer mes 2 factures : 101,00 €")
    assert page.text.index("Payer mes 2") < page.text.index("Vous pouvez consulter et payer en ligne vos factures.")
    assert {PATH, "/factures/169165/paiement", "/factures/169204/paiement"} <= set(page.outline.links)


def test_one_invoice_to_pay_has_its_own_button(dupont):
    page = dupont.get("/factures")
    assert page.says("Vous avez 1 facture à payer : 57,00 €")
    assert page.says("Payer ma facture : 57,00 €")
    assert PATH not in page.outline.links


def test_invoice_that_no_card_may_pay_is_due_but_not_in_the_payment(portal, dupont):
    add_invoices(portal, SECOND, invoice("169210", billed_cents=900, direct_debit=True))
    page = dupont.get("/factures")
    assert page.says("Vous avez 3 factures à payer : 110,00 €")
    assert page.says("Payer mes 2 factures : 101,00 €")
    assert dupont.get(PATH).outline.forms[PATH]["factures"] == "169165,169204"


@pytest.mark.usefixtures("two")
def test_recap_lists_them_with_the_total(dupont):
    page = dupont.get(PATH)
    for said in ("Accueil de loisirs, n° 169204, au plus tard le 24 juin 2026", "44,00 €", "57,00 €", "101,00 €"):
        assert page.says(said)
    form = page.outline.forms[PATH]
    assert (form["factures"], form["courriel_recu"]) == ("169165,169204", TYPED)
    assert page.says("Payer 101,00 €")


@pytest.mark.usefixtures("two")
def test_one_attempt_goes_to_the_bank_and_is_found_from_each_invoice(portal, dupont):
    fields = start(dupont, path=PATH)
    attempts = [portal.stores.payments.of_invoice(number) for number in ("169165", "169204")]
    assert [[one.reference for one in some] for some in attempts] == [[fields["PBX_CMD"]]] * 2
    assert (fields["PBX_TOTAL"], "<totalQuantity>2<" in fields["PBX_SHOPPINGCART"]) == ("10100", True)


@pytest.mark.usefixtures("two")
def test_one_notice_pays_both_with_one_receipt(portal, dupont):
    reference = reference_of(start(dupont, path=PATH))
    for _ in range(3):
        accepted(reference)
        portal.tasks.run()
    assert (figures(portal, "169165"), figures(portal, "169204")) == ((5700, 0), (4400, 0))
    (mail,) = mails()
    assert mail.subject == "Reçu de votre paiement de 101,00\u00a0€"
    assert mail.says("n° 169165")
    assert mail.says("n° 169204")
    assert mail.says("44,00 € réglés sur 44,00 € facturés")
    page = dupont.get(f"/paiements/{reference}")
    assert page.says("n° 169165 : 57,00 €")
    assert page.says("n° 169204 : 44,00 €")
    assert page.says("Paiement accepté")
    (document,) = mail.message.iter_attachments()
    shown = dupont.get(f"/paiements/{reference}/recu")
    assert shown.body == document.get_content()
    assert shown.header("content-disposition").endswith('filename="recu-facture-169165-169204.pdf"')
    assert dupont.get("/factures").says("Vous n’avez rien à payer pour le moment.")
    assert audit(stores=portal.stores).sound
    noted = portal.stores.journal.latest("dupont", now=portal.clock())
    assert [one.detail for one in noted if one.event == "invoice_paid"] == ["169165, 169204"]


@pytest.mark.usefixtures("two")
def test_outcome_tells_nothing_of_them_to_others(portal, dupont):
    reference = reference_of(start(dupont, path=PATH))
    accepted(reference)
    for stranger in (Browser(), martin(portal)):
        page = stranger.get(f"/paiements/{reference}")
        assert page.says("Paiement accepté")
        assert not any(word in page.text for word in ("169165", "169204", "101,00", reference))
    assert martin(portal).get(f"/paiements/{reference}/recu").status == 404


@pytest.mark.usefixtures("two")
def test_refused_payment_of_both_can_be_tried_again_at_once(portal, dupont):
    reference = reference_of(start(dupont, path=PATH))
    assert say(signing_bank().notice(reference, cents=10100, code=REFUSED)).status == 200
    page = dupont.get(f"/paiements/{reference}")
    assert page.says("rien n’a été débité")
    assert PATH in page.outline.links
    assert not dupont.get(PATH).says("déjà en cours")


@pytest.mark.usefixtures("two")
def test_paid_meanwhile_is_told_and_left_out_before_the_bank(portal, dupont):
    dupont.get(PATH)
    settle_elsewhere(portal, "169165")
    page = dupont.post(PATH, courriel_recu=TYPED)
    assert page.status == 409
    assert page.says("La facture n° 169165 n’est plus à payer")
    assert page.says("Rien n’a été demandé à votre banque.")
    assert page.says("Payer 44,00 €")
    assert page.outline.forms[PATH]["factures"] == "169204"
    assert not portal.stores.payments.of_invoice("169204")
    fields = dupont.post(PATH, courriel_recu=TYPED).outline.forms[BANK_PAGE]
    assert fields["PBX_TOTAL"] == "4400"
    (kept,) = portal.stores.payments.of_invoice("169204")
    assert (kept.invoice_number, kept.shares) == ("169204", ()), "one invoice is an attempt as any other"


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"direct_debit": True}, "La facture n° 169204 est maintenant payée par prélèvement automatique"),
        ({"state": "CANCELLED"}, "La facture n° 169204 n’est plus à payer"),
    ],
)
def test_other_changes_are_told_too(portal, dupont, changes, told):
    dupont.get(PATH)
    held = portal.stores.invoices.find("dupont", "169204")
    assert portal.stores.money.change_invoice(held, held.model_validate({**held.model_dump(), **changes}))
    page = dupont.post(PATH, courriel_recu=TYPED)
    assert (page.status, page.says(told)) == (409, True)


@pytest.mark.usefixtures("two")
def test_balance_that_changed_is_told_although_both_are_still_payable(portal, dupont):
    dupont.get(PATH)
    held = portal.stores.invoices.find("dupont", "169204")
    assert portal.stores.money.change_invoice(held, held.model_copy(update={"paid_cents": 400}))
    page = dupont.post(PATH, courriel_recu=TYPED)
    assert page.status == 409
    assert page.says("Ce qui reste à payer a changé")
    assert page.says("Payer 97,00 €")


@pytest.mark.usefixtures("two")
def test_all_paid_meanwhile_ends_without_a_form(portal, dupont):
    dupont.get(PATH)
    for number in ("169165", "169204"):
        settle_elsewhere(portal, number)
    page = dupont.post(PATH, courriel_recu=TYPED)
    assert page.status == 409
    assert page.says("Aucun paiement n’a été demandé")
    assert PATH not in page.outline.forms
    assert dupont.get(PATH).status == 200


@pytest.mark.usefixtures("two")
def test_new_invoice_is_not_added_to_what_was_shown(portal, dupont):
    dupont.get(PATH)
    add_invoices(portal, invoice("169300", billed_cents=1200))
    assert dupont.post(PATH, courriel_recu=TYPED).outline.forms[BANK_PAGE]["PBX_TOTAL"] == "10100"


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize("numbers", ["", "169166", "169165,169166", "169165,999999", "x" * 3000, "<script>", ",,,"])
def test_numbers_that_are_not_the_accounts_are_never_paid_nor_named(portal, dupont, numbers):
    dupont.get(PATH)
    page = dupont.post(PATH, courriel_recu=TYPED, factures=numbers)
    assert page.status == 409
    assert page.says("La liste de vos factures à payer a changé")
    assert not any(word in page.text for word in ("169166", "999999", "<script>"))
    assert not portal.stores.payments.of_invoice("169166")
    assert page.outline.forms[PATH]["factures"] == "169165,169204"


@pytest.mark.usefixtures("two")
def test_a_number_twice_is_paid_once_and_the_amount_is_never_that_of_the_form(dupont):
    dupont.get(PATH)
    posted = {"courriel_recu": TYPED, "factures": "169204,169204, 169165", "reste_affiche": ""}
    assert dupont.post(PATH, **posted).outline.forms[BANK_PAGE]["PBX_TOTAL"] == "10100"


@pytest.mark.usefixtures("two")
def test_recap_takes_one_good_address(portal, dupont):
    dupont.get(PATH)
    for typed in ("", "dupont", "a@example.org, b@example.org"):
        page = dupont.post(PATH, courriel_recu=typed)
        assert (page.status, len(error_texts(page))) == (422, 1)
        assert page.says("101,00 €")
    assert not portal.stores.payments.of_invoice("169165")


@pytest.mark.usefixtures("two")
def test_payment_of_one_of_them_in_another_tab_is_told_first(portal, dupont, clock):
    dupont.get(PATH)
    second = Browser()
    second.cookies = dupont.cookies
    second.get("/factures/169204/paiement")
    start(dupont, path=PATH)
    clock.advance(seconds=30)
    told = second.post("/factures/169204/paiement", courriel_recu=TYPED)
    assert (told.status, told.says("Un paiement de cette facture est déjà en cours")) == (409, True)
    assert dupont.get(PATH).says("Un paiement d’une de ces factures est déjà en cours")


@pytest.mark.usefixtures("two")
def test_one_paid_at_the_counter_meanwhile_makes_a_surplus_of_its_share_only(portal, dupont):
    reference = reference_of(start(dupont, path=PATH))
    settle = pay(dupont, transaction="91")
    assert settle != reference
    accepted(reference)
    assert (figures(portal, "169165"), figures(portal, "169204")) == ((5700, 5700), (4400, 0))
    page = dupont.get(f"/paiements/{reference}")
    assert page.says("57,00 € dépassent ce qui restait à payer, par exemple parce qu’une facture")
    assert audit(stores=portal.stores).sound


@pytest.mark.usefixtures("two")
def test_one_cancelled_meanwhile_makes_a_surplus_of_its_share_only(portal, dupont):
    reference = reference_of(start(dupont, path=PATH))
    cancel_invoice(Cancellation("169204", "erreur", "camille"), stores=portal.stores, clock=portal.clock)
    accepted(reference)
    assert (figures(portal, "169165"), figures(portal, "169204")) == ((5700, 0), (0, 4400))


def test_twenty_at_most_are_paid_at_once_the_oldest_first_and_the_rest_is_told(portal, dupont):
    add_more(portal, 22)
    assert dupont.get("/factures").says("Payer mes 20 plus anciennes factures")
    page = dupont.get(PATH)
    assert page.says("Vous pourrez payer les 3 autres ensuite.")
    numbers = page.outline.forms[PATH]["factures"].split(",")
    assert (len(numbers), numbers[0]) == (20, "169165")
    fields = start(dupont, path=PATH)
    accepted(fields["PBX_CMD"], cents=int(fields["PBX_TOTAL"]))
    portal.tasks.run()
    assert len(mails()) == 1
    assert portal.stores.payments.find(fields["PBX_CMD"]).state is AttemptState.PAID
    for number in numbers:
        held = portal.stores.invoices.find("dupont", number)
        assert (held.balance_cents, entries_agree(held, total(portal.stores.ledger.of(number)))) == (0, True)
    assert audit(stores=portal.stores).sound
    assert dupont.get("/factures").says("Payer mes 3 factures")


def test_twenty_one_numbers_are_never_paid_at_once(portal, dupont):
    add_more(portal, 20)
    dupont.get(PATH)
    numbers = ",".join(["169165", *(f"18{n:04}" for n in range(20))])
    page = dupont.post(PATH, courriel_recu=TYPED, factures=numbers, reste_affiche="")
    assert (page.status, len(page.outline.forms[PATH]["factures"].split(","))) == (409, 20)


@pytest.mark.usefixtures("two")
def test_pages_of_a_payment_of_several_take_few_round_trips(portal, dupont):
    with counted_calls(portal) as calls:
        assert dupont.get(PATH).status == 200
    assert sum(calls.values()) <= 3, calls
    with counted_calls(portal) as calls:
        assert dupont.get("/factures").status == 200
    assert sum(calls.values()) == 1, calls
