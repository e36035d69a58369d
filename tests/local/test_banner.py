"""What the desk says once it is ready is what works."""

import json
from pathlib import Path

import pytest

from local import banner
from local.ports import Ports

CONFIG = Path(__file__).parents[2] / ".chalice" / "config.json"
COMMAND = ".venv/bin/chalice local --port 8000"


@pytest.fixture
def said(portal, monkeypatch):
    """The announcement of `make cloud` on these ports."""
    monkeypatch.setattr(banner, "demo_code", lambda portal: "7K3M-9QWX")
    return lambda port, *, own_aws=True: banner.cloud_banner(portal, Ports(port), own_aws=own_aws)


def test_on_the_default_ports_the_command_of_chalice_is_the_one_its_configuration_can_serve(said):
    assert COMMAND in said(8000)
    configured = json.loads(CONFIG.read_text("utf-8"))["stages"]["dev"]["environment_variables"]
    assert configured["AWS_ENDPOINT_URL"] == f"http://127.0.0.1:{Ports(8000).aws}"


@pytest.mark.parametrize(("port", "own_aws"), [(18_400, True), (8000, False)])
def test_elsewhere_it_says_that_chalice_local_needs_the_default_ports(said, port, own_aws):
    text = said(port, own_aws=own_aws)
    assert ".venv/bin/chalice" not in text
    assert "chalice local ne connaît que les ports habituels (8000 et suivants)" in text
    assert "relancez make cloud sans PORT" in text


def test_the_code_of_the_family_that_never_signed_in_is_there_until_it_is_used(said, monkeypatch):
    assert "100004  jamais activé, code d’activation : 7K3M-9QWX" in said(8000)
    monkeypatch.setattr(banner, "demo_code", lambda portal: None)
    assert "100004  activé depuis" in said(8000)


def test_it_says_how_often_the_clock_rings_and_which_addresses_come_back(said, monkeypatch):
    assert "L’horloge sonne toutes les 60 s" in said(8000)
    assert "retour@, plainte@ ou absent@example.org" in said(8000)
    monkeypatch.setenv("PORTAIL_CLOCK_EVERY", "0")
    assert "L’horloge est muette" in said(8000)
    assert "L’horloge est celle d’AWS." in said(8000, own_aws=False)
