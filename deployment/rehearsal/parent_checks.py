"""A parent's walk through the deployed portal: a link by mail, a page, a PDF, a proof of address, a payment."""

import hashlib
import re
from urllib.parse import urljoin

from chalicelib.formats import euros
from deployment.rehearsal.report import require
from deployment.rehearsal.scene import PREFIX, Scene

CHOSEN = "Répétition-générale-4711"
NAVIGATION = re.compile(r"""(?:href|src|action)=["'](/[^"']*)""")


def sign_in_page(scene: Scene) -> str:
    """The first page, every address on it under the stage's prefix, its style sheet and its weight."""
    page = scene.visitor.get("/connexion")
    require(page.status == 200 and "Bienvenue sur le Portail Famille" in page.words, page.status)
    strays = [path for path in NAVIGATION.findall(page.text) if not path.startswith("/api/")]
    require(not strays, strays)
    sheet = next(link for link in page.outline.links if link.endswith(".css"))
    style = scene.visitor.ask("GET", urljoin(page.url, sheet), b"", {})
    require(style.status == 200 and "immutable" in style.headers["cache-control"], style.headers)
    require(b"{" in style.body, style.body[:60])
    return f"{len(page.body)} bytes, style sheet {len(style.body)} bytes"


def link_by_mail(scene: Scene) -> str:
    """Identifiers asked for by mail: sent by a function of its own, with a link under the stage's prefix."""
    visitor, to = scene.visitor, scene.walker.email
    visitor.get("/identifiants-oublies")
    page = visitor.post("/identifiants-oublies", courriel=to)
    require(page.status == 200, page.status)
    mail = scene.wait_for("the mail with the link", lambda: scene.mails("identifiants", to))[-1]
    link = re.search(rf"{re.escape(scene.public)}/nouveau-mot-de-passe\S+", mail["BodyText"])
    require(link is not None and scene.walker.username in mail["BodyText"], mail["BodyText"])
    scene.notes["link"] = address = link[0] if link else ""
    return address.split("?")[0]


def first_sign_in(scene: Scene) -> str:
    """The link sets a password, which then signs in; a session cookie comes with it."""
    visitor = scene.visitor
    visitor.get(scene.notes["link"])
    chosen = visitor.post("/nouveau-mot-de-passe", nouveau_mot_de_passe=CHOSEN, confirmation=CHOSEN)
    require(chosen.status == 200, chosen.words)
    visitor.cookies.clear()
    visitor.get("/connexion")
    wrong = visitor.post("/connexion", identifiant=scene.walker.username, mot_de_passe="autre chose")
    require(wrong.status == 401, wrong.status)
    home = visitor.post("/connexion", identifiant=scene.walker.username, mot_de_passe=CHOSEN)
    require(home.status == 200 and "Bienvenue sur votre Compte Famille" in home.words, home.words)
    require("__Host-session" in visitor.cookies, sorted(visitor.cookies))
    scene.notes["canaries"] = [CHOSEN, visitor.cookies["__Host-session"], scene.notes["link"].rsplit("=", 1)[-1]]
    return f"{wrong.status} on a wrong password, then signed in"


def invoice_pdf(scene: Scene) -> str:
    """The PDF of an invoice, through two base64 conversions, is the object in the bucket."""
    number = scene.walker.number
    page = scene.visitor.ask("GET", scene.visitor.address(f"/factures/{number}/pdf"), b"", {})
    require(page.status == 200 and page.headers["content-type"] == "application/pdf", page.headers)
    stored = scene.client("s3").get_object(Bucket=f"{PREFIX}-documents", Key=f"factures/{number}.pdf")["Body"].read()
    require(page.body == stored and stored.startswith(b"%PDF-"), f"{len(page.body)} bytes of {len(stored)}")
    scene.notes["pdf"] = page.body
    return f"{len(stored)} bytes, SHA-256 {hashlib.sha256(stored).hexdigest()[:12]}…"


def captcha_picture(scene: Scene) -> str:
    """After two failures the picture of the control text, drawn by the web function."""
    stranger = type(scene.visitor)(scene.public)
    stranger.get("/connexion")
    for _ in range(2):
        stranger.post("/connexion", identifiant="INCONNU-1", mot_de_passe="au hasard")
    picture = next(link for link in stranger.page.outline.links if link.endswith("/image"))
    image = stranger.ask("GET", urljoin(stranger.page.url, picture), b"", {})
    require(image.status == 200 and image.body.startswith(b"\x89PNG\r\n"), image.headers)
    return f"{len(image.body)} bytes"


def proof_of_address(scene: Scene) -> str:
    """A declared address, with a PDF as its proof, kept as it was sent."""
    proof = scene.notes["pdf"]
    scene.visitor.get("/adresse")
    day = scene.notes["tomorrow"]
    fields = {"ligne_1": "2 rue du Port", "code_postal": "06990", "commune": "Saint-Aubin-les-Pins", "date_effet": day}
    page = scene.visitor.upload("/adresse", "bail.pdf", proof, **fields)
    require(page.status == 200 and "en attente" in page.words, page.words)
    bucket = f"{PREFIX}-uploads"
    [kept] = scene.client("s3").list_objects_v2(Bucket=bucket)["Contents"]
    body = scene.client("s3").get_object(Bucket=bucket, Key=kept["Key"])["Body"].read()
    require(body == proof, f"{len(body)} bytes of {len(proof)}")
    scene.wait_for("the receipt of the request", lambda: scene.mails("adresse", scene.walker.email))
    return f"{len(body)} bytes at {kept['Key'].split('/')[0]}/…, receipt by mail"


def payment(scene: Scene) -> str:
    """From the recap to the bank, its notice through the gateway, and the receipt by mail."""
    visitor, walker = scene.visitor, scene.walker
    recap = f"/factures/{walker.number}/paiement"
    visitor.get(recap)
    jump = visitor.post(recap, courriel_recu=walker.email)
    bank = next(action for action in jump.outline.forms if "/cgi/" in action)
    visitor.post(bank)
    pay = next(action for action in visitor.page.outline.forms if action.startswith("/payer/"))
    back = visitor.post(urljoin(bank, pay), issue="accepte", retour="GET")
    require(back.status == 200 and "Paiement accepté" in back.words, f"{back.url}: {back.words}")
    require(walker.number not in visitor.get("/factures").words, "the paid invoice is still to pay")
    mail = scene.wait_for("the receipt", lambda: scene.mails("Reçu", walker.email))[-1]
    require(euros(walker.cents).replace("\u202f", " ") in mail["Subject"].replace("\u202f", " "), mail["Subject"])
    scene.guichet("comptabilite", "verifier")
    return f"{mail['Subject']}, and the books agree"


def sign_out(scene: Scene) -> str:
    """The session ends on the server: its cookie, planted again, opens nothing."""
    visitor = scene.visitor
    kept = dict(visitor.cookies)
    visitor.get("/")
    visitor.post("/deconnexion")
    visitor.cookies |= kept
    page = visitor.get("/factures")
    require(page.url.split("?")[0].endswith("/connexion"), page.url)
    return "its cookie, planted again, leads to the sign-in page"
