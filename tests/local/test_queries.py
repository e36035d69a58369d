"""The emulated DynamoDB's queries answer as moto's do, from the rows of one key instead of the whole table."""

import pytest

ROWS = [("a", "1", "blue"), ("a", "2", "red"), ("a", "3", None), ("b", "1", "red"), ("b", "2", "blue")]


@pytest.fixture(scope="module")
def rows(cloud):
    """A table with a sort key and a sparse index, and another with neither."""
    client = cloud.client("dynamodb")
    key = [{"AttributeName": "key", "KeyType": "HASH"}, {"AttributeName": "rank", "KeyType": "RANGE"}]
    colour = [{"AttributeName": "colour", "KeyType": "HASH"}]
    index = {"IndexName": "by-colour", "KeySchema": colour, "Projection": {"ProjectionType": "ALL"}}
    client.create_table(
        TableName="rows",
        BillingMode="PAY_PER_REQUEST",
        KeySchema=key,
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("key", "rank", "colour")],
        GlobalSecondaryIndexes=[index],
    )
    for key, rank, colour in ROWS:
        item = {"key": {"S": key}, "rank": {"S": rank}} | ({"colour": {"S": colour}} if colour else {})
        client.put_item(TableName="rows", Item=item)
    client.put_item(TableName="kept", Item={"key": {"S": "alone"}, "value": {"S": "x"}})
    return client


def found(client, condition, value, table="rows", **options):
    values = {":v": {"S": value}} | options.pop("values", {})
    answer = client.query(
        TableName=table,
        KeyConditionExpression=condition,
        ExpressionAttributeNames={"#k": condition_name(options)},
        ExpressionAttributeValues=values,
        **options,
    )
    return [(row["key"]["S"], row.get("rank", {}).get("S")) for row in answer["Items"]]


def condition_name(options):
    return "colour" if "IndexName" in options else "key"


def test_a_key_gives_its_own_rows_in_their_order(rows):
    assert found(rows, "#k = :v", "a") == [("a", "1"), ("a", "2"), ("a", "3")]
    assert found(rows, "#k = :v", "a", ScanIndexForward=False, Limit=2) == [("a", "3"), ("a", "2")]
    assert found(rows, "#k = :v AND rank > :r", "a", values={":r": {"S": "1"}}) == [("a", "2"), ("a", "3")]


def test_a_page_goes_on_where_the_last_one_ended(rows):
    start = {"key": {"S": "a"}, "rank": {"S": "2"}}
    assert found(rows, "#k = :v", "a", ExclusiveStartKey=start) == [("a", "3")]


def test_an_index_gives_the_rows_that_have_its_key(rows):
    assert sorted(found(rows, "#k = :v", "red", IndexName="by-colour")) == [("a", "2"), ("b", "1")]


def test_a_table_without_a_sort_key_gives_its_one_row(rows):
    assert found(rows, "#k = :v", "alone", table="kept") == [("alone", None)]


@pytest.mark.parametrize("options", [{}, {"IndexName": "by-colour"}, {"table": "kept"}])
def test_a_key_that_nobody_has_gives_nothing_and_makes_no_row(rows, options):
    before = rows.scan(TableName="rows")["Count"]
    assert found(rows, "#k = :v", "nobody", **options) == []
    assert rows.scan(TableName="rows")["Count"] == before
