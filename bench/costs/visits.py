"""What a family does, each once: the app's own walks, through the gateway's events, and the tasks that they start."""

import re
from collections.abc import Callable

from bench.costs.clockwork import expect, look_after, run_tasks
from bench.costs.world import World
from tests.support.bank import FORM, REFUSED, signing_bank
from tests.support.browsing import PASSWORD, Browser
from tests.support.choosing import change, choose
from tests.support.gateway import Call
from tests.support.letterbox import link_paths, mails
from tests.support.paying import BANK_PAGE

PROOF = b"%PDF-1.7\n" + b"0" * 300_000 + b"\nstartxref\n0\n%%EOF\n"
MOVE = {
    "ligne_1": "3 rue des Lilas", "code_postal": "06990", "commune": "Saint-Aubin-les-Pins", "date_effet": "1/9/2026",
}  # fmt: skip


def sign_in(world: World) -> None:
    browser = world.browser()
    page = browser.get("/connexion")
    for asset in dict.fromkeys(re.findall(r'"(/static/[^"]+)"', page.text)):
        browser.get(asset)
    browser.post("/connexion", identifiant="dupont", mot_de_passe=PASSWORD)
    browser.follow()
    browser.post("/deconnexion")


def fail_to_sign_in(world: World) -> None:
    """Twice wrong, then the text of control, seen and heard, and right."""
    browser = world.browser()
    browser.get("/connexion")
    for _ in range(2):
        browser.post("/connexion", identifiant="martin", mot_de_passe="faux")
    for way in ("image", "son"):
        browser.get(re.findall(rf'"(/captcha/[^"/]+/{way})"', browser.page.text)[0])
    page = browser.post("/connexion", identifiant="martin", mot_de_passe=PASSWORD, captcha="MIYPP")
    expect(page.status == 303, page.text)


def forget(world: World) -> None:
    browser = world.browser()
    browser.get("/identifiants-oublies")
    browser.follow(browser.post("/identifiants-oublies", courriel="dupont@example.org"))
    run_tasks(world)
    page = choose(link_paths(mails()[-1])[0], PASSWORD + " bis", browser)
    expect(page.status == 303, page.text)
    run_tasks(world)
    family = Browser()
    family.sign_in(password=PASSWORD + " bis")
    expect(change(family, PASSWORD + " bis", PASSWORD).status == 303, "change")
    run_tasks(world)


def visited(path: str) -> Callable[[World], None]:
    """One page, by a family that is signed in."""

    def visit(world: World) -> None:
        page = signed_in(world).get(path)
        expect(page.status == 200, path)

    return visit


def contact_details(world: World) -> None:
    family = signed_in(world)
    family.get("/coordonnees")
    family.post("/coordonnees", telephone_mobile="06 12 34 56 78", courriel="nouvelle@example.org")
    run_tasks(world)
    path = next(path for mail in reversed(mails()) if mail.to == "nouvelle@example.org" for path in link_paths(mail))
    family.get(path)
    family.post("/coordonnees/confirmation")
    run_tasks(world)


def address(world: World) -> None:
    family = signed_in(world)
    family.get("/adresse")
    expect(family.post_multipart("/adresse", {"justificatif": ("quittance.pdf", PROOF)}, **MOVE).status == 303, "303")
    run_tasks(world)


def delivery(world: World) -> None:
    family = signed_in(world)
    for mode in ("courrier", "courriel"):
        family.get("/mode-de-reception")
        family.post("/mode-de-reception", mode=mode)
    family.get("/mode-de-reception/test")
    family.post("/mode-de-reception/test")
    run_tasks(world)


def pay(world: World) -> None:
    reference = start_paying(world, "169165")
    say(world, signing_bank().notice(reference))
    run_tasks(world)
    family = signed_in(world)
    family.get(f"/paiements/{reference}")
    expect(family.get(f"/paiements/{reference}/recu").status == 200, "receipt")


def give_up_paying(world: World) -> None:
    """Refused by the bank, and told by mail when the clock has closed the attempt."""
    reference = start_paying(world, "169200")
    say(world, signing_bank().notice(reference, code=REFUSED))
    signed_in(world).get(f"/paiements/{reference}")
    world.clock.advance(hours=2)
    look_after(world)
    run_tasks(world)
    world.clock.advance(hours=-2)


def start_paying(world: World, number: str) -> str:
    family = signed_in(world)
    path = f"/factures/{number}/paiement"
    family.get(path)
    page = family.post(path, courriel_recu="dupont@example.org")
    return str(page.outline.forms[BANK_PAGE]["PBX_CMD"])


def say(world: World, raw: bytes) -> None:
    """The bank's server speaks: no cookie, no Accept."""
    answer = Browser().send(Call("POST", "/paybox/notification", FORM, raw, "203.0.113.50"))
    expect(answer.status == 200, str(answer.status))


def health(world: World) -> None:
    expect(Browser().send(Call("GET", "/sante")).status == 200, "health")


def signed_in(world: World) -> Browser:
    """Mme Dupont, whose sign-in is counted apart."""
    if world.family is None:
        raise RuntimeError("nobody is signed in")
    return world.family
