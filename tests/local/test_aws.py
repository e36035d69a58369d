"""The emulated AWS is atomic, and its Lambda is our own code in processes apart."""

import http.client
import json
import queue
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from local.aws.lambdas import ASYNC_DELAY, InvocationResult, LambdaInvoker

FUNCTIONS = "portail-famille-local"
ARN = "arn:aws:lambda:eu-west-3:123456789012:function:"
REFUSED = "ConditionalCheckFailedException"


def in_parallel(work, count, threads=32):
    with ThreadPoolExecutor(threads) as crowd:
        return list(crowd.map(work, range(count)))


def invoke(cloud, name, event, how="RequestResponse"):
    answer = cloud.client("lambda").invoke(FunctionName=name, InvocationType=how, Payload=json.dumps(event).encode())
    payload = answer["Payload"].read()
    return answer, json.loads(payload) if payload else None


def kept(cloud, key, seconds=30):
    """What a task wrote under this key, waited for."""
    dynamodb, end = cloud.client("dynamodb"), time.monotonic() + seconds
    while time.monotonic() < end:
        item = dynamodb.get_item(TableName="kept", Key={"key": {"S": key}}).get("Item")
        if item:
            return json.loads(item["value"]["S"])
        time.sleep(0.05)
    raise AssertionError(f"nothing was kept under {key}")


def test_two_hundred_parallel_conditional_updates_let_exactly_seven_through(cloud):
    dynamodb = cloud.client("dynamodb")

    def reserve(_):
        try:
            dynamodb.update_item(
                TableName="desk-attempts",
                Key={"key": {"S": "race"}},
                UpdateExpression="ADD n :one",
                ConditionExpression="attribute_not_exists(n) OR n < :most",
                ExpressionAttributeValues={":one": {"N": "1"}, ":most": {"N": "7"}},
            )
        except dynamodb.exceptions.ConditionalCheckFailedException:
            return REFUSED
        return "through"

    assert sorted(in_parallel(reserve, 200)) == [REFUSED] * 193 + ["through"] * 7


def test_two_hundred_parallel_additions_make_two_hundred(cloud):
    dynamodb = cloud.client("dynamodb")
    update = {"UpdateExpression": "ADD n :one", "ExpressionAttributeValues": {":one": {"N": "1"}}}
    in_parallel(lambda _: dynamodb.update_item(TableName="desk-counters", Key={"name": {"S": "sum"}}, **update), 200)
    item = dynamodb.get_item(TableName="desk-counters", Key={"name": {"S": "sum"}})["Item"]
    assert item["n"] == {"N": "200"}


def test_a_connection_serves_many_requests(cloud):
    connection = http.client.HTTPConnection("127.0.0.1", cloud.port)
    for _ in range(3):
        connection.request("GET", "/moto-api/data.json")
        answer = connection.getresponse()
        assert (answer.status, answer.will_close) == (200, False)
        answer.read()
    connection.close()


@pytest.mark.parametrize(
    "name", [f"{FUNCTIONS}-echo", f"arn:aws:lambda:eu-west-3:123456789012:function:{FUNCTIONS}-echo"]
)
def test_an_invocation_runs_our_entry_in_another_process(cloud, name):
    answer, result = invoke(cloud, name, {"invoice": "169165"})
    assert (answer["StatusCode"], result["event"], result["function"]) == (200, {"invoice": "169165"}, "echo")


def test_a_task_may_call_aws_while_its_caller_waits_for_it(cloud):
    assert invoke(cloud, f"{FUNCTIONS}-remember", {"key": "nested"})[1] == {"kept": "nested"}
    assert kept(cloud, "nested") == {"key": "nested"}


def test_an_exception_comes_back_with_its_name(cloud):
    answer, error = invoke(cloud, f"{FUNCTIONS}-refuse", {"why": "no such run"})
    assert (answer["FunctionError"], error["errorType"], error["errorMessage"]) == (
        "Unhandled",
        "LookupError",
        "no such run",
    )


def test_a_result_that_is_not_json_is_an_error_of_the_function(cloud):
    answer, error = invoke(cloud, f"{FUNCTIONS}-unspeakable", {})
    assert (answer["FunctionError"], error["errorType"]) == ("Unhandled", "TypeError")


def test_a_crash_is_that_invocations_alone_and_the_next_one_is_served(cloud):
    answer, error = invoke(cloud, f"{FUNCTIONS}-die", {})
    assert (answer["FunctionError"], error["errorType"]) == ("Unhandled", "Runtime.ExitError")
    assert invoke(cloud, f"{FUNCTIONS}-echo", 1)[1]["event"] == 1


def test_at_most_two_processes_serve_a_crowd(cloud):
    processes = in_parallel(lambda number: invoke(cloud, f"{FUNCTIONS}-echo", number)[1]["process"], 24, threads=8)
    assert len(set(processes)) <= 2


@pytest.mark.parametrize("name", [f"{FUNCTIONS}-nothing", "portail-famille-prod-echo", "echo"])
def test_an_unknown_function_is_not_found(cloud, name):
    client = cloud.client("lambda")
    with pytest.raises(client.exceptions.ResourceNotFoundException):
        client.invoke(FunctionName=name, Payload=b"{}")


def test_an_asynchronous_invocation_answers_at_once_and_runs_later(cloud):
    answer, result = invoke(cloud, f"{FUNCTIONS}-remember", {"key": "later"}, how="Event")
    assert (answer["StatusCode"], result) == (202, None)
    assert kept(cloud, "later") == {"key": "later"}


class Recorded:
    """A pool that notes what it ran, and when."""

    def __init__(self):
        self.ran = queue.SimpleQueue()

    def run(self, name, payload):
        self.ran.put((name, payload, time.monotonic()))
        return InvocationResult("ok", b"null")


def test_an_asynchronous_event_runs_once_its_caller_had_time_to_answer():
    pool = Recorded()
    bridge, began = LambdaInvoker(FUNCTIONS, pool), time.monotonic()
    for number in range(4):
        bridge.start(f"{FUNCTIONS}-echo", b"%d" % number)
    assert time.monotonic() - began < ASYNC_DELAY
    ran = [pool.ran.get(timeout=10) for _ in range(4)]
    assert {(name, payload) for name, payload, _ in ran} == {("echo", b"%d" % number) for number in range(4)}
    assert min(at for _, _, at in ran) >= began + ASYNC_DELAY
    assert pool.ran.empty()


def test_a_file_put_in_a_bucket_starts_its_function(cloud):
    s3 = cloud.client("s3")
    subscription = {"LambdaFunctionArn": f"{ARN}{FUNCTIONS}-object-created", "Events": ["s3:ObjectCreated:*"]}
    s3.put_bucket_notification_configuration(
        Bucket="desk-inbox", NotificationConfiguration={"LambdaFunctionConfigurations": [subscription]}
    )
    s3.put_object(Bucket="desk-inbox", Key="factures-juin.csv", Body=b"numero;identifiant")
    assert kept(cloud, "factures-juin.csv") == "ObjectCreated:Put"


def test_a_message_to_a_topic_starts_its_function(cloud):
    sns = cloud.client("sns")
    topic = sns.create_topic(Name="ses-events")["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="lambda", Endpoint=f"{ARN}{FUNCTIONS}-topic-message")
    sns.publish(TopicArn=topic, Message="a bounce")
    assert kept(cloud, "topic") == "a bounce"


def test_what_is_written_in_a_streamed_table_starts_the_task_that_indexes_it(cloud):
    dynamodb = cloud.client("dynamodb")
    for number in range(5):
        dynamodb.put_item(TableName="desk-accounts", Item={"username": {"S": f"account{number}"}})
    first = [kept(cloud, f"indexed account{number}") for number in range(5)]
    assert {one["kind"] for one in first} == {"INSERT"}
    assert max(one["records"] for one in first) > 1, "they came together"
    key = {"username": {"S": "account0"}}
    change = {"UpdateExpression": "SET n = :n", "ExpressionAttributeValues": {":n": {"N": "1"}}}
    dynamodb.update_item(TableName="desk-accounts", Key=key, **change)
    assert becomes(cloud, "indexed account0", "MODIFY")
    dynamodb.delete_item(TableName="desk-accounts", Key=key)
    assert becomes(cloud, "indexed account0", "REMOVE")


def becomes(cloud, key, kind, seconds=30):
    end = time.monotonic() + seconds
    while kept(cloud, key)["kind"] != kind and time.monotonic() < end:
        time.sleep(0.05)
    return kept(cloud, key)["kind"] == kind


def test_the_clock_starts_the_scheduled_tasks(cloud):
    assert kept(cloud, "hourly") == "Scheduled Event"
