"""A stage's clock, secrets and bank contract, made from its settings."""

from collections.abc import Mapping
from pathlib import Path

from chalicelib.clients import Clients
from chalicelib.clock import Clock, file_clock, system_clock
from chalicelib.payment.form import Merchant
from chalicelib.payment.notice import Bank
from chalicelib.payment.signature import split_keys
from chalicelib.stage_settings import Secrets, Settings


def stage_clock(settings: Settings) -> Clock:
    """Returns the system's clock, or the one that a file sets in a rehearsal."""
    return file_clock(Path(settings.clock_file)) if settings.clock_file else system_clock


def read_secrets(settings: Settings, clients: Clients, environ: Mapping[str, str]) -> Secrets:
    """Returns the stage's secrets from SSM parameters; PORTAIL_PAYBOX_HMAC_KEY, when set, has priority.

    Raises pydantic.ValidationError naming the missing ones (never their values).
    """
    pages = clients.ssm.get_paginator("get_parameters_by_path").paginate(
        Path=f"/portail-famille/{settings.stage}/", WithDecryption=True
    )
    texts = {one["Name"].rsplit("/", 1)[1]: one["Value"] for page in pages for one in page["Parameters"]}
    hmac_key = environ.get("PORTAIL_PAYBOX_HMAC_KEY")
    return Secrets.from_texts(texts | ({"paybox_hmac_key": hmac_key} if hmac_key else {}))


def bank_of(settings: Settings, secrets: Secrets) -> Bank:
    """Returns the town's contract with its bank; notices of the test platform are accepted outside production only."""
    merchant = Merchant(
        page_url=settings.paybox_url,
        site=settings.paybox_site,
        rang=settings.paybox_rang,
        identifiant=settings.paybox_identifiant,
        hmac_key=secrets.paybox_hmac_key,
    )
    return Bank(
        merchant=merchant,
        public_keys=split_keys(settings.paybox_public_keys or secrets.paybox_public_keys),
        sources=settings.bank_sources,
        tests_accepted=settings.stage != "prod",
    )
