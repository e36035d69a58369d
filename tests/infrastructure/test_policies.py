"""Each Lambda has a policy of its own, written by hand: what it calls, where, and nothing else."""

import json
import re

import pytest

import app as front_door
from infrastructure.template import BUCKETS, CHALICE, TABLES, of_type, render
from tests.infrastructure.test_state_machine import RESOURCES, TASKS
from tests.support import rights
from tests.support.mailing_machine import FUNCTION
from tests.support.packaging import packaged

POLICIES = {path.stem: json.loads(path.read_text("utf-8"))["Statement"] for path in (CHALICE / "policies").iterdir()}
LAMBDAS = {entry.name for entry in (*front_door.app.pure_lambda_functions, *front_door.app.event_sources)}
ASKED_BY_EVENT = LAMBDAS - {name for name in LAMBDAS if name.startswith("mailing_")} | {"mailing_tick"}
"""Those that Lambda queues for its callers; Step Functions waits for the others, and lists what fails."""
KNOWN = {
    "dynamodb": {"GetItem", "BatchGetItem", "PutItem", "UpdateItem", "DeleteItem", "Query", "Scan",
                 "ConditionCheckItem", "BatchWriteItem",
                 "DescribeStream", "GetRecords", "GetShardIterator", "ListStreams"},
    "s3": {"GetObject", "GetObjectVersion", "PutObject", "DeleteObject", "DeleteObjectVersion",
           "ListBucket", "ListBucketVersions"},
    "lambda": {"InvokeFunction"},
    "logs": {"CreateLogStream", "PutLogEvents"},
    "ses": {"SendEmail", "SendRawEmail"},
    "sqs": {"SendMessage"},
    "ssm": {"GetParametersByPath"},
    "states": {"StartExecution", "DescribeExecution", "ListStateMachines"},
}  # fmt: skip
NOT_BY_RESOURCE = {"states:ListStateMachines"}
"""Actions that AWS grants on everything or not at all (its service authorisation reference)."""
INDEXES = {
    (table["TableName"], index["IndexName"])
    for table in of_type(render(stage="local")["Resources"], "AWS::DynamoDB::Table")
    for index in table.get("GlobalSecondaryIndexes", ())
}
STATEMENTS = [pytest.param(name, one, id=f"{name}-{one['Sid']}") for name, policy in POLICIES.items() for one in policy]


def arns(statement):
    return [one["Fn::Sub"] for one in statement["Resource"]] if statement["Resource"] != "*" else []


def test_every_lambda_has_its_policy_and_no_policy_is_without_its_lambda():
    assert POLICIES.keys() == LAMBDAS | {"web"}, f".chalice/policies: {sorted(POLICIES.keys() ^ (LAMBDAS | {'web'}))}"
    config = json.loads((CHALICE / "config.json").read_text("utf-8"))
    assert config["autogen_policy"] is False
    assert config["iam_policy_file"] == "policies/web.json"
    chosen = {name: one["iam_policy_file"] for name, one in config["lambda_functions"].items()}
    expected = {name: f"policies/{name}.json" for name in LAMBDAS}
    differing = sorted({name for name, _ in chosen.items() ^ expected.items()})
    assert differing == [], f".chalice/config.json, lambda_functions, iam_policy_file: {differing}"


@pytest.mark.parametrize(("name", "statement"), STATEMENTS)
def test_a_statement_allows_known_actions_of_one_service_on_resources_of_it(name, statement):
    assert statement["Effect"] == "Allow"
    (service,) = {action.partition(":")[0] for action in statement["Action"]}
    assert {action.partition(":")[2] for action in statement["Action"]} <= KNOWN[service]
    if statement["Resource"] == "*":
        assert set(statement["Action"]) <= NOT_BY_RESOURCE
    assert all(arn.startswith(f"arn:${{AWS::Partition}}:{service}:") for arn in arns(statement))


@pytest.mark.parametrize(("name", "statement"), STATEMENTS)
def test_what_a_statement_names_exists_and_is_of_this_stage_alone(name, statement):
    for arn in arns(statement):
        assert "${Prefix}" in arn or "${Stage}" in arn or "${MailDomain}" in arn
        if table := re.search(r":table/\$\{Prefix}-([a-z]+)(?:/index/(.+))?$", arn):
            assert table[1] in TABLES
            assert table[2] is None or (f"portail-famille-local-{table[1]}", table[2]) in INDEXES
        elif ":s3:" in arn:
            assert re.search(r"\$\{Prefix}-([a-z]+)", arn)[1] in BUCKETS
        elif ":function:" in arn:
            assert arn.partition("${Stage}-")[2] in LAMBDAS, f".chalice/policies/{name}.json: {arn}"


ON_EVERYTHING = {
    ("MailingTickRole", "Machines"): {"states:ListStateMachines"},
    ("GuichetFiles", "MachinesFound"): {"states:ListStateMachines"},
    ("MailingMachineRole", "Logs"): {
        "logs:CreateLogDelivery", "logs:GetLogDelivery", "logs:UpdateLogDelivery", "logs:DeleteLogDelivery",
        "logs:ListLogDeliveries", "logs:PutResourcePolicy", "logs:DescribeResourcePolicies", "logs:DescribeLogGroups",
    },
}  # fmt: skip
"""What AWS grants on everything or not at all (its service authorisation reference), by role and statement."""


OURS = ("${Prefix}", "${Stage}", "${MailDomain}", "portail-famille-prod", '"Ref"', '"Fn::GetAtt"')


def granted():
    """(who, statement) of every role and managed policy that is deployed, the office's and the machine's included."""
    for name, one in packaged("prod")["Resources"].items():
        documents = []
        if one["Type"] == "AWS::IAM::Role":
            documents = [each["PolicyDocument"] for each in one["Properties"].get("Policies", ())]
        elif one["Type"] == "AWS::IAM::ManagedPolicy":
            documents = [one["Properties"]["PolicyDocument"]]
        yield from ((name, statement) for document in documents for statement in document["Statement"])


def listed(value):
    return value if isinstance(value, list) else [value]


def test_nothing_that_is_deployed_allows_everything_but_the_listed_exceptions():
    everywhere = {}
    for name, statement in granted():
        assert statement["Effect"] == "Allow"
        assert not [action for action in listed(statement["Action"]) if "*" in action], (name, statement)
        for resource in map(json.dumps, listed(statement["Resource"])):
            if resource == '"*"':
                everywhere[name, statement["Sid"]] = set(listed(statement["Action"]))
            else:
                assert any(word in resource for word in OURS), (name, statement)
    assert everywhere == ON_EVERYTHING


@pytest.mark.parametrize("who", rights.policies())
def test_a_right_that_no_test_needs_is_told_with_the_file_that_grants_it(who):
    file, _, remedy = rights.remedy(who).partition(": ")
    assert remedy.startswith("drop it, or ")
    assert all(one["Sid"] in (CHALICE.parent / file).read_text("utf-8") for one in rights.policies()[who])


def test_an_index_is_read_and_never_written():
    for policy in POLICIES.values():
        for one in policy:
            if any("/index/" in arn for arn in arns(one)):
                assert one["Action"] == ["dynamodb:Query"]


@pytest.mark.parametrize("name", POLICIES)
def test_each_writes_its_own_log_alone(name):
    log = [arn for one in POLICIES[name] if one["Sid"] == "Logs" for arn in arns(one)]
    deployed = "portail-famille-${Stage}" + ("" if name == "web" else f"-{name}")
    expected = [f"/aws/lambda/{deployed}:*"]
    told = f".chalice/policies/{name}.json: a statement Logs, on {expected}"
    assert [arn.partition(":log-group:")[2] for arn in log] == expected, told


def test_the_machine_may_invoke_exactly_the_lambdas_it_names():
    statements = RESOURCES["MailingMachineRole"]["Properties"]["Policies"][0]["PolicyDocument"]["Statement"]
    allowed = {one["Fn::Sub"].rpartition(":")[2] for one in statements[0]["Resource"]}
    named = {param.values[0]["Parameters"]["FunctionName"] for param in TASKS}
    assert allowed == named
    assert all(FUNCTION.fullmatch(name) for name in allowed)


@pytest.mark.parametrize("stage", ["test", "prod"])
def test_the_packaged_functions_carry_their_names_their_policies_and_their_dead_letters(stage):
    resources = packaged(stage)["Resources"]
    for name in LAMBDAS:
        logical = "".join(word.title() for word in name.split("_"))
        function, role = resources[logical]["Properties"], resources[f"{logical}Role"]["Properties"]
        named = f".chalice/config.json, lambda_functions: {name}"
        assert function.get("FunctionName") == f"portail-famille-{stage}-{name}", named
        assert role["Policies"][0]["PolicyDocument"]["Statement"] == POLICIES[name]
        kept = f".chalice/resources/functions.json, the list of dead letters: {name}"
        assert ("DeadLetterQueue" in function) is (name in ASKED_BY_EVENT), kept


@pytest.mark.parametrize("name", sorted(ASKED_BY_EVENT))
def test_what_is_asked_by_event_is_tried_three_times_then_kept_for_the_desk(name):
    resources = packaged("prod")["Resources"]
    logical = "".join(word.title() for word in name.split("_"))
    function = resources[logical]["Properties"]
    assert "DeadLetterQueue" in function, f".chalice/resources/functions.json, the list of dead letters: {name}"
    assert function["EventInvokeConfig"] == {"MaximumRetryAttempts": 2}
    assert function["DeadLetterQueue"]["TargetArn"] == {"Fn::GetAtt": [f"{logical}DeadLetters", "Arn"]}
    queue = resources[f"{logical}DeadLetters"]["Properties"]
    assert (queue["MessageRetentionPeriod"], queue["SqsManagedSseEnabled"]) == (14 * 24 * 3600, True)
    sending = [arn for one in POLICIES[name] if one["Sid"] == "DeadLetters" for arn in arns(one)]
    assert len(sending) == 1, f".chalice/policies/{name}.json: a statement DeadLetters, on its queue"
    assert sending[0].rpartition(":")[2].replace("${Prefix}", "portail-famille-prod") == queue["QueueName"]


def test_the_web_function_carries_its_name_and_its_policy():
    resources = packaged("test")["Resources"]
    assert resources["APIHandler"]["Properties"]["FunctionName"] == "portail-famille-test"
    assert resources["ApiHandlerRole"]["Properties"]["Policies"][0]["PolicyDocument"]["Statement"] == POLICIES["web"]
