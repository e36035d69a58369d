"""What the Lambdas called of AWS during a test, compared with what their policies allow."""

import fnmatch
import json

from botocore.client import BaseClient

from local.template import CHALICE

PARAMETERS = {
    "${Stage}": "test",
    "${Prefix}": "portail-famille-test",
    "${MailDomain}": "saint-aubin-les-pins.example.org",
}
ACTIONS = {"ListObjectsV2": "ListBucket", "ListObjectVersions": "ListBucketVersions", "Invoke": "InvokeFunction"}


class Rights:
    """Calls by task: `called` holds (task, action, what it was done to), as IAM names them."""

    def __init__(self, portal, monkeypatch):
        self.called, self._task = set(), ""
        call, run = BaseClient._make_api_call, portal.tasks.call

        def noted(client, operation, given):
            if self._task:
                self.called |= {(self._task, *one) for one in asked(client, operation, given)}
            return call(client, operation, given)

        def entered(name, payload):
            self._task = name
            try:
                return run(name, payload)
            finally:
                self._task = ""

        monkeypatch.setattr(BaseClient, "_make_api_call", noted)
        monkeypatch.setattr(portal.tasks, "call", entered)

    def refused(self):
        """What a Lambda did without the right to."""
        return sorted(one for one in self.called if not allowed(*one))


def asked(client, operation, given):
    """The (action, resource) pairs of a call."""
    service = client.meta.service_model.endpoint_prefix
    action = ACTIONS.get(operation, operation)
    if operation == "TransactWriteItems":
        parts = [part for write in given["TransactItems"] for part in write.items()]
        return {(f"dynamodb:{kind}Item", f"table/{part['TableName']}") for kind, part in parts}
    if operation == "BatchGetItem":
        return {(f"dynamodb:{action}", f"table/{table}") for table in given["RequestItems"]}
    if service == "dynamodb":
        index = f"/index/{given['IndexName']}" if "IndexName" in given else ""
        return {(f"dynamodb:{action}", f"table/{given['TableName']}{index}")}
    if service == "s3":
        key = f"/{given['Key']}" if "Key" in given else ""
        version = "Version" if "VersionId" in given else ""
        return {(f"s3:{action}{version}", given["Bucket"] + key)}
    return {("ses:SendEmail", "identity/" + PARAMETERS["${MailDomain}"])} if operation == "SendEmail" else set()


def allowed(task, action, resource):
    policy = json.loads((CHALICE / "policies" / f"{task}.json").read_text("utf-8"))
    patterns = [one["Fn::Sub"] for part in policy["Statement"] if action in part["Action"]
                for one in part["Resource"]]  # fmt: skip
    return any(fnmatch.fnmatchcase(resource, filled(pattern)) for pattern in patterns)


def filled(pattern):
    """The end of an ARN, the stage's names in place."""
    for name, value in PARAMETERS.items():
        pattern = pattern.replace(name, value)
    return pattern.rpartition(":")[2]
