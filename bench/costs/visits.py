"""Journeys of a family, through API Gateway's events, with the tasks that they start."""

import re
from collections.abc import Callable

from bench.costs.clockwork import expect, look_after_payments, run_tasks
from bench.costs.world import SmallTown
from tests.support.browsing import PASSWORD, Browser
from tests.support.choosing_passwords import change, choose
from tests.support.gateway import Call
from tests.support.letterbox import link_paths, mails
from tests.support.payments.bank import FORM, REFUSED, signing_bank
from tests.support.payments.paying import reference_of, start

PROOF = b"%PDF-1.7\n" + b"0" * 300_000 + b"\nstartxref\n0\n%%EOF\n"
MOVE = {
    "ligne_1": "3 rue des Lilas", "code_postal": "06990", "commune": "Saint-Aubin-les-Pins", "date_effet": "1/9/2026",
}  # fmt: skip


def sign_in(town: SmallTown) -> None:
    browser = Browser()
    page = browser.get("/connexion")
    for asset in dict.fromkeys(re.findall(r'"(/static/[^"]+)"', page.text)):
        browser.get(asset)
    browser.post("/connexion", identifiant="dupont", mot_de_passe=PASSWORD)
    browser.follow()
    browser.post("/deconnexion")


def fail_to_sign_in(town: SmallTown) -> None:
    """Two wrong passwords, then the captcha (picture and sound), then the right one."""
    browser = Browser()
    browser.get("/connexion")
    for _ in range(2):
        page = browser.post("/connexion", identifiant="martin", mot_de_passe="faux")
    for way in ("image", "son"):
        browser.get(re.findall(rf'"(/captcha/[^"/]+/{way})"', page.text)[0])
    page = browser.post("/connexion", identifiant="martin", mot_de_passe=PASSWORD, captcha="MIYPP")
    expect(page.status == 303, page.text)


def recover_password(town: SmallTown) -> None:
    browser = Browser()
    browser.get("/identifiants-oublies")
    browser.follow(browser.post("/identifiants-oublies", courriel="dupont@example.org"))
    run_tasks(town)
    page = choose(link_paths(mails()[-1])[0], PASSWORD + " bis", browser)
    expect(page.status == 303, page.text)
    run_tasks(town)
    family = Browser()
    family.sign_in(password=PASSWORD + " bis")
    expect(change(family, PASSWORD + " bis", PASSWORD).status == 303, "change")
    run_tasks(town)


def visit_page(path: str) -> Callable[[SmallTown], None]:
    """Returns the journey of one page, for a signed-in family."""

    def visit(town: SmallTown) -> None:
        page = signed_in(town).get(path)
        expect(page.status == 200, path)

    return visit


def contact_details(town: SmallTown) -> None:
    family = signed_in(town)
    family.get("/coordonnees")
    changes = {"telephone_mobile": "06 12 34 56 78", "courriel": "nouvelle@example.org", "mot_de_passe": PASSWORD}
    expect(family.post("/coordonnees", None, **changes).status == 303, "303")
    run_tasks(town)
    path = next(path for mail in reversed(mails()) if mail.to == "nouvelle@example.org" for path in link_paths(mail))
    family.get(path)
    family.post("/coordonnees/confirmation")
    run_tasks(town)


def address(town: SmallTown) -> None:
    family = signed_in(town)
    family.get("/adresse")
    proof = {"justificatif": ("quittance.pdf", PROOF)}
    expect(family.post_multipart("/adresse", proof, None, **MOVE).status == 303, "303")
    run_tasks(town)


def change_delivery_mode(town: SmallTown) -> None:
    family = signed_in(town)
    for mode in ("courrier", "courriel"):
        family.get("/mode-de-reception")
        family.post("/mode-de-reception", mode=mode)
    family.get("/mode-de-reception/test")
    family.post("/mode-de-reception/test")
    run_tasks(town)


def pay(town: SmallTown) -> None:
    reference = start_payment(town, "169165")
    send_notice(town, signing_bank().notice(reference))
    run_tasks(town)
    family = signed_in(town)
    family.get(f"/paiements/{reference}")
    expect(family.get(f"/paiements/{reference}/recu").status == 200, "receipt")


def refused_payment(town: SmallTown) -> None:
    """A payment that the bank refuses, with the mail sent once the sweep has closed the attempt."""
    reference = start_payment(town, "169200")
    send_notice(town, signing_bank().notice(reference, code=REFUSED))
    signed_in(town).get(f"/paiements/{reference}")
    town.clock.advance(hours=2)
    look_after_payments(town)
    run_tasks(town)
    town.clock.advance(hours=-2)


def start_payment(town: SmallTown, number: str) -> str:
    return reference_of(start(signed_in(town), path=f"/factures/{number}/paiement"))


def send_notice(town: SmallTown, raw: bytes) -> None:
    """Post a notice as the bank's server does: no cookie, no Accept."""
    answer = Browser().send(Call("POST", "/paybox/notification", FORM, raw, "203.0.113.50"))
    expect(answer.status == 200, str(answer.status))


def health(town: SmallTown) -> None:
    expect(Browser().send(Call("GET", "/sante")).status == 200, "health")


def signed_in(town: SmallTown) -> Browser:
    """Returns the signed-in browser of Mme Dupont, whose sign-in is counted apart."""
    if town.family is None:
        raise RuntimeError("nobody is signed in")
    return town.family
