"""The emulated DynamoDB's transactions: all or nothing, and as quick in a large table as in a small one."""

import time

import pytest
from botocore.exceptions import ClientError


def write(key, value, condition=None):
    put = {"TableName": "kept", "Item": {"key": {"S": key}, "value": {"S": value}}}
    return {"Put": put | ({"ConditionExpression": condition} if condition else {})}


def value(client, key):
    item = client.get_item(TableName="kept", Key={"key": {"S": key}}).get("Item")
    return item and item["value"]["S"]


def update(key, changed):
    return {
        "Update": {
            "TableName": "kept",
            "Key": {"key": {"S": key}},
            "UpdateExpression": "SET #v = :v",
            "ExpressionAttributeNames": {"#v": "value"},
            "ExpressionAttributeValues": {":v": {"S": changed}},
        }
    }


def test_a_refused_part_undoes_what_the_others_wrote_changed_and_removed(cloud):
    client = cloud.client("dynamodb")
    client.transact_write_items(TransactItems=[write("t-there", "before"), write("t-gone", "before")])
    removal = {"Delete": {"TableName": "kept", "Key": {"key": {"S": "t-gone"}}}}
    refused = write("t-there-too", "after", "attribute_exists(nothing)")
    with pytest.raises(ClientError, match="TransactionCanceled"):
        client.transact_write_items(TransactItems=[update("t-there", "x"), removal, write("t-new", "x"), refused])
    assert [value(client, key) for key in ("t-there", "t-gone", "t-new")] == ["before", "before", None]


def test_a_transaction_of_a_hundred_does_not_copy_its_table_a_hundred_times(cloud):
    client = cloud.client("dynamodb")
    batches = [[write(f"t-{part}-{number}", "x" * 500) for number in range(100)] for part in range(10)]
    started = time.monotonic()
    for batch in batches:
        client.transact_write_items(TransactItems=batch)
    assert time.monotonic() - started < 20, "copying each time takes minutes"
    assert value(client, "t-9-99") == "x" * 500
