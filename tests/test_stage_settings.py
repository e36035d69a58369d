"""Settings: defaults of the desk, refusals of a real stage, secrets with their generations."""

import functools
import re
import tomllib
from datetime import UTC, date, datetime, time

import pytest
from pydantic import BaseModel, ValidationError

from chalicelib import stage_settings
from chalicelib.domain.town_settings import Town
from chalicelib.stage_settings import VALIDATION_MESSAGES, InvalidTownFile, Secrets, Settings, load_town

TEXTS = dict.fromkeys(("pepper", "csrf", "links", "activation", "counting"), "aa bb") | {"paybox_hmac_key": " 0A "}

LIMITS = ("SOURCE_CAPTCHA", "SOURCE_PAUSE", "TOWN_FAILURES")
"""Settings of which 0 is « off », for rehearsals."""


def test_the_limits_of_sign_ins_may_be_off_but_in_prod():
    off = Settings.from_mapping({f"PORTAIL_{name}": "0" for name in LIMITS})
    assert (off.source_captcha, off.source_pause, off.town_failures) == (0, 0, 0)
    real = Settings.from_mapping({"PORTAIL_STAGE": "prod", "PORTAIL_PAYBOX_SOURCES": "192.0.2.1"})
    assert (real.source_captcha, real.source_pause, real.town_failures) == (20, 60, 200)


def test_only_our_variables_are_read_and_an_empty_one_is_not_set():
    given = {"PORTAIL_STAGE": "", "PORTAIL_COOKIE_SECURE": "0", "STAGE": "prod", "PORTAIL_UNKNOWN": "x"}
    settings = Settings.from_mapping(given)
    assert (settings.stage, settings.cookie_secure) == ("local", False)


@pytest.mark.parametrize(
    "given",
    [
        {"PORTAIL_STAGE": "prod", "PORTAIL_CAPTCHA_ANSWER": "MIYPP", "PORTAIL_PAYBOX_SOURCES": "192.0.2.1"},
        {"PORTAIL_STAGE": "dev", "PORTAIL_CLOCK_FILE": "/horloge"},
        {"PORTAIL_STAGE": "test", "PORTAIL_COOKIE_SECURE": "0"},
        {"PORTAIL_STAGE": "prod"},
        {"PORTAIL_SOURCE_PAUSE": "-1"},
        *({"PORTAIL_STAGE": "prod", "PORTAIL_PAYBOX_SOURCES": "192.0.2.1", f"PORTAIL_{name}": "0"} for name in LIMITS),
    ],
)
def test_what_a_real_stage_must_not_have_is_refused(given):
    with pytest.raises(ValidationError):
        Settings.from_mapping(given)


def test_public_address_gives_origin_base_path_and_links():
    settings = Settings(stage="prod", public_url="https://ville.example.org/portail/", paybox_sources="192.0.2.1")
    assert settings.origins == ("https://ville.example.org",)
    assert settings.base_path == "/portail"
    assert settings.link("/factures") == "https://ville.example.org/portail/factures"


def test_localhost_is_accepted_on_the_desk_only():
    assert "http://localhost:8000" in Settings().origins
    assert Settings(stage="test", public_url="http://127.0.0.1:8000").origins == ("http://127.0.0.1:8000",)


def test_secrets_keep_their_generations_and_never_show():
    secrets = Secrets.from_texts(TEXTS | {"unknown": "not hexadecimal"})
    assert secrets.pepper == (b"\xaa", b"\xbb")
    assert secrets.paybox_hmac_key == "0A"
    assert "xaa" not in repr(secrets)


def test_missing_secret_is_named():
    with pytest.raises(ValidationError, match="pepper"):
        Secrets.from_texts({name: text for name, text in TEXTS.items() if name != "pepper"})


def test_a_secret_without_a_generation_is_named_before_it_serves():
    with pytest.raises(ValidationError, match="counting"):
        Secrets.from_texts(TEXTS | {"counting": " "})


def test_a_town_without_a_file_is_told_which_have_one():
    with pytest.raises(
        InvalidTownFile, match=r"« ville-sans-fichier » n’a pas de fichier .* \(saint-aubin-les-pins en ont"
    ):
        load_town("ville-sans-fichier")


FIRST = (stage_settings.TOWNS / "saint-aubin-les-pins.toml").read_text("utf-8")


@pytest.mark.parametrize(
    ("found", "written", "told"),
    [
        ('motto = "Activités péri et extrascolaires"', "", "motto : cette clé manque"),
        ('portal_name = "Portail Famille"', 'portal_name = ""', "portal_name : ce texte est vide"),
        ('phone = "04 00 00 00 10"', "phone = 4", "desk.phone : un texte est attendu"),
        ('website = "', 'site = "x"\nwebsite = "', "site : cette clé n’existe pas"),
        ('mail_from = "portail-famille@', 'mail_from = "pas une adresse@', "mail_from : cette valeur n’a pas la forme"),
        ('accent = "#0b5563"', 'accent = "#8fd3e0"', "accent : #8fd3e0 est trop clair"),
        ('\narticle = "le"', '\narticle = "les"', "desk.article : ce n’est pas une des valeurs attendues"),
        (
            'address = ["Hôtel de ville", ',
            'address = "Hôtel de ville"\nautre = [',
            "desk.address : une liste de",
        ),
        ("[regie]", "[[regie]]", "regie : une section est attendue"),
        ('name = "Saint-Aubin-les-Pins"', "name = Saint-Aubin", "n’est pas du TOML"),
    ],
)
def test_what_is_wrong_in_a_town_s_file_is_told_by_its_key(tmp_path, monkeypatch, found, written, told):
    monkeypatch.setattr(stage_settings, "TOWNS", tmp_path)
    assert found in FIRST
    (tmp_path / "ville.toml").write_text(FIRST.replace(found, written, 1), "utf-8")
    with pytest.raises(InvalidTownFile, match=re.escape(told)):
        load_town("ville")


def test_a_town_s_file_in_another_encoding_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(stage_settings, "TOWNS", tmp_path)
    (tmp_path / "ville.toml").write_text(FIRST, "cp1252", errors="replace")
    with pytest.raises(InvalidTownFile, match="n’est pas en UTF-8"):
        load_town("ville")


def test_capitals_in_a_colour_and_a_typewriter_s_apostrophe_are_taken(tmp_path, monkeypatch):
    monkeypatch.setattr(stage_settings, "TOWNS", tmp_path)
    written = FIRST.replace("#0b5563", "#0B5563").replace('\narticle = "le"', '\narticle = "l\'"')
    (tmp_path / "ville.toml").write_text(written, "utf-8")
    town = load_town("ville")
    assert (town.accent, town.desk.the) == ("#0b5563", "l’Guichet unique")


ERRORS = {
    ("str", "min_length"): "string_too_short", ("str", "max_length"): "string_too_long",
    ("str", "pattern"): "string_pattern_mismatch", ("tuple", "min_length"): "too_short",
    ("tuple", "max_length"): "too_long",
} | {
    (kind, constraint): error
    for kind in ("int", "float", "decimal", "date", "datetime", "time")
    for constraint, error in (
        ("ge", "greater_than_equal"), ("gt", "greater_than"), ("le", "less_than_equal"), ("lt", "less_than")
    )
}  # fmt: skip
"""What pydantic calls a value that breaks a constraint of a schema."""

OF_TOML = ["un texte", 4, -1.5, True, date(2026, 9, 1), datetime(2026, 9, 1, 8, tzinfo=UTC), time(8), [], [4], {}]
"""A value of each kind that a TOML file may hold."""


def errors_of(schema):
    """The types of the errors that a pydantic schema may raise, wherever they stand in it."""
    if isinstance(schema, list | tuple):
        for one in schema:
            yield from errors_of(one)
    elif isinstance(schema, dict):
        kind = schema.get("type")
        yield from (error for (of, constraint), error in ERRORS.items() if of == kind and constraint in schema)
        for one in schema.values():
            yield from errors_of(one)


def test_every_constraint_on_a_key_of_a_town_s_file_has_its_french_message():
    lacking = {*errors_of(Town.__pydantic_core_schema__), "missing", "extra_forbidden"} - VALIDATION_MESSAGES.keys()
    assert not lacking, f"chalicelib/stage_settings.py, VALIDATION_MESSAGES: say {lacking} in French"


def keys_of(model, section=()):
    """The path of every key of a town's file."""
    for name, field in model.model_fields.items():
        yield (*section, name)
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from keys_of(field.annotation, (*section, name))


@pytest.mark.parametrize("key", list(keys_of(Town)), ids=".".join)
def test_a_value_of_another_kind_is_told_in_french_under_whatever_key(key):
    wrong = set()
    for value in OF_TOML:
        town = tomllib.loads(FIRST)
        functools.reduce(lambda table, name: table.setdefault(name, {}), key[:-1], town)[key[-1]] = value
        try:
            Town.model_validate(town)
        except ValidationError as failure:
            wrong |= {error["type"] for error in failure.errors()}
    assert wrong
    lacking = wrong - {"value_error"} - VALIDATION_MESSAGES.keys()
    assert not lacking, f"chalicelib/stage_settings.py, VALIDATION_MESSAGES: say {lacking} in French"
