"""`python -m deployment.secrets create | rotate`: makes and renews a stage's secrets in SSM, and never shows one."""

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
from local.keys import NAMES, fresh_key, give_secrets, parameter_path

HMAC_KEY = "paybox_hmac_key"
PUBLIC_KEYS = "paybox_public_keys"
OF_THE_BANK = (HMAC_KEY, PUBLIC_KEYS)
WHOLE_KEY = re.compile(r"[0-9A-Fa-f]{128}", re.ASCII)

STILL_USED = {"csrf": 1, "counting": 1, "activation": 90, "links": 365, "pepper": 365, PUBLIC_KEYS: 1}
"""Days after a rotation during which families, or the bank, may come with what the older generation made."""

EXAMPLES = """examples:
  python -m deployment.secrets create --stage prod
  python -m deployment.secrets create paybox_hmac_key --stage prod        (asks for it, and does not echo it)
  python -m deployment.secrets create paybox_public_keys --stage prod < banque.pem
  python -m deployment.secrets rotate csrf --stage prod"""


class SecretsRefused(Exception):
    """What was asked cannot be done, in a sentence; nothing was changed."""


def main(arguments: Sequence[str] | None = None, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> int:
    """Answers 0 when done, 1 when refused; argparse ends with 2 on what is typed wrong."""
    chosen = parse(arguments)
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


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    known, form = (*NAMES, *OF_THE_BANK), argparse.RawDescriptionHelpFormatter
    told: dict[str, Any] = {"epilog": EXAMPLES, "formatter_class": form}
    parser = argparse.ArgumentParser(prog="python -m deployment.secrets", description=__doc__, **told)
    verbs = parser.add_subparsers(required=True, metavar="create|rotate", dest="verb")
    make = verbs.add_parser("create", help="make what does not exist yet; what exists is kept", **told)
    make.add_argument("names", nargs="*", metavar="NAME", help=f"{', '.join(known)}; by default the first five")
    renew = verbs.add_parser("rotate", help="put a fresh generation first, keep one older", **told)
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
    """Make those of these secrets that the stage lacks. Raises SecretsRefused before anything is written."""
    lacking = [name for name in names if find(ssm, stage, name) is None]
    made = give_secrets(ssm, stage, {name: fresh(name) for name in lacking})
    for name in names:
        print(f"{parameter_path(stage, name)}  {'created' if name in made else 'kept as it is'}")


def rotate(ssm: Any, stage: str, name: str, *, now: datetime, drop_older: bool) -> None:
    """Put a fresh generation before the current one, which stays accepted; Paybox's HMAC key is replaced.

    Raises SecretsRefused when there is none yet, or when the generation that would go may still be used.
    """
    kept = find(ssm, stage, name)
    if kept is None:
        raise SecretsRefused(f"{parameter_path(stage, name)} does not exist yet: create it.")
    generations = split(name, kept["Value"])
    ends = kept["LastModifiedDate"] + timedelta(days=STILL_USED.get(name, 0))
    if len(generations) > 1 and now < ends and not drop_older:
        raise SecretsRefused(f"{name} was rotated lately: its oldest generation may be used until {ends:%Y-%m-%d}.")
    text = join(name, [fresh(name), *generations[:1]])
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
    """The generations of a secret, the current one first; the HMAC key has none, for the bank forgets its old one."""
    if name == HMAC_KEY:
        return []
    return list(split_keys(text)) if name == PUBLIC_KEYS else text.split()


def join(name: str, generations: list[str]) -> str:
    return ("\n" if name == PUBLIC_KEYS else " ").join(generations)


def fresh(name: str) -> str:
    """A new generation: drawn at random, or what the bank gave. Raises SecretsRefused when that is not whole."""
    if name not in OF_THE_BANK:
        return fresh_key()
    if name == HMAC_KEY:
        typed = (getpass.getpass("HMAC key: ") if sys.stdin.isatty() else sys.stdin.read()).strip()
        if not WHOLE_KEY.fullmatch(typed):
            raise SecretsRefused("The bank's HMAC key is 128 hexadecimal digits.")
        return typed
    found = split_keys(sys.stdin.read())
    if not found:
        raise SecretsRefused("No public key (PEM, BEGIN PUBLIC KEY) was given on the standard input.")
    return "\n".join(found)


if __name__ == "__main__":
    sys.exit(main())
