"""The command that makes and renews a stage's secrets: nothing shown, nothing lost, what is typed twice included."""

import io
from datetime import UTC, datetime, timedelta

import boto3
import pytest
from moto import mock_aws

from chalicelib.stage_settings import Secrets
from deployment.secrets import main
from local.aws.patches import import_without_ec2
from local.keys import NAMES
from tests.support.payments.bank import signing_bank

FOLDER = "/portail-famille/prod/"
PEM = signing_bank().public_pem.strip()
OTHER_PEM = PEM.replace("MII", "MIJ", 1)
HMAC = "0123456789ABCDEF" * 8


@pytest.fixture
def ssm(monkeypatch):
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-3")
    import_without_ec2()
    with mock_aws():
        yield boto3.client("ssm")


@pytest.fixture
def typed(monkeypatch):
    return lambda text: monkeypatch.setattr("sys.stdin", io.StringIO(text))


def kept(ssm):
    found = ssm.get_parameters_by_path(Path=FOLDER, WithDecryption=True)["Parameters"]
    assert {one["Type"] for one in found} <= {"SecureString"}
    return {one["Name"].removeprefix(FOLDER): one["Value"] for one in found}


def run(*words, days=0):
    return main([*words, "--stage", "prod"], now=lambda: datetime.now(UTC) + timedelta(days=days))


def test_creating_makes_our_five_keys_each_its_own_and_shows_none(ssm, capsys):
    assert run("create") == 0
    made, said = kept(ssm), "".join(capsys.readouterr())
    assert made.keys() == set(NAMES)
    assert len(set(made.values())) == len(NAMES)
    assert [one for one in made.values() if one in said] == []
    assert len(Secrets.from_texts(made | {"paybox_hmac_key": HMAC}).pepper[0]) == 32, "as the portal reads them"


def test_creating_again_keeps_what_exists_and_adds_what_lacks(ssm, capsys):
    run("create", "pepper")
    before = kept(ssm)["pepper"]
    assert run("create") == 0
    assert kept(ssm)["pepper"] == before
    assert kept(ssm).keys() == set(NAMES)
    assert f"{FOLDER}pepper  kept as it is" in capsys.readouterr().out


@pytest.mark.parametrize("name", NAMES)
def test_rotating_puts_a_fresh_generation_first_and_keeps_exactly_one_older(ssm, capsys, name):
    run("create")
    first = kept(ssm)[name]
    assert run("rotate", name) == 0
    second, older = kept(ssm)[name].split()
    assert (older, len(second)) == (first, 64)
    assert second != first
    assert run("rotate", name, days=398) == 0
    third = kept(ssm)[name].split()
    assert third[1:] == [second]
    said = "".join(capsys.readouterr())
    assert [one for one in (first, second, *third) if one in said] == []


@pytest.mark.parametrize(("name", "days"), [("pepper", 364), ("links", 396), ("activation", 89), ("csrf", 0)])
def test_rotating_twice_does_not_drop_what_families_still_use(ssm, capsys, name, days):
    run("create")
    run("rotate", name)
    before = kept(ssm)
    assert run("rotate", name, days=days) == 1
    assert kept(ssm) == before
    assert "oldest generation may be used until" in capsys.readouterr().err


def test_a_key_that_leaked_goes_at_once(ssm):
    run("create")
    first = kept(ssm)["csrf"]
    run("rotate", "csrf")
    assert run("rotate", "csrf", "--drop-older") == 0
    assert first not in kept(ssm)["csrf"]


def test_what_does_not_exist_is_not_rotated(ssm, capsys):
    assert run("rotate", "pepper") == 1
    assert "create it" in capsys.readouterr().err
    assert kept(ssm) == {}


@pytest.mark.parametrize("verb", ["create", "rotate"])
def test_unknown_names_are_refused(ssm, capsys, verb):
    with pytest.raises(SystemExit) as end:
        run(verb, "peper")
    assert end.value.code == 2
    assert "peper" in capsys.readouterr().err
    assert kept(ssm) == {}


def test_the_bank_s_key_is_typed_and_replaced_for_the_bank_forgets_the_old_one(ssm, typed, capsys):
    typed(HMAC + "\n")
    assert run("create", "paybox_hmac_key") == 0
    typed("F" * 128)
    assert run("rotate", "paybox_hmac_key") == 0
    assert kept(ssm) == {"paybox_hmac_key": "F" * 128}
    said = "".join(capsys.readouterr())
    assert HMAC not in said
    assert "F" * 128 not in said


@pytest.mark.parametrize("text", ["", "12AB", "Z" * 128])
def test_a_key_cut_short_changes_nothing_and_is_not_repeated(ssm, typed, capsys, text):
    typed(text)
    assert run("create", "pepper", "paybox_hmac_key") == 1
    assert kept(ssm) == {}
    assert "128 hexadecimal digits" in capsys.readouterr().err


def test_the_bank_s_public_keys_are_a_list_the_new_one_first(ssm, typed):
    typed(PEM)
    assert run("create", "paybox_public_keys") == 0
    typed(OTHER_PEM)
    assert run("rotate", "paybox_public_keys") == 0
    assert kept(ssm)["paybox_public_keys"] == f"{OTHER_PEM}\n{PEM}"


def test_a_file_without_a_public_key_is_refused(ssm, typed):
    typed("-----BEGIN PRIVATE KEY-----\nno\n-----END PRIVATE KEY-----")
    assert run("create", "paybox_public_keys") == 1
    assert kept(ssm) == {}


def test_without_credentials_it_says_so(monkeypatch, capsys, tmp_path):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-3")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    for name in ("AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "none"))
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    assert run("create") == 1
    assert "Nothing was changed. Unable to locate credentials" in capsys.readouterr().err


def test_help_shows_an_example(capsys):
    with pytest.raises(SystemExit):
        main(["rotate", "--help"])
    assert "python -m deployment.secrets rotate csrf --stage prod" in capsys.readouterr().out
