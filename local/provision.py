"""Provisions an AWS for this stage: infrastructure, secrets, a verified sender, and the demo town."""

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
from local.ports import LocalStackError
from local.tasks import DirectTasks


def provisioned_portal(state: Path, *, own_aws: bool) -> Portal:
    """Provision AWS and load the demo town. Returns the portal of this process. Raises LocalStackError."""
    try:
        provision_aws(Settings.from_mapping(os.environ), state)
        portal = portals.current()
        if not own_aws:
            portal = dataclasses.replace(portal, tasks=DirectTasks())
            setattr(portals, "current", lambda: portal)  # noqa: B010 - an AWS that is not ours runs none of our Lambda code
        load_demo(portal)
    except (BotoCoreError, ClientError, ValueError) as failure:
        print(failure, file=sys.stderr)
        raise LocalStackError("Le bureau n’a pas pu être préparé : la cause est ci-dessus.") from failure
    return portal


def provision_aws(settings: Settings, state: Path) -> None:
    """Create the missing tables, buckets, secrets and verified sender of this stage."""
    client: provisioning.ClientMaker = boto3.client
    provisioning.create_resources(client, settings.resource_prefix, stage=settings.stage)
    bank = {"paybox_public_keys": settings.paybox_public_keys}
    keys.put_secrets(client("ssm"), settings.stage, keys.local_secrets(state / "secrets.json") | bank)
    provisioning.verify_sender(client("sesv2"), load_town(settings.town_file).mail_from)
