"""An application of a few tasks, for the tests of the bridge: what a Lambda may do, well or badly."""

import json
import os
import time

import boto3
from chalice import Chalice

app = Chalice(app_name="portail-famille")


def remember(key, value):
    boto3.client("dynamodb").put_item(TableName="kept", Item={"key": {"S": key}, "value": {"S": json.dumps(value)}})


@app.lambda_function(name="echo")
def echo(event, context):
    return {"event": event, "process": os.getpid(), "function": context.function_name}


@app.lambda_function(name="remember")
def remember_event(event, context):
    remember(event["key"], event)
    return {"kept": event["key"]}


@app.lambda_function(name="refuse")
def refuse(event, context):
    raise LookupError(event["why"])


@app.lambda_function(name="die")
def die(event, context):
    os._exit(3)


@app.lambda_function(name="sleep")
def sleep(event, context):
    time.sleep(event["seconds"])


@app.lambda_function(name="unspeakable")
def answer_no_json(event, context):
    return {1, 2}


@app.lambda_function(name="object-created")
def object_created(event, context):
    record = event["Records"][0]
    remember(record["s3"]["object"]["key"], record["eventName"])


@app.lambda_function(name="topic-message")
def topic_message(event, context):
    remember("topic", event["Records"][0]["Sns"]["Message"])


@app.lambda_function(name="index_families")
def index_families(event, context):
    for record in event["Records"]:
        (key,) = record["dynamodb"]["Keys"].values()
        remember(f"indexed {key['S']}", {"records": len(event["Records"]), "kind": record["eventName"]})


@app.schedule("cron(0 * * * ? *)", name="hourly")
def hourly(event):
    remember("hourly", event.to_dict()["detail-type"])
