"""Checks of the parents' pages on the deployed portal: sign-in, captcha, PDF, proof of address, payment."""

import hashlib
import re
from urllib.parse import urljoin

from chalicelib.formats import euros
from deployment.rehearsal.report import require
from deployment.rehearsal.scene import PREFIX, RehearsalContext

NEW_PASSWORD = "Répétition-générale-4711"  # noqa: S105 - of a stack that is thrown away
NAVIGATION = re.compile(r"""(?:href|src|action)=["'](/[^"']*)""")


def sign_in_page(context: RehearsalContext) -> str:
    """The first page, every address on it under the stage's prefix, its style sheet and its weight."""
    page = context.visitor.get("/connexion")
    require(page.status == 200 and "Bienvenue sur le Portail Famille" in page.words, page.status)
    strays = [path for path in NAVIGATION.findall(page.text) if not path.startswith("/api/")]
    require(not strays, strays)
    sheet = next(link for link in page.outline.links if link.endswith(".css"))
    style = context.visitor.ask("GET", urljoin(page.url, sheet), b"", {})
    require(style.status == 200 and "immutable" in style.headers["cache-control"], style.headers)
    require(b"{" in style.body, style.body[:60])
    return f"{len(page.body)} bytes, style sheet {len(style.body)} bytes"


def link_by_mail(context: RehearsalContext) -> str:
    """Identifiers requested by mail: sent by a function of its own, with a link under the stage's prefix."""
    visitor, to = context.visitor, context.family.email
    visitor.get("/identifiants-oublies")
    page = visitor.post("/identifiants-oublies", courriel=to)
    require(page.status == 200, page.status)
    mail = context.wait_for("the mail with the link", lambda: context.mails("identifiants", to))[-1]
    link = re.search(rf"{re.escape(context.public)}/nouveau-mot-de-passe\S+", mail["BodyText"])
    require(link is not None and context.family.username in mail["BodyText"], mail["BodyText"])
    context.notes["link"] = address = link[0] if link else ""
    return address.split("?")[0]


def first_sign_in(context: RehearsalContext) -> str:
    """The link sets a password, which then signs in and gets a session cookie."""
    visitor = context.visitor
    visitor.get(context.notes["link"])
    chosen = visitor.post("/nouveau-mot-de-passe", nouveau_mot_de_passe=NEW_PASSWORD, confirmation=NEW_PASSWORD)
    require(chosen.status == 200, chosen.words)
    visitor.cookies.clear()
    visitor.get("/connexion")
    wrong = visitor.post("/connexion", identifiant=context.family.username, mot_de_passe="autre chose")
    require(wrong.status == 401, wrong.status)
    home = visitor.post("/connexion", identifiant=context.family.username, mot_de_passe=NEW_PASSWORD)
    require(home.status == 200 and "Bienvenue sur votre Compte Famille" in home.words, home.words)
    require("__Host-session" in visitor.cookies, sorted(visitor.cookies))
    context.notes["secrets"] = [
        NEW_PASSWORD,
        visitor.cookies["__Host-session"],
        context.notes["link"].rsplit("=", 1)[-1],
    ]
    return f"{wrong.status} on a wrong password, then signed in"


def invoice_pdf(context: RehearsalContext) -> str:
    """The PDF of an invoice, through two base64 conversions, is the object in the bucket."""
    number = context.family.number
    page = context.visitor.ask("GET", context.visitor.address(f"/factures/{number}/pdf"), b"", {})
    require(page.status == 200 and page.headers["content-type"] == "application/pdf", page.headers)
    stored = context.client("s3").get_object(Bucket=f"{PREFIX}-documents", Key=f"factures/{number}.pdf")["Body"].read()
    require(page.body == stored and stored.startswith(b"%PDF-"), f"{len(page.body)} bytes of {len(stored)}")
    context.notes["pdf"] = page.body
    return f"{len(stored)} bytes, SHA-256 {hashlib.sha256(stored).hexdigest()[:12]}…"


def captcha_picture(context: RehearsalContext) -> str:
    """After two failures, the captcha's picture, drawn by the web function."""
    anonymous = type(context.visitor)(context.public)
    anonymous.get("/connexion")
    for _ in range(2):
        anonymous.post("/connexion", identifiant="INCONNU-1", mot_de_passe="au hasard")
    picture = next(link for link in anonymous.page.outline.links if link.endswith("/image"))
    image = anonymous.ask("GET", urljoin(anonymous.page.url, picture), b"", {})
    require(image.status == 200 and image.body.startswith(b"\x89PNG\r\n"), image.headers)
    return f"{len(image.body)} bytes"


def proof_of_address(context: RehearsalContext) -> str:
    """A declared address with a PDF as its proof, stored unchanged."""
    proof = context.notes["pdf"]
    context.visitor.get("/adresse")
    day = context.notes["tomorrow"]
    fields = {"ligne_1": "2 rue du Port", "code_postal": "06990", "commune": "Saint-Aubin-les-Pins", "date_effet": day}
    page = context.visitor.upload("/adresse", "bail.pdf", proof, **fields)
    require(page.status == 200 and "en attente" in page.words, page.words)
    bucket = f"{PREFIX}-uploads"
    [stored] = context.client("s3").list_objects_v2(Bucket=bucket)["Contents"]
    body = context.client("s3").get_object(Bucket=bucket, Key=stored["Key"])["Body"].read()
    require(body == proof, f"{len(body)} bytes of {len(proof)}")
    context.wait_for("the receipt of the request", lambda: context.mails("adresse", context.family.email))
    return f"{len(body)} bytes at {stored['Key'].split('/')[0]}/…, receipt by mail"


def payment(context: RehearsalContext) -> str:
    """A payment, from the recap to the bank, its notice through the gateway, and the receipt by mail."""
    visitor, family = context.visitor, context.family
    recap = f"/factures/{family.number}/paiement"
    visitor.get(recap)
    bank_form = visitor.post(recap, courriel_recu=family.email)
    bank = next(action for action in bank_form.outline.forms if "/cgi/" in action)
    visitor.post(bank)
    pay = next(action for action in visitor.page.outline.forms if action.startswith("/payer/"))
    outcome = visitor.post(urljoin(bank, pay), issue="accepte", retour="GET")
    require(outcome.status == 200 and "Paiement accepté" in outcome.words, f"{outcome.url}: {outcome.words}")
    require(family.number not in visitor.get("/factures").words, "the paid invoice is still to pay")
    mail = context.wait_for("the receipt", lambda: context.mails("Reçu", family.email))[-1]
    require(euros(family.cents).replace("\u202f", " ") in mail["Subject"].replace("\u202f", " "), mail["Subject"])
    context.guichet("comptabilite", "verifier")
    return f"{mail['Subject']}, and the books agree"


def sign_out(context: RehearsalContext) -> str:
    """The session ends on the server: its cookie, sent again, is refused."""
    visitor = context.visitor
    old_cookies = dict(visitor.cookies)
    visitor.get("/")
    visitor.post("/deconnexion")
    visitor.cookies |= old_cookies
    page = visitor.get("/factures")
    require(page.url.split("?")[0].endswith("/connexion"), page.url)
    return "its cookie, sent again, leads to the sign-in page"
