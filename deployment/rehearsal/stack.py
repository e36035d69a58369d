"""Deploys a package with CloudFormation, as an engineer does: upload to a bucket, create the stack, put the secrets."""

import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deployment.bundle import REGION, Package
from deployment.rehearsal.emulator import Emulator
from infrastructure import provisioning
from infrastructure.template import emulator_template
from local import keys

NAME = "portail-famille-test"
BUNDLES = "portail-famille-bundles"
CAPABILITIES = ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"]
CREATE_SECONDS = 300.0

UNSCOPED_ACTIONS = ("ssm:GetParametersByPath", "ses:SendEmail", "ses:SendRawEmail", "dynamodb:TransactWriteItems")
"""Actions whose resource the emulator cannot determine from the call, so that only `*` allows them; AWS uses the path,
the identity, and each item of a transaction. The policies' own tests cover them."""


class StackRefused(Exception):
    """CloudFormation did not create the stack; one line per failed resource."""


@dataclass(frozen=True)
class Stack:
    """A created stack: its outputs, and the physical id and type of each resource by its logical id."""

    outputs: dict[str, str]
    resources: dict[str, str]
    types: dict[str, str]

    def of_type(self, kind: str) -> dict[str, str]:
        return {logical: self.resources[logical] for logical, one in self.types.items() if one == kind}


def deploy(package: Package, emulator: Emulator, parameters: dict[str, str]) -> Stack:
    """Create the stack of a package. Raises StackRefused."""
    template = upload_package(package, emulator)
    cloudformation = emulator.client("cloudformation")
    cloudformation.create_stack(
        StackName=NAME,
        TemplateURL=template,
        Capabilities=CAPABILITIES,
        Parameters=[{"ParameterKey": name, "ParameterValue": value} for name, value in parameters.items()],
    )
    outputs = wait_until_created(cloudformation)
    listed = cloudformation.get_paginator("list_stack_resources").paginate(StackName=NAME)
    found = [one for page in listed for one in page["StackResourceSummaries"]]
    return Stack(
        outputs=outputs,
        resources={one["LogicalResourceId"]: one.get("PhysicalResourceId", "") for one in found},
        types={one["LogicalResourceId"]: one["ResourceType"] for one in found},
    )


def upload_package(package: Package, emulator: Emulator) -> str:
    """Upload the code and the template to S3. Returns the template's URL."""
    s3 = emulator.client("s3")
    s3.create_bucket(Bucket=BUNDLES, CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.upload_file(str(package.bundle), BUNDLES, "deployment.zip")
    code = json.dumps(f"s3://{BUNDLES}/deployment.zip")
    rendered = emulator_template(json.loads(package.template.read_text("utf-8")))
    template = json.dumps(rendered, ensure_ascii=False).replace('"./deployment.zip"', code)
    s3.put_object(Bucket=BUNDLES, Key="template.json", Body=template.encode())
    return f"{emulator.url}/{BUNDLES}/template.json"


def wait_until_created(cloudformation: Any) -> dict[str, str]:
    """Wait until the stack is created. Returns its outputs. Raises StackRefused."""
    end = time.monotonic() + CREATE_SECONDS
    while True:
        [stack] = cloudformation.describe_stacks(StackName=NAME)["Stacks"]
        if stack["StackStatus"] == "CREATE_COMPLETE":
            return {one["OutputKey"]: one["OutputValue"] for one in stack.get("Outputs", ())}
        if not stack["StackStatus"].endswith("_IN_PROGRESS") or time.monotonic() > end:
            raise StackRefused("\n".join([stack["StackStatus"], *failures(cloudformation)]))
        time.sleep(0.5)


def failures(cloudformation: Any) -> list[str]:
    events = cloudformation.describe_stack_events(StackName=NAME)["StackEvents"]
    failed = [one for one in events if one["ResourceStatus"].endswith("_FAILED")]
    return [f"{one['LogicalResourceId']}: {one.get('ResourceStatusReason', '')}" for one in failed]


def put_secrets_and_sender(emulator: Emulator, *, sender: str, bank_key: str, folder: Path) -> None:
    """Put the stage's secrets in SSM and verify the mail sender: what an engineer does by hand, once."""
    secrets = keys.local_secrets(folder / "secrets.json") | {"paybox_public_keys": bank_key}
    keys.put_secrets(emulator.client("ssm"), "test", secrets)
    provisioning.verify_sender(emulator.client("sesv2"), sender)


def allow_unscoped_actions(stack: Stack, emulator: Emulator) -> None:
    """Grant UNSCOPED_ACTIONS on everything to each role; every other right stays that of our policies."""
    statement = {"Effect": "Allow", "Action": list(UNSCOPED_ACTIONS), "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    iam = emulator.client("iam")
    for role in stack.of_type("AWS::IAM::Role").values():
        iam.put_role_policy(RoleName=role, PolicyName="unnamed-by-the-emulator", PolicyDocument=document)


def remove_bucket_policies(stack: Stack, emulator: Emulator) -> None:
    """Delete the bucket policies, once checked: they refuse plain HTTP, which is all that the emulator speaks."""
    s3 = emulator.client("s3")
    for bucket in stack.of_type("AWS::S3::Bucket").values():
        s3.delete_bucket_policy(Bucket=bucket)
