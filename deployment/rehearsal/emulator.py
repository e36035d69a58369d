"""The emulated AWS of a rehearsal (MiniStack), in a virtual environment of its own, with IAM enforced."""

import json
import os
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3

from deployment.bundle import REGION, ROOT
from local.ports import HOST, listening

PROGRAM = ROOT / ".rehearsal" / "bin" / "ministack"
"""It pins a botocore of its own; `make rehearse` installs it from `deployment/requirements-rehearsal.txt`."""

ACCOUNT = "000000000000"
ROOT_KEYS = {"AWS_ACCESS_KEY_ID": ACCOUNT, "AWS_SECRET_ACCESS_KEY": "rehearsal"}
READY_SECONDS = 60.0


class NotStarted(Exception):
    """The emulator did not start; the last lines of its log."""


@dataclass(frozen=True)
class Emulator:
    """A running emulator: its port and its log file."""

    port: int
    log: Path

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    @property
    def environ(self) -> dict[str, str]:
        """Environment variables to reach it as the account's root user, to whom no policy applies."""
        return {"AWS_ENDPOINT_URL": self.url, "AWS_DEFAULT_REGION": REGION, **ROOT_KEYS}

    def client(self, service: str, keys: Mapping[str, str] = ROOT_KEYS) -> Any:
        """Returns a boto3 client of the root user, or of the user of these keys."""
        return boto3.client(  # type: ignore[call-overload]  # the service's name is known at run time only
            service,
            endpoint_url=self.url,
            region_name=REGION,
            aws_access_key_id=keys["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=keys["AWS_SECRET_ACCESS_KEY"],
        )

    def user(self, name: str, *, actions: Sequence[str], policies: Sequence[str] = ()) -> dict[str, str]:
        """Create a user with these actions on everything and these policies (ARNs). Returns its access keys."""
        iam = self.client("iam")
        iam.create_user(UserName=name)
        statement = {"Effect": "Allow", "Action": list(actions), "Resource": "*"}
        document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        iam.put_user_policy(UserName=name, PolicyName=name, PolicyDocument=document)
        for policy in policies:
            iam.attach_user_policy(UserName=name, PolicyArn=policy)
        key = iam.create_access_key(UserName=name)["AccessKey"]
        return {"AWS_ACCESS_KEY_ID": key["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"]}


@contextmanager
def emulated_aws(port: int, folder: Path) -> Iterator[Emulator]:
    """Run the emulator inside the context; its files stay in `folder`. Raises NotStarted."""
    (folder / "tmp").mkdir(parents=True, exist_ok=True)
    emulator = Emulator(port, folder / "aws.log")
    environ = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "TMPDIR": str(folder / "tmp"),
        "AUTH": "true",
        "BIND_HOST": HOST,
        "GATEWAY_PORT": str(port),
        "MINISTACK_REGION": REGION,
        **ROOT_KEYS,
    }
    with emulator.log.open("wb") as log:
        process = subprocess.Popen([PROGRAM], env=environ, stdout=log, stderr=subprocess.STDOUT)
        try:
            wait_until_ready(process, emulator)
            yield emulator
        finally:
            process.terminate()
            process.wait()


def wait_until_ready(process: subprocess.Popen[bytes], emulator: Emulator) -> None:
    end = time.monotonic() + READY_SECONDS
    while not listening(emulator.port):
        if process.poll() is not None or time.monotonic() > end:
            raise NotStarted(emulator.log.read_text(errors="replace")[-2000:])
        time.sleep(0.1)
