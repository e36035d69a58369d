"""Deploys a package as an engineer does: code and template to a bucket, a stack of them, then the secrets."""

import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deployment.bundle import REGION, Package
from deployment.rehearsal.emulator import Emulator
from infrastructure import provisioning
from infrastructure.template import rehearsed
from local import keys

NAME = "portail-famille-test"
BUNDLES = "portail-famille-bundles"
CAPABILITIES = ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"]
SECONDS = 300.0

UNNAMED = ("ssm:GetParametersByPath", "ses:SendEmail", "ses:SendRawEmail", "dynamodb:TransactWriteItems")
"""Actions whose resource the emulator does not find in the call, so that only `*` would allow them: AWS names the path,
the identity, and each item of a transaction. The policies' own tests cover them."""


class StackRefused(Exception):
    """CloudFormation did not create the stack; what failed, a line a resource."""


@dataclass(frozen=True)
class Stack:
    """A stack that stands: what it gives out, and the physical name of each of its resources by its logical one."""

    outputs: dict[str, str]
    resources: dict[str, str]
    types: dict[str, str]

    def of_type(self, kind: str) -> dict[str, str]:
        return {logical: self.resources[logical] for logical, one in self.types.items() if one == kind}


def deploy(package: Package, emulator: Emulator, parameters: dict[str, str]) -> Stack:
    """Create the stack of a package. Raises StackRefused."""
    template = uploaded(package, emulator)
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


def uploaded(package: Package, emulator: Emulator) -> str:
    """Put the code and the template where CloudFormation reads them; answers the template's address."""
    s3 = emulator.client("s3")
    s3.create_bucket(Bucket=BUNDLES, CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.upload_file(str(package.bundle), BUNDLES, "deployment.zip")
    code = json.dumps(f"s3://{BUNDLES}/deployment.zip")
    told = rehearsed(json.loads(package.template.read_text("utf-8")))
    template = json.dumps(told, ensure_ascii=False).replace('"./deployment.zip"', code)
    s3.put_object(Bucket=BUNDLES, Key="template.json", Body=template.encode())
    return f"{emulator.url}/{BUNDLES}/template.json"


def wait_until_created(cloudformation: Any) -> dict[str, str]:
    """The stack's outputs, once it stands. Raises StackRefused."""
    end = time.monotonic() + SECONDS
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


def give_what_is_not_in_the_template(emulator: Emulator, *, sender: str, bank_key: str, folder: Path) -> None:
    """The secrets of the stage, and the town's leave to send mails: what an engineer does by hand, once."""
    secrets = keys.desk_secrets(folder / "secrets.json") | {"paybox_public_keys": bank_key}
    keys.give_secrets(emulator.client("ssm"), "test", secrets)
    provisioning.accept_sender(emulator.client("sesv2"), sender)


def allow_what_the_emulator_cannot_name(stack: Stack, emulator: Emulator) -> None:
    """Grant the few UNNAMED actions on everything; every other right stays as our policies give it."""
    statement = {"Effect": "Allow", "Action": list(UNNAMED), "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    iam = emulator.client("iam")
    for role in stack.of_type("AWS::IAM::Role").values():
        iam.put_role_policy(RoleName=role, PolicyName="unnamed-by-the-emulator", PolicyDocument=document)


def lift_tls_only(stack: Stack, emulator: Emulator) -> None:
    """The emulator speaks plain HTTP, which our buckets refuse: their policies go, once they were seen to refuse."""
    s3 = emulator.client("s3")
    for bucket in stack.of_type("AWS::S3::Bucket").values():
        s3.delete_bucket_policy(Bucket=bucket)
