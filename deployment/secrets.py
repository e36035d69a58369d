"""`python -m deployment.secrets create | rotate`: creates and rotates a stage's secrets in SSM, never printed."""

import argparse
import getpass
import re
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.payment.signature import split_keys
from local.keys import NAMES, new_key, parameter_path, put_secrets

HMAC_KEY = "paybox_hmac_key"
PUBLIC_KEYS = "paybox_public_keys"
BANK_SECRETS = (HMAC_KEY, PUBLIC_KEYS)
HMAC_KEY_FORMAT = re.compile(r"[0-9A-Fa-f]{128}", re.ASCII)

GRACE_DAYS = {"csrf": 1, "counting": 1, "activation": 90, "links": 397, "pepper": 365, PUBLIC_KEYS: 1}
"""Days after a rotation during which what the older generation signed or encoded is still in use."""

EXAMPLES = """examples:
  python -m deployment.secrets create --stage prod
  python -m deployment.secrets create paybox_hmac_key --stage prod        (asks for it, and does not echo it)
  python -m deployment.secrets create paybox_public_keys --stage prod < banque.pem
  python -m deployment.secrets rotate csrf --stage prod"""


class SecretsRefused(Exception):
    """A refused operation, in a sentence; nothing was changed."""


def main(arguments: Sequence[str] | None = None, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> int:
    """Returns 0 when done, 1 when refused; argparse exits with 2 on a usage error."""
    chosen = parse_arguments(arguments)
    try:
        ssm = boto3.client("ssm")
        if chosen.verb == "create":
            create(ssm, chosen.stage, chosen.names or list(NAMES))
        else:
            rotate(ssm, chosen.stage, chosen.name, now=now(), drop_older=chosen.drop_older)
    except (SecretsRefused, BotoCoreError) as refusal:
        # boto3 says by itself that it found neither credentials nor region, and holds no value of ours.
        print(f"Nothing was changed. {refusal}", file=sys.stderr)
        return 1
    except ClientError as refusal:
        print(f"AWS refused, and changed nothing: {refusal.response['Error']['Code']}", file=sys.stderr)
        return 1
    return 0


def parse_arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    known, form = (*NAMES, *BANK_SECRETS), argparse.RawDescriptionHelpFormatter
    options: dict[str, Any] = {"epilog": EXAMPLES, "formatter_class": form}
    parser = argparse.ArgumentParser(prog="python -m deployment.secrets", description=__doc__, **options)
    verbs = parser.add_subparsers(required=True, metavar="create|rotate", dest="verb")
    make = verbs.add_parser("create", help="make what does not exist yet; what exists is kept", **options)
    make.add_argument("names", nargs="*", metavar="NAME", help=f"{', '.join(known)}; by default the first five")
    renew = verbs.add_parser("rotate", help="put a fresh generation first, keep one older", **options)
    renew.add_argument("name", metavar="NAME", choices=known, help=", ".join(known))
    renew.add_argument("--drop-older", action="store_true", help="even if the oldest of the two may still be used")
    for verb in (make, renew):
        verb.add_argument("--stage", choices=("test", "prod"), required=True)
    chosen = parser.parse_args(arguments)
    unknown = set(getattr(chosen, "names", ())) - set(known)
    if unknown:
        make.error(f"unknown: {', '.join(sorted(unknown))} (known: {', '.join(known)})")
    return chosen


def create(ssm: Any, stage: str, names: Sequence[str]) -> None:
    """Create the secrets that the stage lacks. Raises SecretsRefused before anything is written."""
    lacking = [name for name in names if find(ssm, stage, name) is None]
    created = put_secrets(ssm, stage, {name: new_generation(name) for name in lacking})
    for name in names:
        print(f"{parameter_path(stage, name)}  {'created' if name in created else 'kept as it is'}")


def rotate(ssm: Any, stage: str, name: str, *, now: datetime, drop_older: bool) -> None:
    """Put a new generation before the current one, which stays accepted; Paybox's HMAC key is replaced.

    Raises SecretsRefused when there is none yet, or when the generation to drop may still be in use.
    """
    current = find(ssm, stage, name)
    if current is None:
        raise SecretsRefused(f"{parameter_path(stage, name)} does not exist yet: create it.")
    generations = split(name, current["Value"])
    ends = current["LastModifiedDate"] + timedelta(days=GRACE_DAYS.get(name, 0))
    if len(generations) > 1 and now < ends and not drop_older:
        raise SecretsRefused(f"{name} was rotated lately: its oldest generation may be used until {ends:%Y-%m-%d}.")
    text = join(name, [new_generation(name), *generations[:1]])
    ssm.put_parameter(Name=parameter_path(stage, name), Value=text, Type="SecureString", Overwrite=True)
    print(f"{parameter_path(stage, name)}  rotated, {len(split(name, text))} generation(s) accepted")
    print("Running containers keep what they read: restart them now (docs/exploitation.md, « Changer les clés »).")


def find(ssm: Any, stage: str, name: str) -> dict[str, Any] | None:
    try:
        found: dict[str, Any] = ssm.get_parameter(Name=parameter_path(stage, name), WithDecryption=True)["Parameter"]
    except ssm.exceptions.ParameterNotFound:
        return None
    return found


def split(name: str, text: str) -> list[str]:
    """Returns the generations of a secret, the current one first; none of the HMAC key: the bank has only one."""
    if name == HMAC_KEY:
        return []
    return list(split_keys(text)) if name == PUBLIC_KEYS else text.split()


def join(name: str, generations: list[str]) -> str:
    return ("\n" if name == PUBLIC_KEYS else " ").join(generations)


def new_generation(name: str) -> str:
    """Returns a new generation: random, or the bank's from standard input. Raises SecretsRefused if malformed."""
    if name not in BANK_SECRETS:
        return new_key()
    if name == HMAC_KEY:
        typed = (getpass.getpass("HMAC key: ") if sys.stdin.isatty() else sys.stdin.read()).strip()
        if not HMAC_KEY_FORMAT.fullmatch(typed):
            raise SecretsRefused("The bank's HMAC key is 128 hexadecimal digits.")
        return typed
    found = split_keys(sys.stdin.read())
    if not found:
        raise SecretsRefused("No public key (PEM, BEGIN PUBLIC KEY) was given on the standard input.")
    return "\n".join(found)


if __name__ == "__main__":
    sys.exit(main())
