"""All routes at once: who is let in, which forms are protected, how URLs are written."""

import importlib
import re
from pathlib import Path

import app as front_door
from chalicelib.handlers import family
from chalicelib.handlers.http.routing import Access

NO_CSRF = {("POST", "/paybox/notification"), ("POST", "/paiements/{reference}"), ("POST", "/retour-papier")}
"""The bank's notice, the browser's return from the bank, and a link that we signed ourselves."""
PUBLIC = {
    "/connexion", "/identifiants-oublies", "/nouveau-mot-de-passe", "/paiements/{reference}",
    "/paybox/notification", "/captcha/{id}/image", "/captcha/{id}/son", "/static/{version}/{file}", "/sante",
    "/accessibilite", "/mentions-legales", "/donnees-personnelles", "/retour-papier", "/coordonnees/confirmation",
    "/ce-n-est-pas-moi", "/payer/{jeton}",
}  # fmt: skip


def routes():
    for blueprint in front_door.PAGE_MODULES:
        yield from blueprint.pages.routes.items()


def test_every_route_asks_for_a_family_but_the_public_list():
    public = {path for (_, path), route in routes() if route.access is not Access.FAMILY}
    assert public <= PUBLIC, f"{public - PUBLIC}: access= is not meant, or is to be added to PUBLIC here"


def test_every_form_is_protected_but_the_named_exemptions():
    open_forms = {key for key, route in routes() if key[0] == "POST" and not route.csrf}
    assert open_forms <= NO_CSRF, f"{open_forms - NO_CSRF}: csrf=False is not meant, or is to be added to NO_CSRF here"


def test_every_page_of_the_family_is_served():
    (folder,) = family.__path__
    named = sorted(path.stem for path in Path(folder).glob("*.py") if path.stem != "__init__")
    modules = [importlib.import_module(f"{family.__name__}.{name}") for name in named]
    missing = [
        module.__name__ for module in modules if hasattr(module, "pages") and module not in front_door.PAGE_MODULES
    ]
    assert missing == [], f"app.py, PAGE_MODULES: {missing} is served by nobody"


def test_every_chalice_route_went_through_pages():
    ours = {key for key, _ in routes()}
    chalice = {(method, path) for path, methods in front_door.app.routes.items() for method in methods}
    assert chalice == ours


def test_head_stands_beside_each_get():
    ours = {key for key, _ in routes()}
    assert all(("HEAD", path) in ours for method, path in ours if method == "GET")


def test_urls_are_french_kebab_case_without_trailing_slash():
    for path in front_door.app.routes:
        assert path == "/" or re.fullmatch(r"(/([a-z0-9]+(-[a-z0-9]+)*|\{[a-z_]+\}))+", path), path
