"""An emulated AWS that is set up once a process and emptied between tests: setting it up takes longer than a test."""

import functools
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

import boto3
from moto import mock_aws
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends
from moto.s3.models import s3_backends
from moto.s3.utils import _VersionedKeyStore
from moto.ses.models import ses_backends
from moto.stepfunctions.models import stepfunctions_backends

from chalicelib.clients import Clients
from chalicelib.stage_settings import Settings
from infrastructure.provisioning import create_resources, verify_sender
from local.aws.patches import cache_constant_lookups, skip_attribute_value_serialization
from local.aws.transactions import patch_transaction_rollback

REGION = "eu-west-3"


@contextmanager
def emulated_aws(settings: Settings, sender: str) -> Iterator[None]:
    """AWS with this stage's tables and buckets, all empty, and the town's sender accepted."""
    quicken()
    patch_transaction_rollback()
    mock = mock_aws()
    mock.start(reset=False)
    try:
        if settings.table("accounts") not in dynamodb_backends[DEFAULT_ACCOUNT_ID][REGION].tables:
            create_resources(boto3.client, settings.resource_prefix, stage=settings.stage)
        verify_sender(boto3.client("sesv2"), sender)
        empty()
        yield
    finally:
        mock.stop(remove_data=False)


@functools.cache
def quicken() -> None:
    """As on the desk: most of moto's time goes into what need not be done."""
    cache_constant_lookups()
    skip_attribute_value_serialization()


def empty() -> None:
    """Forget every item, object, mail and execution; keep the tables, the buckets, the machines and the sender."""
    for table in dynamodb_backends[DEFAULT_ACCOUNT_ID][REGION].tables.values():
        table.items = defaultdict(dict)
        if table.stream_shard:
            table.stream_shard.items = []
    for bucket in s3_backends[DEFAULT_ACCOUNT_ID]["aws"].buckets.values():
        bucket.keys = _VersionedKeyStore()
    ses_backends[DEFAULT_ACCOUNT_ID][REGION].sent_messages = []
    for machine in stepfunctions_backends[DEFAULT_ACCOUNT_ID][REGION].state_machines:
        machine.executions = []


@functools.cache
def clients() -> Clients:
    """The process's clients, as a warm Lambda keeps them."""
    return Clients()
