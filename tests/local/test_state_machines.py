"""State machines run on the desk with our own tasks: Retry, Catch and Distributed Map as on AWS."""

import json
import time
import uuid

from infrastructure.provisioning import create_state_machines

TASK = "arn:aws:states:::lambda:invoke"


def task(name, payload, **more):
    parameters = {"FunctionName": f"portail-famille-local-{name}", "Payload": payload, **more.pop("parameters", {})}
    return {"Type": "Task", "Resource": TASK, "Parameters": parameters, **more}


def run(cloud, states, event):
    """Run a machine of these states to its end; its last description."""
    client, name = cloud.client("stepfunctions"), f"walk-{uuid.uuid4()}"
    definition = json.dumps({"StartAt": next(iter(states)), "States": states})
    create_state_machines(client, [{"StateMachineName": name, "DefinitionString": definition}])
    arn = f"arn:aws:states:eu-west-3:123456789012:stateMachine:{name}"
    execution = client.start_execution(stateMachineArn=arn, input=json.dumps(event))["executionArn"]
    end = time.monotonic() + 60
    while (told := client.describe_execution(executionArn=execution))["status"] == "RUNNING":
        assert time.monotonic() < end
        time.sleep(0.1)
    return told


def test_a_task_of_ours_answers_a_state_machine(cloud):
    told = run(cloud, {"Echo": task("echo", {"run.$": "$.run"}, End=True)}, {"run": "2026-06"})
    assert told["status"] == "SUCCEEDED"
    assert json.loads(told["output"])["Payload"]["event"] == {"run": "2026-06"}


def test_a_failing_task_is_caught_by_the_name_of_its_exception(cloud):
    caught = [{"ErrorEquals": ["LookupError"], "Next": "Listed"}]
    states = {"Refuse": task("refuse", {"why": "x"}, Catch=caught, End=True), "Listed": {"Type": "Pass", "End": True}}
    told = run(cloud, states, {})
    assert told["status"] == "SUCCEEDED"
    assert json.loads(told["output"])["Error"] == "LookupError"


def test_an_uncaught_exception_fails_the_execution(cloud):
    assert run(cloud, {"Refuse": task("refuse", {"why": "x"}, End=True)}, {})["status"] == "FAILED"


def test_a_distributed_map_runs_over_a_manifest_in_a_bucket(cloud):
    manifest = [{"key": f"batch-{number}"} for number in range(4)]
    cloud.client("s3").put_object(Bucket="desk-mailings", Key="manifest.json", Body=json.dumps(manifest).encode())
    reader = {
        "Resource": "arn:aws:states:::s3:getObject",
        "ReaderConfig": {"InputType": "JSON"},
        "Parameters": {"Bucket": "desk-mailings", "Key": "manifest.json"},
    }
    processor = {
        "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
        "StartAt": "Deliver",
        "States": {"Deliver": task("remember", {"key.$": "$.key"}, End=True)},
    }
    states = {
        "Map": {"Type": "Map", "ItemReader": reader, "ItemProcessor": processor, "MaxConcurrency": 2, "End": True}
    }
    assert run(cloud, states, {})["status"] == "SUCCEEDED"
    keys = {item["key"]["S"] for item in cloud.client("dynamodb").scan(TableName="kept")["Items"]}
    assert {one["key"] for one in manifest} <= keys
