"""The desk's secrets are made once and reach the portal as a town's do."""

import json

import boto3
from moto import mock_aws

from chalicelib.stage_settings import Secrets
from local.aws.patches import import_without_ec2
from local.keys import PAYBOX_TEST_KEY, local_secrets, put_secrets


def test_secrets_are_made_once_and_for_their_owner_only(tmp_path):
    file = tmp_path / "desk" / "secrets.json"
    made = local_secrets(file)
    assert local_secrets(file) == made
    assert file.stat().st_mode & 0o077 == 0
    assert made["paybox_hmac_key"] == PAYBOX_TEST_KEY
    assert len({made[name] for name in made}) == len(made)


def test_a_secret_that_a_newer_version_needs_is_added_to_the_others(tmp_path):
    file = tmp_path / "secrets.json"
    file.write_text(json.dumps({"pepper": "aa" * 32}))
    assert local_secrets(file)["pepper"] == "aa" * 32
    assert local_secrets(file).keys() > {"pepper"}


def test_the_portal_finds_them_under_its_stage_and_keeps_those_it_has(tmp_path, monkeypatch):
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    import_without_ec2()
    texts = local_secrets(tmp_path / "secrets.json")
    with mock_aws():
        ssm = boto3.client("ssm", "eu-west-3", aws_access_key_id="x", aws_secret_access_key="x")
        put_secrets(ssm, "local", texts)
        put_secrets(ssm, "local", texts | {"pepper": "00"})
        found = ssm.get_parameters_by_path(Path="/portail-famille/local/", WithDecryption=True)["Parameters"]
    kept = {one["Name"].rsplit("/", 1)[1]: one["Value"] for one in found}
    assert kept == texts
    assert len(Secrets.from_texts(kept).pepper[0]) == 32
