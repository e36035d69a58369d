"""Gives an AWS what it lacks to run this stage: infrastructure, secrets, a sender, and the demo town."""

import dataclasses
import os
import sys
from pathlib import Path

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from chalicelib import portal as portals
from chalicelib.portal import Portal
from chalicelib.stage_settings import Settings, load_town
from infrastructure import provisioning
from local import keys
from local.demo import load_demo
from local.ports import DeskRefused
from local.tasks import DirectTasks


def provided(state: Path, *, own_aws: bool) -> Portal:
    """The portal of this process, on an AWS that now has all it needs. Raises DeskRefused."""
    try:
        provide(Settings.from_mapping(os.environ), state)
        portal = portals.current()
        if not own_aws:
            portal = dataclasses.replace(portal, tasks=DirectTasks())
            setattr(portals, "current", lambda: portal)  # noqa: B010 - an AWS that is not ours runs none of our code
        load_demo(portal)
    except (BotoCoreError, ClientError, ValueError) as failure:
        print(failure, file=sys.stderr)
        raise DeskRefused("Le bureau n’a pas pu être préparé : la cause est ci-dessus.") from failure
    return portal


def provide(settings: Settings, state: Path) -> None:
    """Tables, buckets, secrets and the town's leave to send: what this stage's AWS lacks."""
    client: provisioning.ClientMaker = boto3.client
    provisioning.create(client, settings.resource_prefix, stage=settings.stage)
    bank = {"paybox_public_keys": settings.paybox_public_keys}
    keys.give_secrets(client("ssm"), settings.stage, keys.desk_secrets(state / "secrets.json") | bank)
    provisioning.accept_sender(client("sesv2"), load_town(settings.town_file).mail_from)
