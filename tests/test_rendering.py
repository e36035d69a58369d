"""Every page as it is drawn: its frame, its forms, its words, its weight, and what must never be in it."""

import csv
import functools
import re
from pathlib import Path

import pytest
from jinja2 import TemplateNotFound, UndefinedError

from chalicelib.rendering import render
from tests.support.browsing import Outline, check_outline, fold, strip_tags
from tests.support.page_contexts import BASE, CONTEXTS, INSIDE, OUTSIDE, sign_in, summaries
from tests.support.people import invoice

LIBRARY = Path(__file__).parent.parent / "chalicelib"
SENTENCES = Path(__file__).parent / "data" / "guide-sentences.csv"
SHOWN_WHEN = {
    "dès la 3e tentative, sous l'image": "sign_in, captcha",
    "après un texte de contrôle faux seulement": "sign_in, captcha wrong",
    "au 7e échec et pendant le blocage": "sign_in, locked",
    "réussite": "home, nothing due",
}
"""Sentences of the guide that wait for something to happen."""

PAGE_OF = {
    "/connexion": "sign_in",
    "toute page connectée": "invoice_history",
    "/": "home",
    "/mot-de-passe": "password",
    "/factures": "invoices_due",
    "/factures/{numero}/paiement": "payment_recap",
    "/mode-de-reception": "delivery_mode",
    "/factures/historique": "invoice_history",
}
MOST_BYTES = 15_000
every_page = pytest.mark.parametrize("name", CONTEXTS)


@functools.cache
def drawn(name):
    template, context = CONTEXTS[name]
    return render(f"pages/{template}.html", **context)


def draw(template, context):
    return render(f"pages/{template}.html", **context)


def attributes(html, *names):
    return re.findall(rf'\b(?:{"|".join(names)})="([^"]*)"', html)


def guide():
    with SENTENCES.open(encoding="utf-8") as file:
        return [tuple(row.values()) for row in csv.DictReader(file, delimiter=";")]


def test_every_template_of_a_page_is_drawn_here():
    templates = {path.stem for path in (LIBRARY / "templates" / "pages").glob("*.html")}
    drawn_here = {template for template, _ in CONTEXTS.values()}
    assert templates == drawn_here, f"tests/support/page_contexts.py: a context for each of {templates ^ drawn_here}"


@every_page
def test_page_has_its_frame(name):
    outline = Outline(drawn(name))
    check_outline(outline)
    assert outline.title.endswith(" – Portail Famille de Saint-Aubin-les-Pins")
    assert f'{BASE}/accessibilite"' in drawn(name)
    assert drawn(name).count('<main id="contenu"') == 1


@every_page
def test_page_stays_light_and_ours(name):
    assert len(drawn(name).encode()) <= MOST_BYTES
    loaded = attributes(drawn(name), "src") + re.findall(r'<link [^>]*href="([^"]*)"', drawn(name))
    assert all(address.startswith(f"{BASE}/") for address in loaded)


@every_page
def test_no_address_forgets_the_base_path(name):
    ours = [address for address in attributes(drawn(name), "href", "src", "action") if address.startswith("/")]
    assert all(address.startswith(f"{BASE}/") for address in ours)


@every_page
def test_text_has_french_typography(name):
    text = strip_tags(re.sub(r"(?s)<head>.*?</head>", "", drawn(name)))
    assert not re.findall(r"\w'\w", text)
    assert not re.findall(r"[^\s.] [:;!?»]|« ", text)


@every_page
def test_every_form_of_ours_posts_the_token(name):
    for form in re.findall(r"(?s)<form.*?</form>", drawn(name)):
        exempt = 'id="paybox"' in form or "/retour-papier" in form
        assert ('name="csrf"' in form) is not exempt


@every_page
def test_a_star_is_explained(name):
    assert ('class="star"' in drawn(name)) is ("* champs obligatoires" in drawn(name))


@every_page
def test_what_describes_a_field_is_there(name):
    ids = Outline(drawn(name)).ids
    described = " ".join(attributes(drawn(name), "aria-describedby", "aria-labelledby")).split()
    assert set(described) <= set(ids)
    assert {link[1:] for link in attributes(drawn(name), "href") if link.startswith("#")} <= set(ids)


@every_page
def test_page_with_something_to_correct_says_so_first(name):
    errors = CONTEXTS[name][1].get("errors") or {}
    refused = bool(errors or CONTEXTS[name][1].get("refusal"))
    assert Outline(drawn(name)).title.startswith("Erreur\u00a0: ") is refused
    assert ("autofocus" in drawn(name)) is refused
    assert drawn(name).count('aria-invalid="true"') == len(errors)
    assert all(f'<a href="#{field}">' in drawn(name) for field in errors)


@pytest.mark.parametrize(("page", "place", "phrase"), guide())
def test_page_says_what_the_guide_says(page, place, phrase):
    shown = drawn(SHOWN_WHEN.get(place) or PAGE_OF[page])
    assert fold(phrase) in fold(strip_tags(shown))


@pytest.mark.parametrize("place", [place for place, name in SHOWN_WHEN.items() if name.startswith("sign_in")])
def test_sentence_of_the_guide_waits_for_its_moment(place):
    phrase = next(row[2] for row in guide() if row[1] == place)
    assert fold(phrase) not in fold(strip_tags(drawn("sign_in")))


@pytest.mark.parametrize(
    ("count", "label", "first"),
    [
        (60, "Restauration Scolaire Septembre 2026", 100_000),
        (55, "Activités péri et extrascolaires Septembre 2026", 2_609_100_001),
        (55, "Activités périscolaires, centre de loisirs et séjours d’été", 100_000),
    ],
)
def test_five_years_of_invoices_stay_under_fifteen_kilobytes(count, label, first):
    rows = summaries(*(invoice(str(first + n), label=label, paid_cents=5700) for n in range(count)))
    years = [(2026 - n, rows[12 * n : 12 * n + 12]) for n in range(5)]
    html = draw("invoice_history", INSIDE | {"path": "/factures/historique", "years": years})
    assert html.count(label) == count
    assert len(html.encode()) <= MOST_BYTES


def test_style_sheet_is_small_and_takes_the_town_s_colour():
    sheet = (LIBRARY / "static" / "portail.css").read_text("utf-8")
    assert len(sheet.encode()) <= 8_000
    assert "--accent: #0b5563;" in sheet
    assert set(re.findall(r"url\((.*?)\)", sheet)) == {"pdf.svg"}


def test_markup_and_template_strings_are_shown_as_text():
    hostile = '"><script>alert(1)</script>{{ 7 * 7 }}<b>'
    _, context = sign_in(values={"identifiant": hostile}, refusal=hostile, suite=hostile)
    html = draw("sign_in", context | {"flash": hostile})
    assert "<script" not in html
    assert html.count("{{ 7 * 7 }}") == 4


def test_password_is_never_given_back():
    _, context = sign_in(values={"identifiant": "dupont", "mot_de_passe": "secret-42"})
    assert "secret-42" not in draw("sign_in", context)


@pytest.mark.parametrize("name", ["sign_in", "sign_in, captcha", "password", "new_password"])
def test_password_managers_find_their_way(name):
    assert re.search(r'name="identifiant"[^>]* autocomplete="username"', drawn(name))
    passwords = [field for field in Outline(drawn(name)).inputs if field.get("type") == "password"]
    assert {field["autocomplete"] for field in passwords} <= {"current-password", "new-password"}
    assert "maxlength" not in drawn(name)


def test_captcha_has_a_picture_a_sound_and_a_way_round():
    page = drawn("sign_in, captcha")
    assert f'src="{BASE}/captcha/t1/image"' in page
    assert f'src="{BASE}/captcha/t1/son"' in page
    assert f'href="{BASE}/identifiants-oublies"' in page
    silent = draw(*sign_in(captcha="t1", captcha_sound=False))
    assert "<audio" not in silent


def test_due_list_leads_to_payment_only_where_it_is_possible():
    page = drawn("invoices_due")
    assert f'{BASE}/factures/169165/paiement" aria-label="Sélectionner la facture 169165">+<' in page
    assert f'{BASE}/factures/169165/pdf">Facture n°\u00a0169165 (PDF)</a>' in page
    assert "170002/paiement" not in page
    assert "Payée par prélèvement automatique" in page
    assert "sur 57,00\u00a0€ facturés" in page
    assert "/paiement" not in drawn("invoices_due, closed")


@pytest.mark.parametrize("name", ["home, credit", "invoices_due, credit"])
def test_a_credit_stands_beside_what_is_due(name):
    assert "Vous avez 12,00\u00a0€ en votre faveur\u00a0: la régie les déduira d’une facture" in drawn(name)
    assert "en votre faveur" not in drawn(name.split(",")[0])


def test_history_marks_what_is_cancelled_or_in_favour_of_the_family():
    page = drawn("invoice_history")
    assert "annulée" in page
    assert "avoir" in page
    assert "paiement" not in page


@pytest.mark.parametrize("name", [name for name in CONTEXTS if name.endswith("signed out")])
def test_return_from_the_bank_tells_nothing_private_when_signed_out(name):
    private = ("169165", "57,00", "dupont", "ABCDEF")
    assert not [word for word in private if word in drawn(name)]


@pytest.mark.parametrize("state", ["STARTED", "PENDING", "HELD"])
def test_payment_that_waits_can_be_looked_at_again(state):
    assert f'href="{BASE}/x">Actualiser</a>' in drawn(f"payment_outcome, {state}")
    assert "Recommencer" not in drawn(f"payment_outcome, {state}")


def test_paybox_form_holds_the_signed_fields_and_nothing_else():
    form = re.search(r'(?s)<form id="paybox".*?</form>', drawn("payment_jump"))[0]
    assert re.findall(r'name="(\w+)"', form) == ["PBX_SITE", "PBX_BILLING", "PBX_HMAC"]
    assert 'value="&lt;?xml version=&#34;1.0&#34;?&gt;&lt;Billing/&gt;"' in form


def test_missing_name_is_an_error_rather_than_a_hole():
    with pytest.raises(UndefinedError, match="status"):
        draw("error", OUTSIDE | {"title": "", "message": "", "reference": ""})
    with pytest.raises(TemplateNotFound):
        draw("nowhere", OUTSIDE)
