"""Checks of the deployed stack: IAM roles and rights, TLS, gateway responses, bounces, dead letters, logs."""

import http.client
import json
import time

from botocore.exceptions import ClientError

from deployment.rehearsal.report import require
from deployment.rehearsal.scene import PREFIX, RehearsalContext
from deployment.rehearsal.stack import allow_unscoped_actions, remove_bucket_policies

FORM = "application/x-www-form-urlencoded"
EXPECTED_EVENTS = ("sign_in", "billing_file_received", "run closed", "tick")
"""Log events that the checks must cause: without them, the logs were not read."""

FAILURE_MARKS = ('"level": "ERROR"', "Traceback", "AccessDenied", "not authorized to perform")


def functions_have_their_own_roles(context: RehearsalContext) -> str:
    """Every function is a Lambda of its own, with an IAM role that no other has."""
    found = context.client("lambda").get_paginator("list_functions").paginate()
    roles = {one["FunctionName"]: one["Role"] for page in found for one in page["Functions"]}
    require(roles and len(set(roles.values())) == len(roles), roles)
    return f"{len(roles)} functions"


def plain_http_is_refused(context: RehearsalContext) -> str:
    """Our buckets refuse plain HTTP, which is all the emulator speaks; their policies are then lifted."""
    s3 = context.emulator.client("s3", context.emulator.user("all-of-s3", actions=["s3:*"]))
    buckets = sorted(context.stack.of_type("AWS::S3::Bucket").values())
    for bucket in buckets:
        try:
            s3.list_objects_v2(Bucket=bucket)
        except ClientError as refusal:
            require(refusal.response["Error"]["Code"] == "AccessDenied", refusal)
        else:
            require(False, f"{bucket} answered in plain HTTP")
    remove_bucket_policies(context.stack, context.emulator)
    return ", ".join(bucket.removeprefix(f"{PREFIX}-") for bucket in buckets)


def rights_are_enforced(context: RehearsalContext) -> str:
    """A function without the right to read its secrets answers 503; unscoped actions are then allowed."""
    status = context.visitor.get("/sante").status
    require(status == 503, f"{status} though no policy allowed to read the secrets")
    allow_unscoped_actions(context.stack, context.emulator)
    context.notes["logs_from"] = time.time()
    answered = context.visitor.get("/sante").status
    require(answered == 200, answered)
    return "503 without, 200 with"


def unknown_address(context: RehearsalContext) -> str:
    """An unknown path gets the gateway's own response, which must be a 404."""
    page = context.visitor.get("/wp-login.php")
    require(page.status == 404, page.status)
    require("Guichet unique" in page.words, page.words)
    require("max-age" in page.headers.get("strict-transport-security", ""), page.headers)
    return "404, in French, with the town hall's telephone"


def notice_without_accept(context: RehearsalContext) -> str:
    """An unsigned notice without an Accept header, as a bank's server may send it, is read and refused."""
    host, path = context.public.removeprefix("http://").split("/", 1)
    connection = http.client.HTTPConnection(host, timeout=60)
    connection.putrequest("POST", f"/{path}/paybox/notification", skip_accept_encoding=True)
    body = b"Mt=5700&Ref=ABC&Erreur=00000&Sign=AAAA"
    for name, value in (("Content-Type", FORM), ("Content-Length", str(len(body)))):
        connection.putheader(name, value)
    connection.endheaders(body)
    answered = connection.getresponse()
    require((answered.status, answered.read()) == (403, b""), answered.status)
    return "403, empty"


def a_bounce_comes_back(context: RehearsalContext) -> str:
    """A hard bounce that SES publishes through SNS stops mail to that address, and the office sees it."""
    topic = context.stack.resources["MailEventsTopic"]
    recipients = [{"emailAddress": context.family.email}]
    bounce = {"bounceType": "Permanent", "bounceSubType": "General", "bouncedRecipients": recipients}
    event = {"eventType": "Bounce", "bounce": bounce, "mail": {"destination": [context.family.email]}}
    context.client("sns").publish(TopicArn=topic, Message=json.dumps(event))

    def seen() -> list[str]:
        printed = context.guichet("comptes", "voir", context.family.username).splitlines()
        return [line.strip() for line in printed if line.startswith("Courriel") and "revient" in line]

    return context.wait_for("the bounce on the account", seen)[0]


def no_dead_letters(context: RehearsalContext) -> str:
    """The dead-letter queues are empty: no asynchronous event failed for good."""
    sqs = context.client("sqs")
    counts = {}
    for url in sqs.list_queues(QueueNamePrefix=f"{PREFIX}-dead-")["QueueUrls"]:
        reply = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["ApproximateNumberOfMessages"])
        counts[url.rpartition("/")[2]] = int(reply["Attributes"]["ApproximateNumberOfMessages"])
    require(len(counts) == len(context.stack.of_type("AWS::SQS::Queue")) and not any(counts.values()), counts)
    return f"{len(counts)} queues, all empty"


def logs_hold_no_failure(context: RehearsalContext) -> str:
    """The functions' logs since rights were granted hold no error, no refused right, no secret."""
    lines = context.logged(since=context.notes["logs_from"])
    bad = [line for line in lines if any(word in line for word in FAILURE_MARKS)]
    require(not bad, "\n".join(bad[:5])[:3000])
    leaked = [secret for secret in context.notes["secrets"] if any(secret in line for line in lines)]
    require(not leaked, f"{len(leaked)} secrets of the checks are in the logs")
    missing = [event for event in EXPECTED_EVENTS if not any(f'"event": "{event}"' in line for line in lines)]
    require(not missing, f"the logs do not hold what the checks must have caused: {', '.join(missing)}")
    return f"{len(lines)} lines"
