"""With nothing set the command works on the desk's emulated AWS; what is set is kept."""

import pytest

from guichet.environment import set_defaults


def test_with_nothing_set_it_is_the_desk():
    environ = {}
    set_defaults(environ)
    assert environ == {
        "PORTAIL_STAGE": "local",
        "PORTAIL_PUBLIC_URL": "http://127.0.0.1:8000",
        "AWS_ENDPOINT_URL": "http://127.0.0.1:8001",
        "AWS_ACCESS_KEY_ID": "desk",
        "AWS_SECRET_ACCESS_KEY": "desk",
        "AWS_DEFAULT_REGION": "eu-west-3",
    }


def test_the_emulated_aws_follows_port():
    environ = {"PORT": "18600"}
    set_defaults(environ)
    assert environ["AWS_ENDPOINT_URL"] == "http://127.0.0.1:18601"


def test_what_is_set_is_kept():
    ours = {"AWS_ENDPOINT_URL": "http://localhost:4566", "AWS_ACCESS_KEY_ID": "mine", "AWS_DEFAULT_REGION": "eu-west-1"}
    environ = dict(ours)
    set_defaults(environ)
    assert environ.items() >= ours.items()


def test_a_real_aws_never_gets_made_up_keys():
    environ = {"AWS_ENDPOINT_URL": "https://aws.example.org"}
    set_defaults(environ)
    assert "AWS_ACCESS_KEY_ID" not in environ
    environ = {"PORTAIL_STAGE": "prod"}
    set_defaults(environ)
    assert environ == {"PORTAIL_STAGE": "prod"}


@pytest.mark.parametrize("port", ["huit", "99999", "65533", "0", "-1", "8_000", "８０００", "1" * 5000])
def test_what_is_no_port_is_an_error(port):
    with pytest.raises(ValueError, match="n’est pas un numéro de port"):
        set_defaults({"PORT": port})
