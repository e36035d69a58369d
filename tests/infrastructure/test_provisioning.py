"""One set of files describes the infrastructure for AWS and for the desk."""

import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from chalicelib.store.documents import DocumentStore
from infrastructure import provisioning, template
from tests.support.packaging import packaged


@pytest.fixture(autouse=True)
def _credentials(monkeypatch):
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-3")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)


def test_the_desk_gets_every_declared_table_and_bucket_and_a_second_start_changes_nothing():
    with mock_aws():
        provisioning.create_resources(boto3.client, "desk")
        provisioning.create_resources(boto3.client, "desk")
        tables = boto3.client("dynamodb").list_tables()["TableNames"]
        buckets = [bucket["Name"] for bucket in boto3.client("s3").list_buckets()["Buckets"]]
    assert sorted(tables) == sorted(f"desk-{noun}" for noun in template.TABLES)
    assert sorted(buckets) == sorted(f"desk-{noun}" for noun in template.BUCKETS)


def test_what_is_missing_is_created_beside_what_exists():
    with mock_aws():
        provisioning.create_resources(boto3.client, "desk")
        boto3.client("dynamodb").delete_table(TableName="desk-sessions")
        provisioning.create_resources(boto3.client, "desk")
        expiry = boto3.client("dynamodb").describe_time_to_live(TableName="desk-sessions")["TimeToLiveDescription"]
    assert expiry == {"TimeToLiveStatus": "ENABLED", "AttributeName": "expires_at"}


def test_issued_documents_keep_their_versions_and_nobody_removes_one_within_five_years():
    with mock_aws():
        provisioning.create_resources(boto3.client, "desk")
        s3 = boto3.client("s3")
        assert s3.get_bucket_versioning(Bucket="desk-documents")["Status"] == "Enabled"
        DocumentStore(SimpleNamespace(s3=s3), "desk-documents").keep("factures/1.pdf", b"issued")
        head = s3.head_object(Bucket="desk-documents", Key="factures/1.pdf")
        years = (head["ObjectLockRetainUntilDate"] - head["LastModified"]).days / 365
        with pytest.raises(ClientError, match="AccessDenied"):
            s3.delete_object(Bucket="desk-documents", Key="factures/1.pdf", VersionId=head["VersionId"])
    assert (head["ObjectLockMode"], round(years, 1)) == ("GOVERNANCE", 5.0)


def test_a_billing_file_put_in_the_inbox_calls_its_task():
    with mock_aws():
        provisioning.create_resources(boto3.client, "desk")
        notified = boto3.client("s3").get_bucket_notification_configuration(Bucket="desk-inbox")
    [subscription] = notified["LambdaFunctionConfigurations"]
    function = "arn:aws:lambda:eu-west-3:123456789012:function:portail-famille-local-receive_billing_file"
    assert (subscription["LambdaFunctionArn"], subscription["Events"]) == (function, ["s3:ObjectCreated:*"])


def test_accounts_are_found_by_their_address():
    with mock_aws():
        provisioning.create_resources(boto3.client, "desk")
        indexes = boto3.client("dynamodb").describe_table(TableName="desk-accounts")["Table"]["GlobalSecondaryIndexes"]
    assert [(index["IndexName"], index["KeySchema"][0]["AttributeName"]) for index in indexes] == [
        ("by-email", "email")
    ]


def test_the_town_may_send_from_its_own_domain_and_may_be_accepted_twice():
    with mock_aws():
        sesv2 = boto3.client("sesv2")
        for _ in range(2):
            provisioning.verify_sender(sesv2, "portail@ville.example.org")
        assert [one["IdentityName"] for one in sesv2.list_email_identities()["EmailIdentities"]] == [
            "ville.example.org"
        ]


def test_packaged_templates_satisfy_cfn_lint(tmp_path):
    for stage in ("test", "prod"):
        (tmp_path / f"{stage}.json").write_text(json.dumps(packaged(stage)), "utf-8")
    command = [Path(sys.executable).with_name("cfn-lint"), *sorted(tmp_path.iterdir())]
    lint = subprocess.run(command, capture_output=True, text=True)
    assert (lint.returncode, lint.stdout, lint.stderr) == (0, "", "")


def test_production_keeps_its_tables_and_no_other_stage_does():
    for stage, kept, protected in (("prod", "Retain", True), ("test", "Delete", False)):
        accounts = template.render(stage=stage)["Resources"]["AccountsTable"]
        assert accounts["DeletionPolicy"] == accounts["UpdateReplacePolicy"] == kept
        assert accounts["Properties"]["DeletionProtectionEnabled"] is protected


def test_every_table_is_on_demand_encrypted_and_recoverable():
    tables = template.of_type(template.render(stage="prod")["Resources"], "AWS::DynamoDB::Table")
    assert len(tables) == len(template.TABLES)
    for table in tables:
        assert table["BillingMode"] == "PAY_PER_REQUEST"
        assert table["SSESpecification"] == {"SSEEnabled": True}
        assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}


def test_every_bucket_has_a_policy_that_refuses_plain_http():
    resources = template.render(stage="prod", prefix="ville-prod")["Resources"]
    policies = template.of_type(resources, "AWS::S3::BucketPolicy")
    denied = set()
    for policy in policies:
        (statement,) = policy["PolicyDocument"]["Statement"]
        assert (statement["Effect"], statement["Principal"], statement["Action"]) == ("Deny", "*", "s3:*")
        assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
        bucket, objects = statement["Resource"]
        assert objects == f"{bucket}/*"
        denied.add(bucket)
    assert denied == {f"arn:aws:s3:::ville-prod-{noun}" for noun in template.BUCKETS}


def test_a_state_machine_is_inlined_with_its_names(tmp_path, monkeypatch):
    monkeypatch.setattr(template, "CHALICE", tmp_path)
    (tmp_path / "walk.asl.json").write_text('{"Task": "${functions}-plan", "Kept": "${AWS::Region}"}')
    filled = template.fill({"DefinitionString": "${file:walk.asl.json}"}, template.placeholders(stage="test"))
    assert json.loads(filled["DefinitionString"]) == {"Task": "portail-famille-test-plan", "Kept": "${AWS::Region}"}


def test_an_unknown_placeholder_stops_the_rendering():
    with pytest.raises(KeyError, match="prefixe"):
        template.fill("${prefixe}-accounts", template.placeholders(stage="test"))


def test_what_changes_of_accounts_and_families_is_streamed_without_their_data():
    with mock_aws():
        provisioning.create_resources(boto3.client, "desk")
        tables = {name: described(name) for name in template.TABLES}
    streamed = {name: one["StreamSpecification"] for name, one in tables.items() if "StreamSpecification" in one}
    keys_only = {"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"}
    assert streamed == {"accounts": keys_only, "families": keys_only}


def described(name):
    return boto3.client("dynamodb").describe_table(TableName=f"desk-{name}")["Table"]
