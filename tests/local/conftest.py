"""The desk's own processes, started once for the tests that talk to them over HTTP."""

import functools
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import boto3
import pytest
from botocore.config import Config

from infrastructure.provisioning import create_resources
from tests.support.free_ports import ROOT, free_port, wait_for

FUNCTIONS = Path(__file__).parent / "functions"


@dataclass(frozen=True, eq=False)
class RunningCloud:
    port: int
    mailbox_port: int
    environ: dict

    @functools.cache  # noqa: B019 - one cloud a session
    def client(self, service):
        return boto3.session.Session().client(
            service,
            endpoint_url=self.environ["AWS_ENDPOINT_URL"],
            region_name="eu-west-3",
            aws_access_key_id="desk",
            aws_secret_access_key="desk",
            config=Config(max_pool_connections=64, retries={"total_max_attempts": 1}),
        )


@pytest.fixture(scope="session")
def cloud():
    """The emulated AWS and the mailbox, with the tasks of `functions/app.py`, its tables, and a table of notes."""
    port, mailbox_port = free_port(), free_port()
    desk = {"AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}", "AWS_DEFAULT_REGION": "eu-west-3"}
    environ = {**os.environ, **desk, "AWS_ACCESS_KEY_ID": "desk", "AWS_SECRET_ACCESS_KEY": "desk"}
    command = [sys.executable, "-m", "local.aws", "--port", str(port), "--mailbox-port", str(mailbox_port)]
    path = os.pathsep.join(map(str, (FUNCTIONS, ROOT)))
    process = subprocess.Popen([*command, "--tick", "2"], env={**environ, "PYTHONPATH": path}, cwd=FUNCTIONS)
    try:
        wait_for(port, process)
        running = RunningCloud(port, mailbox_port, environ)
        create_resources(running.client, "desk")
        create_notes(running.client("dynamodb"))
        yield running
    finally:
        process.terminate()
        process.wait(10)


def create_notes(dynamodb):
    dynamodb.create_table(
        TableName="kept",
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "key", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "key", "AttributeType": "S"}],
    )
