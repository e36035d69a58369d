"""Settings: defaults of the desk, refusals of a real stage, secrets with their generations."""

import pytest
from pydantic import ValidationError

from chalicelib.settings import Secrets, Settings, load_town

TEXTS = dict.fromkeys(("pepper", "csrf", "links", "activation", "counting"), "aa bb") | {"paybox_hmac_key": " 0A "}


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
        {"PORTAIL_SOURCE_PAUSE_AFTER": "299"},
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


def test_a_second_town_is_a_second_file():
    with pytest.raises(FileNotFoundError):
        load_town("ville-sans-fichier")
