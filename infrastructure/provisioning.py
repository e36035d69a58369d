"""Creates the resources that `.chalice/` declares in an emulated AWS: the local one, or moto's `mock_aws` in tests."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from infrastructure.template import Resources, of_type, render

ClientMaker = Callable[..., Any]
"""`boto3.client`, or a session's: a service's name in, its client out."""

MACHINE_ROLE = "arn:aws:iam::123456789012:role/desk"
"""State machines must have a role; the emulated AWS checks none."""


def create_resources(client: ClientMaker, prefix: str, *, stage: str = "local") -> None:
    """Create the tables, buckets and state machines of `stage` that do not exist yet; what exists is left as it is.

    `prefix` is `Settings.resource_prefix`. Raises botocore's ClientError.
    """
    resources: Resources = render(stage=stage, prefix=prefix)["Resources"]
    create_tables(client("dynamodb"), of_type(resources, "AWS::DynamoDB::Table"))
    create_buckets(client("s3"), of_type(resources, "AWS::S3::Bucket"))
    machines = of_type(resources, "AWS::StepFunctions::StateMachine")
    if machines:
        create_state_machines(client("stepfunctions"), machines)


def create_tables(dynamodb: Any, tables: list[dict[str, Any]]) -> None:
    existing = {name for page in dynamodb.get_paginator("list_tables").paginate() for name in page["TableNames"]}
    for table in tables:
        if table["TableName"] not in existing:
            create_table(dynamodb, dict(table))


def create_table(dynamodb: Any, table: dict[str, Any]) -> None:
    """Create a table from CloudFormation's properties, without point-in-time recovery: nothing here is durable."""
    name = table["TableName"]
    del table["PointInTimeRecoverySpecification"]
    expiry = table.pop("TimeToLiveSpecification", None)
    encryption = table.pop("SSESpecification")
    if "StreamSpecification" in table:
        table["StreamSpecification"] = {"StreamEnabled": True, **table["StreamSpecification"]}
    made = dynamodb.create_table(**table, SSESpecification={"Enabled": encryption["SSEEnabled"]})
    if made["TableDescription"]["TableStatus"] != "ACTIVE":
        dynamodb.get_waiter("table_exists").wait(TableName=name, WaiterConfig={"Delay": 1})
    if expiry:
        dynamodb.update_time_to_live(TableName=name, TimeToLiveSpecification=expiry)


def create_buckets(s3: Any, buckets: list[dict[str, Any]]) -> None:
    existing = {bucket["Name"] for bucket in s3.list_buckets()["Buckets"]}
    for bucket in buckets:
        if bucket["BucketName"] not in existing:
            create_bucket(s3, bucket)


def create_bucket(s3: Any, bucket: dict[str, Any]) -> None:
    """Create a versioned bucket, with Object Lock where documents are stored. Bucket policies (TLS only), public access
    blocks and lifecycle rules are for AWS only.
    """
    name = bucket["BucketName"]
    region = s3.meta.region_name
    place = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
    lock = bucket.get("ObjectLockConfiguration")
    s3.create_bucket(Bucket=name, ObjectLockEnabledForBucket=lock is not None, **place)
    s3.put_bucket_versioning(Bucket=name, VersioningConfiguration=bucket["VersioningConfiguration"])
    if lock:
        s3.put_object_lock_configuration(Bucket=name, ObjectLockConfiguration=lock)
    notifications = bucket.get("NotificationConfiguration", {}).get("LambdaConfigurations")
    if notifications:
        configurations = [notification(s3, one) for one in notifications]
        s3.put_bucket_notification_configuration(
            Bucket=name, NotificationConfiguration={"LambdaFunctionConfigurations": configurations}
        )


def notification(s3: Any, configuration: dict[str, Any]) -> dict[str, Any]:
    """Returns one S3 → Lambda subscription; its ARN is an `Fn::Sub` in the template."""
    arn = configuration["Function"]["Fn::Sub"]
    arn = arn.replace("${AWS::Region}", s3.meta.region_name).replace("${AWS::AccountId}", "123456789012")
    return {"LambdaFunctionArn": arn, "Events": [configuration["Event"]]}


def create_state_machines(stepfunctions: Any, machines: list[dict[str, Any]]) -> None:
    pages = stepfunctions.get_paginator("list_state_machines").paginate()
    existing = {machine["name"] for page in pages for machine in page["stateMachines"]}
    for machine in machines:
        if machine["StateMachineName"] not in existing:
            stepfunctions.create_state_machine(
                name=machine["StateMachineName"], definition=machine["DefinitionString"], roleArn=MACHINE_ROLE
            )


def verify_sender(sesv2: Any, address: str) -> None:
    """Verify the sender's domain in SES, as the town's engineer does once on AWS: SES refuses unverified senders."""
    domain = address.rpartition("@")[2]
    with suppress(sesv2.exceptions.AlreadyExistsException):
        sesv2.create_email_identity(EmailIdentity=domain)
