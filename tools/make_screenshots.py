"""Takes docs/screenshots: the parent's pages at the width of a phone, from a freshly started local stack.

PORT=9000 PORTAIL_CAPTCHA_ANSWER=MIYPP make run                  # in another terminal
.venv/bin/python -m tools.make_screenshots 9000 docs/screenshots

It signs in, declares an address and pays an invoice as 100001: restart the local stack before each run.
"""

import io
import json
import sys
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, ViewportSize, sync_playwright

from chalicelib.clock import system_clock
from chalicelib.formats import day_in_paris, short_day
from local.demo import PASSWORD

CHROMIUM = "/usr/bin/chromium"
PHONE: ViewportSize = {"width": 360, "height": 740}
TALLEST_PX = 1500
"""Longer pages are cropped: the rest is more of the same."""
COLOURS = 48
"""Enough for flat colours and smooth letters; a third of the weight of a full-colour PNG."""

USERNAME = "100001"
EMAIL = "camille.dupont@example.org"
INVOICE = "169165"

PUBLIC = {
    "connexion": "/connexion",
    "identifiants-oublies": "/identifiants-oublies",
    "accessibilite": "/accessibilite",
    "mentions-legales": "/mentions-legales",
    "donnees-personnelles": "/donnees-personnelles",
}
SIGNED_IN = {
    "home": "/",
    "dossier": "/dossier",
    "coordonnees": "/coordonnees",
    "mode-de-reception": "/mode-de-reception",
    "mode-de-reception-test": "/mode-de-reception/test",
    "factures": "/factures",
    "facture": f"/factures/{INVOICE}",
    "historique": "/factures/historique",
    "paiement": f"/factures/{INVOICE}/paiement",
    "mot-de-passe": "/mot-de-passe",
    "mes-donnees": "/mes-donnees",
    "introuvable": "/nulle-part",
}


@dataclass(frozen=True)
class Camera:
    """A phone-sized browser page on the local stack at `port`, and the folder of the screenshots."""

    page: Page
    port: int
    folder: Path

    def go(self, path: str) -> None:
        self.page.goto(f"http://127.0.0.1:{self.port}{path}")

    def fill(self, **fields: str) -> None:
        for name, value in fields.items():
            self.page.fill(f"main [name={name}]", value)

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name).click()

    def take(self, name: str) -> None:
        """Write `name`-360.png: the page, cropped to TALLEST_PX."""
        picture = Image.open(io.BytesIO(self.page.screenshot(full_page=True)))
        shown = picture.convert("RGB").crop((0, 0, picture.width, min(picture.height, TALLEST_PX)))
        shown.quantize(COLOURS, dither=Image.Dither.NONE).save(self.folder / f"{name}-360.png", optimize=True)


def main(port: int, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        # Without JavaScript, the page before the bank waits for its button.
        context = browser.new_context(viewport=PHONE, locale="fr-FR", java_script_enabled=False)
        camera = Camera(context.new_page(), port, folder)
        for step in (before_signing_in, sign_in, read, move_house, pay):
            step(camera)
        browser.close()


def before_signing_in(camera: Camera) -> None:
    take_all(camera, PUBLIC)
    for _ in range(2):
        camera.go("/connexion")
        camera.fill(identifiant="inconnu", mot_de_passe="oublié")
        camera.press("Me connecter")
    camera.take("connexion-texte-de-controle")
    camera.go("/identifiants-oublies")
    camera.fill(courriel=EMAIL)
    camera.press("Recevoir mes identifiants")
    camera.take("identifiants-envoyes")


def sign_in(camera: Camera) -> None:
    camera.page.goto(mailed_link(camera))
    camera.take("nouveau-mot-de-passe")
    camera.go("/connexion")
    camera.fill(identifiant=USERNAME, mot_de_passe=PASSWORD)
    camera.press("Me connecter")


def mailed_link(camera: Camera) -> str:
    """Returns the one-time link of the mail with the identifiers. Raises TimeoutError when none comes."""
    for _ in range(50):
        with urllib.request.urlopen(f"http://127.0.0.1:{camera.port + 3}/messages.json") as answer:
            words: list[str] = [word for mail in json.load(answer) for word in mail["text"].split()]
        if links := [word for word in words if "/nouveau-mot-de-passe?" in word]:
            return links[-1]
        time.sleep(0.2)
    raise TimeoutError("no mail gives the identifiers")


def read(camera: Camera) -> None:
    take_all(camera, SIGNED_IN)


def move_house(camera: Camera) -> None:
    camera.go("/adresse")
    camera.take("adresse")
    camera.fill(ligne_1="8 quai des Brumes", code_postal="06990", commune="Saint-Aubin-les-Pins", date_effet="demain")
    camera.press("Envoyer ma demande")
    camera.take("adresse-erreurs")
    camera.fill(date_effet=short_day(day_in_paris(system_clock())))
    camera.page.check("[name=justificatif_au_guichet]")
    camera.press("Envoyer ma demande")
    camera.take("adresse-demande")


def pay(camera: Camera) -> None:
    camera.go(f"/factures/{INVOICE}/paiement")
    camera.press("Payer")
    camera.take("paiement-vers-la-banque")
    camera.press("Continuer vers le paiement sécurisé")
    camera.press("Paiement accepté")
    camera.take("paiement-accepte")


def take_all(camera: Camera, pages: dict[str, str]) -> None:
    for name, path in pages.items():
        camera.go(path)
        camera.take(name)


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
