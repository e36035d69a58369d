"""What a rehearsal asks of the stack itself, before and after anybody visits."""

import http.client
import json
import time

from botocore.exceptions import ClientError

from deployment.rehearsal.report import require
from deployment.rehearsal.scene import PREFIX, Scene
from deployment.rehearsal.stack import allow_what_the_emulator_cannot_name, lift_tls_only

FORM = "application/x-www-form-urlencoded"
MUST_SAY = ("sign_in", "billing_file_received", "run closed", "tick")
"""Events that the walk cannot pass without: logs that do not hold them were not read."""

LOOKED_FOR = ('"level": "ERROR"', "Traceback", "AccessDenied", "not authorized to perform")


def functions_have_their_own_roles(scene: Scene) -> str:
    """Every function is a worker of its own with a role that no other has."""
    found = scene.client("lambda").get_paginator("list_functions").paginate()
    roles = {one["FunctionName"]: one["Role"] for page in found for one in page["Functions"]}
    require(roles and len(set(roles.values())) == len(roles), roles)
    return f"{len(roles)} functions"


def plain_http_is_refused(scene: Scene) -> str:
    """Our buckets refuse plain HTTP, which is all the emulator speaks; their policies are then lifted."""
    s3 = scene.emulator.client("s3", scene.emulator.user("all-of-s3", actions=["s3:*"]))
    buckets = sorted(scene.stack.of_type("AWS::S3::Bucket").values())
    for bucket in buckets:
        try:
            s3.list_objects_v2(Bucket=bucket)
        except ClientError as refusal:
            require(refusal.response["Error"]["Code"] == "AccessDenied", refusal)
        else:
            require(False, f"{bucket} answered in plain HTTP")
    lift_tls_only(scene.stack, scene.emulator)
    return ", ".join(bucket.removeprefix(f"{PREFIX}-") for bucket in buckets)


def rights_are_enforced(scene: Scene) -> str:
    """A function without the right to read its secrets answers 503; what the emulator cannot name is then allowed."""
    status = scene.visitor.get("/sante").status
    require(status == 503, f"{status} though no policy allowed to read the secrets")
    allow_what_the_emulator_cannot_name(scene.stack, scene.emulator)
    scene.notes["logs_from"] = time.time()
    answered = scene.visitor.get("/sante").status
    require(answered == 200, answered)
    return "503 without, 200 with"


def unknown_address(scene: Scene) -> str:
    """An address that no route knows never reaches us: the gateway's own response, which must be a 404."""
    page = scene.visitor.get("/wp-login.php")
    require(page.status == 404, page.status)
    require("Guichet unique" in page.words, page.words)
    require("max-age" in page.headers.get("strict-transport-security", ""), page.headers)
    return "404, in French, with the town hall's telephone"


def notice_without_accept(scene: Scene) -> str:
    """A message that nobody signed, sent as a bank's server may: without Accept. It is read, and refused."""
    host, path = scene.public.removeprefix("http://").split("/", 1)
    connection = http.client.HTTPConnection(host, timeout=60)
    connection.putrequest("POST", f"/{path}/paybox/notification", skip_accept_encoding=True)
    body = b"Mt=5700&Ref=ABC&Erreur=00000&Sign=AAAA"
    for name, value in (("Content-Type", FORM), ("Content-Length", str(len(body)))):
        connection.putheader(name, value)
    connection.endheaders(body)
    answered = connection.getresponse()
    require((answered.status, answered.read()) == (403, b""), answered.status)
    return "403, empty"


def a_bounce_comes_back(scene: Scene) -> str:
    """SES tells of a hard bounce through SNS: mail to that address stops, and the office sees it."""
    topic = scene.stack.resources["MailEventsTopic"]
    recipients = [{"emailAddress": scene.walker.email}]
    bounce = {"bounceType": "Permanent", "bounceSubType": "General", "bouncedRecipients": recipients}
    event = {"eventType": "Bounce", "bounce": bounce, "mail": {"destination": [scene.walker.email]}}
    scene.client("sns").publish(TopicArn=topic, Message=json.dumps(event))

    def seen() -> list[str]:
        shown = scene.guichet("comptes", "voir", scene.walker.username).splitlines()
        return [line.strip() for line in shown if line.startswith("Courriel") and "revient" in line]

    return scene.wait_for("the bounce on the account", seen)[0]


def no_dead_letters(scene: Scene) -> str:
    """Nothing that was asked by event was given up."""
    sqs = scene.client("sqs")
    held = {}
    for url in sqs.list_queues(QueueNamePrefix=f"{PREFIX}-dead-")["QueueUrls"]:
        asked = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["ApproximateNumberOfMessages"])
        held[url.rpartition("/")[2]] = int(asked["Attributes"]["ApproximateNumberOfMessages"])
    require(len(held) == len(scene.stack.of_type("AWS::SQS::Queue")) and not any(held.values()), held)
    return f"{len(held)} queues, all empty"


def logs_hold_no_failure(scene: Scene) -> str:
    """What the functions logged since rights were granted: no error, no refused right, nothing secret."""
    lines = scene.logged(since=scene.notes["logs_from"])
    bad = [line for line in lines if any(word in line for word in LOOKED_FOR)]
    require(not bad, "\n".join(bad[:5])[:3000])
    told = [secret for secret in scene.notes["canaries"] if any(secret in line for line in lines)]
    require(not told, f"{len(told)} secrets of the walk are in the logs")
    unsaid = [event for event in MUST_SAY if not any(f'"event": "{event}"' in line for line in lines)]
    require(not unsaid, f"the logs do not hold what the walk must have left there: {', '.join(unsaid)}")
    return f"{len(lines)} lines"
