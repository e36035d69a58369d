"""What `chalice package --merge-template` deploys, property by property: read from the packaged result."""

import json
import re

import pytest

from chalicelib.store.bucket import PDF_BUNDLES
from infrastructure.parameters import logical_id
from infrastructure.template import CHALICE, TABLES, UNSUPPORTED_BY_EMULATOR, emulator_template, render
from tests.support.packaging import packaged

STAGES = ["test", "prod"]
EXPIRING = {"attempts", "sessions", "tickets", "journal"}
SENDS_MAIL = {"DrawSpecimen", "MailPayment", "Notify"}


def resources(stage="prod", kind=""):
    """The properties of the packaged resources of a type, by their names."""
    found = packaged(stage)["Resources"].items()
    return {name: one.get("Properties", {}) for name, one in found if not kind or one["Type"] == kind}


def buckets():
    return {name.removesuffix("Bucket").lower(): one for name, one in resources(kind="AWS::S3::Bucket").items()}


def test_no_file_of_ours_says_a_key_twice():
    def once(pairs):
        names = [name for name, _ in pairs]
        assert sorted(names) == sorted(set(names))
        return dict(pairs)

    files = sorted(CHALICE.rglob("*.json"))
    assert len(files) > 20
    for path in files:
        json.loads(path.read_text("utf-8"), object_pairs_hook=once)


@pytest.mark.parametrize("stage", STAGES)
def test_the_template_stays_well_within_what_cloudformation_takes(stage):
    """500 resources, SAM's own counted double; one million bytes (its quotas page)."""
    assert len(packaged(stage)["Resources"]) < 250
    assert len(json.dumps(packaged(stage))) < 500_000


def test_the_api_is_regional_compressed_from_a_kilobyte_binary_throttled_and_traces_nothing():
    api = resources()["RestAPI"]
    assert (api["EndpointConfiguration"], api["MinimumCompressionSize"]) == ("REGIONAL", 1024)
    assert api["BinaryMediaTypes"] == api["DefinitionBody"]["x-amazon-apigateway-binary-media-types"] == ["*/*"]
    assert api["TracingEnabled"] is False
    everything, notice = api["MethodSettings"]
    assert (everything["ResourcePath"], everything["HttpMethod"]) == ("/*", "*")
    assert everything["ThrottlingRateLimit"] == everything["ThrottlingBurstLimit"] == {"Ref": "RequestsPerSecond"}
    # CloudFormation writes the slashes of a path as ~1, but for the one that stands before it.
    path = notice["ResourcePath"].removeprefix("/").replace("~1", "/")
    assert "~1" in notice["ResourcePath"]
    assert (path, notice["HttpMethod"]) in {(path, "POST") for path in api["DefinitionBody"]["paths"]}
    assert not any(setting["DataTraceEnabled"] for setting in api["MethodSettings"])


def test_the_domain_is_there_when_it_is_named_and_old_protocols_are_refused():
    template = packaged("prod")
    domain, mapping = template["Resources"]["PortalDomain"], template["Resources"]["PortalMapping"]
    assert domain["Condition"] == mapping["Condition"] == "WithDomain"
    assert domain["Properties"]["SecurityPolicy"] == "TLS_1_2"
    assert domain["Properties"]["EndpointConfiguration"] == {"Types": ["REGIONAL"]}
    assert template["Parameters"]["DomainName"]["Default"] == template["Parameters"]["BasePath"]["Default"] == ""


def test_every_function_ends_in_time_with_its_memory_and_only_mails_are_counted():
    functions = resources(kind="AWS::Serverless::Function")
    assert functions["APIHandler"]["Timeout"] <= 28
    assert functions["APIHandler"]["MemorySize"] >= 1024
    tasks = json.loads((CHALICE / "config.json").read_text("utf-8"))["lambda_functions"]
    differing = functions.keys() ^ {"APIHandler", *map(logical_id, tasks)}
    assert differing == set(), f".chalice/config.json, lambda_functions: {differing}"
    unlimited = [name for name, task in tasks.items() if not {"lambda_memory_size", "lambda_timeout"} <= task.keys()]
    assert unlimited == [], f".chalice/config.json, lambda_memory_size and lambda_timeout: {unlimited}"
    assert all(one["Tracing"] == "PassThrough" for one in functions.values())
    reserved = {name: one["ReservedConcurrentExecutions"] for name, one in functions.items()
                if "ReservedConcurrentExecutions" in one}  # fmt: skip
    chosen = {"Fn::If": ["WithMailConcurrency", {"Ref": "MailConcurrency"}, {"Ref": "AWS::NoValue"}]}
    assert reserved == dict.fromkeys(SENDS_MAIL, chosen)


def test_dead_letters_travel_encrypted_and_lie_encrypted():
    queues, policies = resources(kind="AWS::SQS::Queue"), resources(kind="AWS::SQS::QueuePolicy")
    assert policies.keys() == {f"{name}Policy" for name in queues}
    for name, queue in queues.items():
        assert queue["SqsManagedSseEnabled"] is True
        (statement,) = policies[f"{name}Policy"]["PolicyDocument"]["Statement"]
        assert (statement["Effect"], statement["Action"]) == ("Deny", "sqs:*")
        assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
        assert policies[f"{name}Policy"]["Queues"] == [{"Ref": name}]


@pytest.mark.parametrize("stage", STAGES)
def test_every_table_is_on_demand_recoverable_encrypted_and_in_production_protected(stage):
    tables = resources(stage, "AWS::DynamoDB::Table")
    assert {one["TableName"] for one in tables.values()} == {f"portail-famille-{stage}-{noun}" for noun in TABLES}
    for table in tables.values():
        assert table["BillingMode"] == "PAY_PER_REQUEST"
        assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
        assert table["SSESpecification"] == {"SSEEnabled": True}
        assert table["DeletionProtectionEnabled"] is (stage == "prod")
        expires = table.get("TimeToLiveSpecification")
        assert (table["TableName"].rpartition("-")[2] in EXPIRING) is (expires is not None)
        assert expires in (None, {"AttributeName": "expires_at", "Enabled": True})


def test_buckets_are_private_versioned_encrypted_and_forget_what_is_left_over():
    assert buckets().keys() == {"documents", "inbox", "uploads", "mailings"}
    for bucket in buckets().values():
        assert all(bucket["PublicAccessBlockConfiguration"].values())
        assert len(bucket["PublicAccessBlockConfiguration"]) == 4
        assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}
        assert bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
        rule, *others = bucket["LifecycleConfiguration"]["Rules"]
        assert {one["Status"] for one in (rule, *others)} == {"Enabled"}
        assert rule["AbortIncompleteMultipartUpload"] == {"DaysAfterInitiation": 7}
        assert "Prefix" not in rule


def test_issued_documents_are_locked_for_five_years_and_no_rule_ends_them():
    documents = buckets()["documents"]
    assert documents["ObjectLockEnabled"] is True
    assert documents["ObjectLockConfiguration"]["Rule"] == {"DefaultRetention": {"Mode": "GOVERNANCE", "Years": 5}}
    (rule,) = documents["LifecycleConfiguration"]["Rules"]
    assert not {"ExpirationInDays", "NoncurrentVersionExpiration", "Transitions"} & rule.keys()


def test_no_function_may_lift_the_lock():
    for policy in (CHALICE / "policies").iterdir():
        assert "BypassGovernance" not in policy.read_text("utf-8")
        assert "ObjectLock" not in policy.read_text("utf-8")
        assert "ObjectRetention" not in policy.read_text("utf-8")


def test_the_office_may_read_a_lock_and_not_change_it():
    said = (CHALICE / "resources" / "command_policies.json").read_text("utf-8")
    assert "s3:GetObjectRetention" in said
    assert not [right for right in ("BypassGovernance", "PutObjectRetention", "PutObjectLegalHold") if right in said]


def test_what_is_kept_apart_from_documents_ends_one_day():
    days = {
        name: bucket["LifecycleConfiguration"]["Rules"][0].get("ExpirationInDays") for name, bucket in buckets().items()
    }
    assert days == {"documents": None, "inbox": 400, "uploads": 365, "mailings": 3653}


def test_what_only_serves_a_mailing_under_way_ends_after_a_month():
    (rule,) = buckets()["mailings"]["LifecycleConfiguration"]["Rules"][1:]
    assert f"{rule['Prefix']}{{run}}" == PDF_BUNDLES
    assert (rule["ExpirationInDays"], rule["NoncurrentVersionExpiration"]) == (30, {"NoncurrentDays": 1})


def test_the_state_machine_logs_its_failures_without_their_data():
    machine = resources()["MailingMachine"]
    logging = machine["LoggingConfiguration"]
    assert (logging["Level"], logging["IncludeExecutionData"]) == ("ERROR", False)
    assert logging["Destinations"][0]["CloudWatchLogsLogGroup"]["LogGroupArn"] == {
        "Fn::GetAtt": ["MailingMachineLogs", "Arn"]
    }
    assert machine["TracingConfiguration"] == {"Enabled": False}
    statements = resources()["MailingMachineRole"]["Policies"][0]["PolicyDocument"]["Statement"]
    (logs,) = [one for one in statements if one["Sid"] == "Logs"]
    assert {"logs:CreateLogDelivery", "logs:PutResourcePolicy", "logs:DescribeLogGroups"} <= set(logs["Action"])


@pytest.mark.parametrize("stage", STAGES)
def test_every_log_ends_after_ninety_days(stage):
    groups = resources(stage, "AWS::Logs::LogGroup")
    assert {group["RetentionInDays"] for group in groups.values()} == {90}
    functions = resources(stage, "AWS::Serverless::Function")
    assert len(groups) == len(functions) + 1


def test_mails_leave_encrypted_known_refusals_are_kept_and_events_come_back():
    mails = resources()["Mails"]
    assert mails["DeliveryOptions"] == {"TlsPolicy": "REQUIRE"}
    assert mails["ReputationOptions"] == {"ReputationMetricsEnabled": True}
    assert mails["SuppressionOptions"] == {"SuppressedReasons": ["BOUNCE", "COMPLAINT"]}
    told = resources()["MailsEvents"]["EventDestination"]
    assert told["Enabled"] is True
    assert set(told["MatchingEventTypes"]) == {"send", "delivery", "bounce", "complaint", "reject"}


def test_production_asks_for_what_only_it_needs_before_anything_is_made():
    rules = packaged("prod")["Rules"]
    asked = {re.match(r"\w+, (\w+)|En production, (\w+)", one["AssertDescription"])[2]
             for one in rules["ProductionIsComplete"]["Assertions"]}  # fmt: skip
    assert asked == {"PayboxSources", "AlarmsEmail"}


def test_a_rehearsal_lacks_what_an_emulator_cannot_bear_and_has_the_gateway_s_answers_apart():
    template, rehearsal = packaged("test"), emulator_template(packaged("test"))
    lacking = template["Resources"].keys() - rehearsal["Resources"].keys()
    assert {template["Resources"][name]["Type"] for name in lacking} == UNSUPPORTED_BY_EMULATOR
    added = {
        name: rehearsal["Resources"][name] for name in rehearsal["Resources"].keys() - template["Resources"].keys()
    }
    assert {one["Type"] for one in added.values()} == {"AWS::ApiGateway::GatewayResponse"}
    answers = template["Resources"]["RestAPI"]["Properties"]["GatewayResponses"]
    told = {one["Properties"]["ResponseType"]: one["Properties"]["ResponseTemplates"] for one in added.values()}
    assert told == {kind: one["ResponseTemplates"] for kind, one in answers.items()}


def test_what_two_files_say_of_one_property_must_agree(tmp_path, monkeypatch):
    (tmp_path / "resources").mkdir()
    (tmp_path / "config.json").write_text('{"lambda_functions": {}}')
    (tmp_path / "resources" / "a.json").write_text('{"Resources": {"Table": {"Type": "A", "Properties": {"Kept": 1}}}}')
    (tmp_path / "resources" / "b.json").write_text('{"Resources": {"Table": {"Properties": {"Kept": 2}}}}')
    monkeypatch.setattr("infrastructure.template.CHALICE", tmp_path)
    with pytest.raises(ValueError, match=r"b\.json: Kept"):
        render(stage="local")


def test_what_changes_of_accounts_and_families_reaches_the_task_that_indexes_them_and_nothing_of_it_is_lost():
    mappings = resources(kind="AWS::Lambda::EventSourceMapping")
    sources = {one["EventSourceArn"]["Fn::GetAtt"][0] for one in mappings.values()}
    streamed = {name for name, one in resources(kind="AWS::DynamoDB::Table").items() if "StreamSpecification" in one}
    assert sources == streamed == {"AccountsTable", "FamiliesTable"}
    for one in mappings.values():
        assert one["EventSourceArn"]["Fn::GetAtt"][1] == "StreamArn"
        assert one["FunctionName"] == {"Ref": "IndexFamilies"}
        assert (one["StartingPosition"], one["MaximumRetryAttempts"]) == ("TRIM_HORIZON", 2)
        assert one["BisectBatchOnFunctionError"] is True
        kept = one["DestinationConfig"]["OnFailure"]["Destination"]
        assert kept == {"Fn::GetAtt": ["IndexFamiliesDeadLetters", "Arn"]}


def test_a_stream_carries_keys_alone():
    for name in ("AccountsTable", "FamiliesTable"):
        assert resources()[name]["StreamSpecification"] == {"StreamViewType": "KEYS_ONLY"}
