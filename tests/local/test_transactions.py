"""The emulated DynamoDB's transactions: all or nothing, without a copy of each table."""

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import Item
from moto.dynamodb.models.table import Table

from local.aws.transactions import patch_transaction_rollback
from tests.local.conftest import create_notes


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


def test_a_transaction_copies_what_it_touches_and_not_its_table(monkeypatch):
    monkeypatch.setattr(DynamoDBBackend, "transact_write_items", DynamoDBBackend.transact_write_items)
    monkeypatch.setattr(Table, "__deepcopy__", None, raising=False)
    monkeypatch.delattr(Table, "__deepcopy__")
    patch_transaction_rollback()
    copied, copy_of = [], Item.__deepcopy__
    monkeypatch.setattr(Item, "__deepcopy__", lambda self, memo: copied.append(self) or copy_of(self, memo))
    with mock_aws():
        client = boto3.client("dynamodb", "eu-west-3", aws_access_key_id="desk", aws_secret_access_key="desk")
        create_notes(client)
        for part in range(3):
            client.transact_write_items(TransactItems=[write(f"t-{part}-{number}", "x") for number in range(100)])
        copied.clear()
        client.transact_write_items(TransactItems=[update("t-0-0", "y"), update("t-1-1", "y")])
        assert (value(client, "t-0-0"), value(client, "t-2-99")) == ("y", "x")
    assert 0 < len(copied) <= 8, "of three hundred rows, those that are written to"
